"""What the surat persetujuan says: who allows the office what with whose data, and what not.

It may be printed before anything was agreed to: the columns are then left for a cross by hand.
UU 27/2022 art. 20 to 22 (basis and form of consent), 6, 7 and 9 (rights).
"""

from typing import Any

from sqlalchemy.orm import Session

from models import Consent, LetterKind, Officer
from portal.access.permissions import CASEWORKERS
from portal.indonesia.dates import long_date
from portal.letters import forms, office
from portal.letters.entry import About, Entry
from portal.letters.forms import Names, Row, asked, present, told
from portal.letters.gaps import Gap
from portal.letters.office import Labels
from portal.letters.said import Said, lines, texts
from portal.wording import _, speaking

KIND = LetterKind.surat_persetujuan
TO_FILL = "_" * 40
YES, NO = ["X", ""], ["", "X"]
# The column of a consent → what is agreed to.
PURPOSES = {
    "for_services": "Data dipakai untuk memberi layanan kepada korban.",
    "for_sharing": "Data yang diperlukan diberikan kepada lembaga yang disebut di bawah.",
    "for_statistics": "Data tanpa identitas dihitung dalam statistik.",
}
RIGHTS = (
    "Anda berhak menarik kembali persetujuan ini, melihat data Anda, meminta salinannya, dan "
    "membetulkannya (Undang-Undang Nomor 27 Tahun 2022 Pasal 6, 7, dan 9)."
)


def content(session: Session, consent: Consent, actor: Officer) -> dict[str, Any]:
    """The letter's content but for number and date, which `register.issue` adds."""
    said, labels, victim = texts(session, KIND), Labels(session), consent.victim
    about = _about(consent)
    asks = None if _is_open(consent) else consent.recorded_by
    names, takes = Names(said), forms.hand(session, about.subject, actor, asks)
    with speaking("id"):
        return office.common(said) | {
            "title": "Surat persetujuan",
            "opening": said["opening"],
            "giver": _giver(consent, names, labels),
            "victim": [
                ["Nama", names(victim.person)],
                asked("Jenis kelamin", labels("sex", victim.person.sex)),
                asked("Usia", forms.age(victim)),
            ],
            "open": _is_open(consent),
            "purposes": _purposes(consent),
            "partners": _partners(consent),
            "withhold": consent.withhold or "",
            "basis": labels("legal_basis", consent.legal_basis) if consent.legal_basis else "",
            "rights": f"{RIGHTS} {_where(said)}",
            "closing": said["closing"],
            "copy_to": lines(said["copies"]),
            "signatory": forms.signatory(takes),
            "left": forms.side("Yang memberi persetujuan", name=_signs(consent, names)),
            "right": forms.side("Petugas", takes),
            "witness": forms.side("Saksi"),
        }


def missing(session: Session, consent: Consent, actor: Officer) -> list[Gap]:
    """A consent that was taken back altogether is signed by nobody any more."""
    about = _about(consent)
    if consent.withdrawn_at is None:
        return forms.erased(about.subject)
    gone = Gap(
        _("Persetujuan ini sudah dicabut. Bila setuju lagi, catat persetujuan baru."),
        *("consent", "view", consent.id),
    )
    return forms.erased(about.subject) or [gone]


def _giver(consent: Consent, names: Names, labels: Labels) -> list[Row]:
    given = long_date(consent.given_on) if consent.given_on else ""
    return present(
        ["Nama", _giver_name(consent, names) or TO_FILL],
        asked("Bertindak sebagai", labels("consent_giver", consent.given_by)),
        told("Tanggal persetujuan", given),
    )


def _giver_name(consent: Consent, names: Names) -> str:
    """Who gives it; initials where the office names nobody in full."""
    person = consent.victim.person
    if consent.given_by == "sendiri":
        return names(person)
    guardian = person.guardian if consent.given_by == "wali" else None
    if consent.giver_name:
        return names.short(consent.giver_name)
    return names(guardian) if guardian else ""


def _signs(consent: Consent, names: Names) -> str:
    """The name under the line; a line alone where names stand as initials or nobody knows it."""
    person = consent.victim.person
    if consent.given_by == "sendiri":
        return names.signs(person)
    if consent.giver_name:
        return consent.giver_name if names.full else ""
    return names.signs(person.guardian if consent.given_by == "wali" else None)


def _partners(consent: Consent) -> str:
    """The institutions, a line each; where several stand they are counted."""
    if not consent.for_sharing and not _is_open(consent):
        return ""
    return forms.counted([str(one) for one in consent.partners])


def _is_open(consent: Consent) -> bool:
    """Whether nothing was agreed to or refused yet, so that a pen decides."""
    return not consent.withdrawn and not any(getattr(consent, flag) for flag in PURPOSES)


def _purposes(consent: Consent) -> list[Row]:
    if _is_open(consent):
        return [[text, "", ""] for text in PURPOSES.values()]
    return [[text, *(YES if getattr(consent, flag) else NO)] for flag, text in PURPOSES.items()]


def _where(said: Said) -> str:
    unit = said["kop_unit"] or said["kop_office"]
    return f"Disampaikan secara lisan atau tertulis kepada {unit}, {said['kop_contact']}."


def _about(consent: Consent) -> About:
    return About(consent.victim.case, consent.victim.report)


ENTRY = Entry(KIND, Consent, content, missing, _about, CASEWORKERS)
