"""What an undangan or pemanggilan says: who is asked to come, when, where and what for.

It may be found by others in the house of a victim, so it names neither the matter nor a case there.
Who is accused reads which case it is about, and the harmed as initials whatever the setting says.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import Invitation, Invited, LetterKind, Officer, Role
from portal.indonesia.dates import clock_time, local_date, weekday_date
from portal.letters import office
from portal.letters.entry import About, Content, Entry
from portal.letters.gaps import Gap
from portal.letters.kinds import INITIALS
from portal.letters.said import Said, lines, texts
from portal.letters.signatories import Signer, signer, today, unsigned
from portal.protection import audit_writing
from portal.wording import _, speaking

KIND = LetterKind.surat_undangan
ISSUERS = frozenset({Role.supervisor, Role.konselor, Role.pendamping})
SUBJECTS = {Invited.undangan: "Undangan", Invited.pemanggilan: "Pemanggilan"}
SUMMONS = "Bersama ini kami memanggil Saudara untuk hadir pada"


def content(session: Session, invitation: Invitation, actor: Officer) -> Content:
    """The letter but for number and date, which `register.issue` adds.

    Raises LetterError where nobody active signs.
    """
    said = texts(session, KIND)
    summoned = invitation.form is Invited.pemanggilan
    with speaking("id"):
        return office.common(said) | {
            "subject": SUBJECTS[invitation.form],
            "enclosure": "-",
            "addressee": [f"Yth. {invitation.invitee}", *_where(invitation.address)],
            "opening": SUMMONS if summoned else said["opening"],
            "event": _event(invitation, said),
            "closing": said["closing"],
            "signatory": signing(session, invitation, actor).printed(),
            "copy_to": lines(said["copies"]),
        }


def signing(session: Session, invitation: Invitation, actor: Officer) -> Signer:
    """Who signs: who the list names today, else the head, else whoever issues it."""
    head = office.head(session, invitation.case)
    return signer(session, KIND, invitation.case, head or actor, today(session))


def _where(address: str | None) -> Sequence[str]:
    return lines(address or "") or ["di tempat"]


def _event(invitation: Invitation, said: Said) -> list[list[str]]:
    rows = [
        ["Hari, tanggal", weekday_date(local_date(invitation.at))],
        ["Pukul", clock_time(invitation.at)],
        ["Tempat", invitation.place],
        ["Acara", invitation.purpose],
        ["Yang dibawa", invitation.bring or ""],
        ["Perkara", _matter(invitation, said) if invitation.suspect_id else ""],
    ]
    return [[name, value] for name, value in rows if value]


def _matter(invitation: Invitation, said: Said) -> str:
    """The case, the harmed as initials: for who is accused."""
    case, short = invitation.case, {**said, "names": INITIALS}
    harmed = ", ".join(office.victim_name(one, short) for one in case.victims)
    return f"Kasus Nomor {case.number} (korban: {harmed})" if harmed else f"Kasus {case.number}"


def missing(session: Session, invitation: Invitation, actor: Officer) -> list[Gap]:
    """What stands in the way of the letter, a sentence each, nobody named."""
    gaps = []
    if invitation.cancelled_at is not None:
        gaps.append(Gap(_("Undangan ini sudah dibatalkan."), "invitation", "view", invitation.id))
    if invitation.at <= audit_writing.now(session):
        gaps.append(Gap(_("Waktunya sudah lewat."), "invitation", "edit", invitation.id))
    return gaps + unsigned(lambda: signing(session, invitation, actor))


ENTRY = Entry(KIND, Invitation, content, missing, lambda one: About(one.case), ISSUERS)
