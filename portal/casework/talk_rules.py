"""What officers may do with a conversation, as data: whose turn it is and what stands against it.

`talk_acts` and `talk_merging` do what is allowed here; the same sentences stand under a grey
button and in a refusal.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AccessGrant, Conversation, Officer, Role, TalkState
from portal.access import scope
from portal.access.permissions import CASEWORKERS, SUPERVISORS
from portal.casework import correspondents
from portal.casework.lifecycle import Refused, lock
from portal.wording import _
from portal.wording import lazy as _l

# Whether something holds for a conversation and the officer who would act.
Fact = Callable[[Conversation, Officer], bool]


def is_hidden(talk: Conversation) -> bool:
    """Whether two officers agree that it is no complaint."""
    return talk.dismissal_agreed_by_id is not None


def is_asleep(talk: Conversation, now: datetime | None = None) -> bool:
    """Whether it was put off until later."""
    return talk.snooze_until is not None and talk.snooze_until > (now or datetime.now(UTC))


# --- facts, and what is said where one does not hold --------------------------------------------

FACTS: Mapping[str, tuple[Fact, Any]] = {
    "free": (
        lambda talk, me: talk.owner_id is None,
        _l("Percakapan ini sudah ada petugasnya."),
    ),
    "of_another": (
        lambda talk, me: talk.owner_id not in (None, me.id),
        _l("Percakapan ini tidak sedang dipegang petugas lain."),
    ),
    "mine": (
        lambda talk, me: talk.owner_id == me.id or me.role is Role.supervisor,
        _l("Hanya petugasnya atau supervisor yang dapat melakukan ini: ambil dahulu."),
    ),
    "going_on": (
        lambda talk, me: talk.state is not TalkState.done,
        _l("Percakapan ini sudah selesai."),
    ),
    "ended": (
        lambda talk, me: talk.state is TalkState.done,
        _l("Percakapan ini belum selesai."),
    ),
    "awake": (
        lambda talk, me: talk.snooze_until is None,
        _l("Percakapan ini sudah ditunda."),
    ),
    "asleep": (
        lambda talk, me: talk.snooze_until is not None,
        _l("Percakapan ini tidak sedang ditunda."),
    ),
    "chat": (
        lambda talk, me: talk.report_id is None,
        _l("Percakapan ini milik sebuah laporan: putuskan pada laporannya."),
    ),
    "serious": (
        lambda talk, me: talk.dismissed_at is None,
        _l("Percakapan ini sudah ditandai bukan pengaduan."),
    ),
    "doubted": (
        lambda talk, me: talk.dismissed_at is not None,
        _l("Percakapan ini tidak ditandai bukan pengaduan."),
    ),
    "to_agree": (
        lambda talk, me: talk.dismissed_at is not None and talk.dismissal_agreed_by_id is None,
        _l("Tidak ada usulan “bukan pengaduan” yang menunggu persetujuan."),
    ),
    "second": (
        lambda talk, me: talk.dismissed_by_id != me.id,
        _l("Petugas lain yang menyetujui, bukan pengusulnya sendiri."),
    ),
    "sender": (
        lambda talk, me: correspondents.can_be_known(talk.correspondent),
        _l("Percakapan ini tidak dari nomor atau alamat yang dikenal."),
    ),
    "identified": (
        lambda talk, me: (
            talk.correspondent is not None and talk.correspondent.checked_at is not None
        ),
        _l("Identitas pengirim belum diperiksa."),
    ),
    "unlinked": (
        lambda talk, me: not talk.links,
        _l("Percakapan ini terhubung dengan laporan atau kasus: lepaskan dahulu."),
    ),
    "split_off": (
        lambda talk, me: talk.split_from_id is not None,
        _l("Percakapan ini tidak dipisahkan dari percakapan lain."),
    ),
    "merged": (
        lambda talk, me: talk.merged_into_id is not None,
        _l("Percakapan ini tidak digabungkan ke percakapan lain."),
    ),
}

# act → who may, and the facts that must hold.
REQUIRED: Mapping[str, tuple[frozenset[Role], tuple[str, ...]]] = {
    "take": (CASEWORKERS, ("free",)),
    "take_over": (CASEWORKERS, ("of_another",)),
    "hand_over": (CASEWORKERS, ("mine", "going_on")),
    "finish": (CASEWORKERS, ("going_on", "mine")),
    "reopen": (CASEWORKERS, ("ended",)),
    "snooze": (CASEWORKERS, ("going_on", "awake", "mine")),
    "wake": (CASEWORKERS, ("asleep",)),
    "label": (CASEWORKERS, ()),
    "link": (CASEWORKERS, ()),
    "unlink": (CASEWORKERS, ()),
    "check_identity": (CASEWORKERS, ("mine", "sender")),
    "uncheck_identity": (CASEWORKERS, ("mine", "sender", "identified")),
    "dismiss": (CASEWORKERS, ("chat", "serious", "unlinked")),
    "agree": (CASEWORKERS, ("to_agree", "second")),
    "restore": (CASEWORKERS, ("doubted",)),
    "merge": (SUPERVISORS, ("chat",)),
    "unmerge": (SUPERVISORS, ("merged",)),
    "split": (SUPERVISORS, ("chat",)),
    "rejoin": (SUPERVISORS, ("split_off",)),
}


def obstacles(talk: Conversation, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not do `act` with this conversation now; empty when they may.

    Raises KeyError for an act that does not exist.
    """
    who, facts = REQUIRED[act]
    if not officer.active or officer.role not in who:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if talk.erased_at is not None:
        return [_("Tindakan ini tidak berlaku untuk keadaan sekarang.")]
    if talk.merged_into_id is not None and act != "unmerge":
        return [_("Percakapan ini digabungkan ke percakapan lain: lanjutkan di sana.")]
    return [str(FACTS[one][1]) for one in facts if not FACTS[one][0](talk, officer)]


def permit(
    session: Session, talk: Conversation, act: str, officer: Officer, version: int | None = None
) -> None:
    """Lock the conversation for `act`. Raises Refused, or Stale where `version` is no longer."""
    lock(session, talk, version)
    refuse_passing(session, talk, officer)
    if sentences := obstacles(talk, act, officer):
        raise Refused(*sentences)


def refuse_passing(session: Session, talk: Conversation, officer: Officer) -> None:
    """An emergency access is over in some hours: it reads a conversation, and whoever has nothing
    else to do with it gets it not for good, by taking or by linking it. Raises Refused."""
    if talk.owner_id == officer.id or (talk.owner_id is None and officer.role is Role.petugas):
        return
    with scope.system(session):
        about = [one.case or (one.report.case if one.report else None) for one in talk.links]
        about.append(talk.report.case if talk.report else None)
        cases = [one for one in about if one is not None]
    passing = select(AccessGrant.id).where(
        AccessGrant.officer_id == officer.id,
        AccessGrant.case_id.in_([one.id for one in cases]),
        AccessGrant.until > func.current_timestamp(),
        AccessGrant.ended_at.is_(None),
    )
    if any(scope.keeps(session, officer, one) for one in cases):
        return
    if session.scalar(passing.limit(1)) is not None:
        raise Refused(_("Dengan akses darurat percakapan hanya dapat dibaca."))
