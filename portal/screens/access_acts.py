"""The acts on officers, their roles, exclusions and emergency accesses, as a table."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import AccessGrant, Decision, Exclusion, Officer, RoleChange
from portal import labels
from portal.casework import conflicts, grants, leaving, roles, signing_held
from portal.screens import access_forms, act_forms, edge
from portal.screens.act import Act, Obstacles, Words
from portal.screens.act_doing import Do, bare, with_why
from portal.wording import _
from portal.wording import lazy as _l


def exclude(
    db: Session, subject: Any, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    """The officer who was chosen is kept out."""
    chosen, kind = form.officer.chosen, form.kind.data
    conflicts.exclude(db, subject, who, at, chosen, kind, form.reason.data, version)


def _disable(
    db: Session, row: Officer, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    leaving.disable(db, row, who, at, form.to.chosen if form.to.data else None)


def _ask_for_role(
    db: Session, row: Officer, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    roles.ask_for_role(db, row, who, at, form.role.data, form.why)


def _activate(
    db: Session, row: Officer, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    roles.ask_for_activation(db, row, who, at, form.note.data)


def _decide(decision: Decision) -> Do:
    def do(
        db: Session, row: RoleChange, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        roles.decide(db, row, who, at, decision, version)

    return do


def _role(row: Officer, officer: Officer) -> dict[str, Any]:
    """Not how many cases: the figure would tell an admin whose names stand in them."""
    waiting = signing_held.signatures_of(edge.session(), row)
    facts = [(_("Peran"), labels.label(row.role))]
    return {"facts": [*facts, (_("Surat yang menunggu tanda tangannya"), waiting)]}


def _request(row: RoleChange, officer: Officer) -> dict[str, Any]:
    facts = [
        (_("Petugas"), row.officer.name),
        (_("Permintaan"), labels.label(row.kind)),
        (_("Peran sekarang"), labels.label(row.officer.role)),
        (_("Peran yang diminta"), labels.label(row.role)),
        (_("Diminta oleh"), row.asked_by.name),
        (_("Alasan"), row.reason or "–"),
    ]
    return {"facts": facts}


EXCLUDE = Act(
    access_forms.ExcludeForm,
    exclude,
    _l(
        "Petugas itu tidak dapat lagi menemukan, membuka, atau ditugasi dalam urusan ini. Surat "
        "yang menunggu tanda tangannya lalu tampil di meja tanda tangan supervisor untuk diganti."
    ),
)
ACTS: dict[str, dict[str, Act]] = {
    "exclusion": {
        "lift": Act(
            act_forms.ReasonForm,
            with_why(conflicts.lift),
            _l("Petugas itu dapat lagi meneruskan urusan ini menurut perannya."),
        ),
    },
    "access_grant": {
        "end": Act(
            act_forms.ConfirmForm, bare(grants.end), _l("Kasus ini segera tertutup baginya.")
        ),
    },
    "role_change": {
        "approve": Act(
            act_forms.ConfirmForm,
            _decide(Decision.approved),
            _l("Permintaan ini segera berlaku."),
            _request,
        ),
        "refuse": Act(
            act_forms.ConfirmForm,
            _decide(Decision.refused),
            _l("Tidak ada yang berubah."),
            _request,
        ),
    },
    "officer": {
        "disable": Act(
            access_forms.DisableForm,
            _disable,
            _l(
                "Aksesnya segera berakhir dan pekerjaannya yang terbuka diserahkan kepada rekan. "
                "Surat yang menunggu tanda tangannya diganti supervisor, yang segera diberi tahu."
            ),
            _role,
        ),
        "change_role": Act(
            access_forms.RoleForm,
            _ask_for_role,
            _l("Berlaku setelah disetujui admin kedua. Pekerjaan peran lama lalu diserahkan."),
        ),
        "activate": Act(
            act_forms.NoteForm,
            _activate,
            _l("Petugas dapat masuk setelah disetujui admin kedua."),
        ),
    },
}
WORDS: dict[str, dict[str, Words]] = {
    "exclusion": {"lift": Words(_l("Cabut pengecualian"), _l("Pengecualian dicabut"))},
    "access_grant": {"end": Words(_l("Akhiri akses"), _l("Akses diakhiri"), grave=True)},
    "role_change": {
        "approve": Words(_l("Setujui"), _l("Permintaan disetujui")),
        "refuse": Words(_l("Tolak"), _l("Permintaan ditolak"), grave=True),
    },
    "officer": {
        "disable": Words(_l("Nonaktifkan"), _l("Petugas dinonaktifkan"), grave=True),
        "change_role": Words(
            _l("Ubah peran"), _l("Perubahan peran menunggu persetujuan admin kedua")
        ),
        "activate": Words(_l("Aktifkan"), _l("Aktivasi menunggu persetujuan admin kedua")),
    },
}
OBSTACLES: dict[type[Any], Obstacles] = {
    Exclusion: lambda row, act, officer: conflicts.obstacles(row, officer),
    AccessGrant: lambda row, act, officer: grants.obstacles(row, officer),
    RoleChange: lambda row, act, officer: roles.obstacles(row, officer),
    Officer: roles.officer_obstacles,
}
