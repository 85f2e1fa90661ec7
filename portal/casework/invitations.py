"""Asking somebody to come: what must hold before an undangan or pemanggilan is written down.

A letter that goes to the home of a victim asks the agreement on safe contact like every way out of
the office, and what it says there names no matter. Against the agreement stands only a written
reason, kept as an attempt to reach them.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    ContactAttempt,
    ContactState,
    Handing,
    Invitation,
    Invited,
    Letter,
    LetterKind,
    LetterState,
    Officer,
    Person,
    Role,
)
from portal.access import scope
from portal.casework import contact, contact_text, timing
from portal.casework.contact_words import CAUTIONS, LETTER, TRUSTED, VISIT, Obstacle
from portal.casework.lifecycle import Refused, lock
from portal.indonesia import names
from portal.letters import naming, register, surat_undangan
from portal.letters.gaps import Gap
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

C = CaseStatus
RUNNING = {C.approved, C.outreach, C.handling, C.termination_proposed, C.monitoring}
CLOSED = _l("Undangan hanya untuk kasus yang sedang ditangani.")
# How the letter is handed over → the way it leaves by; nothing leaves where they fetch it.
WAYS = {Handing.diantar: VISIT, Handing.pos: LETTER, Handing.lembaga: TRUSTED}
TO_AN_ADDRESS = (Handing.diantar, Handing.pos)
TEXTS = ("purpose", "place", "bring")
# What stands on the envelope as well, for whoever is in the house.
ENVELOPE = ("invitee", "address")
Faults = dict[str, str]


def faults(
    session: Session, row: Invitation, now: datetime, outside_hours: bool, reason: str | None
) -> Faults:
    """What is wrong with an invitation: field → sentence; empty when it may be stored.

    `outside_hours`: its hour is meant although the office is closed then; `reason`: why it goes
    against the agreement on safe contact. Fills in the name of whoever is invited.
    """
    if row.cancelled_at is not None or issued(session, row) is not None:
        return {"": _("Undangan yang suratnya terbit atau yang dibatalkan tidak dapat diubah.")}
    row.invitee = (row.invitee or "").strip() or _name(row)
    return (
        _whom(row)
        | _text_faults(row)
        | _way_faults(row)
        | _hour_faults(session, row, now, outside_hours)
        | _contact_faults(session, row, now, reason)
    )


def _name(row: Invitation) -> str:
    person = invited_person(row)
    if person is not None:
        return person.name or person.alias or ""
    return row.partner.name if row.partner else ""


def invited_person(row: Invitation) -> Person | None:
    """The victim or the accused who is invited; None for others."""
    invited = row.victim or row.suspect
    return invited.person if invited is not None else None


def _whom(row: Invitation) -> Faults:
    found: Faults = {}
    if row.case.status not in RUNNING:
        found["case"] = str(CLOSED)
    if row.victim is not None and row.suspect is not None:
        found["suspect"] = _("Pilih korban atau terlapor, bukan keduanya.")
    elif row.victim is not None and row.victim.case_id != row.case.id:
        found["victim"] = _("Korban ini bukan bagian dari kasus tersebut.")
    elif row.suspect is not None and row.suspect.case_id != row.case.id:
        found["suspect"] = _("Terlapor ini bukan bagian dari kasus tersebut.")
    if row.suspect is None and row.form is Invited.pemanggilan:
        found["form"] = _("Hanya terlapor yang dipanggil; yang lain diundang.")
    if row.suspect is not None and row.form is not Invited.pemanggilan:
        found["form"] = _("Terlapor dipanggil dengan surat pemanggilan.")
    if not row.invitee:
        found["invitee"] = _("Tuliskan nama yang diundang.")
    elif _is_a_victim(row):
        found["invitee"] = _(
            "Ini nama korban: pilih korbannya di atas, agar kesepakatannya berlaku."
        )
    return found


def _is_a_victim(row: Invitation) -> bool:
    """Whether somebody who was not chosen as one bears a victim's name, and none of their own."""
    if row.victim is not None or (row.suspect is not None and row.invitee == _name(row)):
        return False
    people = [one.person for one in row.case.victims]
    called = [name for one in people for name in (one.name, one.alias) if name]
    return any(names.namesakes(row.invitee or "", name) for name in called)


def _text_faults(row: Invitation) -> Faults:
    """To a victim no word of the matter; to others no name of a victim."""
    return {
        name: sentence
        for name in (*TEXTS, *(ENVELOPE if row.victim else ()))
        if (sentence := _against(row, str(getattr(row, name) or "")))
    }


def _against(row: Invitation, text: str) -> str:
    if row.victim is None:
        named = naming.identifies(text, [one.person for one in row.case.victims])
        return _("Teks ini menyebut nama, nomor, atau alamat korban.") if named else ""
    words = [word for code, word in contact_text.findings(text) if code == "text_matter"]
    told = ", ".join(f"\u201c{word}\u201d" for word in words)
    return (
        _("Surat kepada korban tidak menyebut masalahnya: %(words)s.", words=told) if told else ""
    )


def _way_faults(row: Invitation) -> Faults:
    found: Faults = {}
    if row.handing in TO_AN_ADDRESS and not row.address:
        found["address"] = _("Isi alamat tujuan surat.")
    if row.handing is Handing.lembaga and row.partner is None:
        found["partner"] = _("Pilih lembaga yang menyampaikan surat.")
    return found


def _hour_faults(session: Session, row: Invitation, now: datetime, meant: bool) -> Faults:
    if row.at <= now:
        return {"at": _("Waktu ini sudah lewat.")}
    if meant or timing.of(session).office.is_open(row.at):
        return {}
    told = _("Ini di luar jam kerja atau pada hari libur. Centang di bawah bila memang demikian.")
    return {"at": told}


# --- safe contact -------------------------------------------------------------------------------


def concerned(row: Invitation) -> list[Person]:
    """Whose agreement counts: that of the victim who is invited, and of those to whose home a
    letter for somebody else goes. Of the accused who live there `cautions` tells."""
    if row.victim is not None:
        return [row.victim.person]
    if row.suspect is not None or row.handing not in TO_AN_ADDRESS:
        return []
    people = [one.person for one in row.case.victims]
    return [one for one in people if naming.has_address(row.address, one)]


def obstacles(row: Invitation, now: datetime) -> list[Obstacle]:
    """What victims agreed against this way of handing the letter over at `now`, each once."""
    channel = WAYS.get(row.handing)
    people = concerned(row) if channel is not None else []
    each = (contact.found(one.safe_contact, channel or "", now) for one in people)
    return list({one.code: one for against in each for one in against}.values())


def _contact_faults(session: Session, row: Invitation, now: datetime, reason: str | None) -> Faults:
    against = [] if (reason or "").strip() else _unsettled(session, row, now)
    if not against:
        return {}
    told = dict.fromkeys(one.sentence for one in against)
    return {"contact_reason": " ".join([*told, _("Tuliskan alasannya bila tetap perlu.")])}


def _unsettled(session: Session, row: Invitation, now: datetime) -> list[Obstacle]:
    """The obstacles against which no reason stands yet, since the invitation was written down."""
    against = obstacles(row, now)
    settled = {code for one in _attempts(session, row) for code in one.obstacles}
    return [one for one in against if one.code not in settled]


def _attempts(session: Session, row: Invitation) -> list[ContactAttempt]:
    people, channel = concerned(row), WAYS.get(row.handing)
    if row.id is None or not people or channel is None:
        return []
    made = select(ContactAttempt).where(
        ContactAttempt.case_id == row.case_id,
        ContactAttempt.person_id.in_([one.id for one in people]),
        ContactAttempt.channel == channel,
        ContactAttempt.state != ContactState.refused,
        ContactAttempt.at >= row.created_at,
    )
    return list(session.scalars(made))


def permit(
    session: Session, row: Invitation, officer: Officer, now: datetime, reason: str | None
) -> None:
    """The gate before a letter is sent to a victim or to their home: the attempt, as it is kept,
    of whoever's agreement is against it.

    Raises NotPermitted where the agreement is against it and no reason is written.
    """
    channel, people = WAYS.get(row.handing), concerned(row)
    if not people or channel is None:
        return
    against = _unsettled(session, row, now)
    if against or not _attempts(session, row):
        whose = (one for one in people if contact.found(one.safe_contact, channel, now))
        wish = contact.Wish(next(whose, people[0]), channel, officer, now, row.case)
        contact.settle(session, wish, against, reason)


def gaps(session: Session, row: Invitation, now: datetime) -> list[Gap]:
    """What the agreement has against the letter by now, hours left aside: it only goes later."""
    told = [one for one in _unsettled(session, row, now) if one.code != "closed_window"]
    return [Gap(one.sentence, "invitation", "edit", row.id) for one in told]


def cautions(row: Invitation) -> list[str]:
    """What to mind when the letter leaves for a victim, or for who lives with one."""
    if row.suspect is not None and row.suspect.same_household:
        return [_("Terlapor serumah dengan korban: pastikan korban aman sebelum surat ini sampai.")]
    channel = WAYS.get(row.handing)
    return [str(CAUTIONS[channel])] if row.victim is not None and channel in CAUTIONS else []


# --- calling it off -----------------------------------------------------------------------------


def issued(session: Session, row: Invitation) -> Letter | None:
    """The valid letter made from an invitation, whoever looks."""
    if row.id is None:
        return None
    made = select(Letter).where(
        Letter.kind == LetterKind.surat_undangan,
        Letter.source_id == row.id,
        Letter.state == LetterState.valid,
    )
    with scope.system(session), session.no_autoflush:
        return session.scalar(made.limit(1))


def cancel_obstacles(session: Session, row: Invitation, officer: Officer) -> list[str]:
    """Why `officer` may not call it off now; empty when they may."""
    if officer.role not in surat_undangan.ISSUERS:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if row.cancelled_at is not None:
        return [_("Undangan ini sudah dibatalkan.")]
    if officer.role is not Role.supervisor and issued(session, row) is not None:
        return [_("Suratnya sudah terbit: hanya supervisor yang dapat membatalkannya.")]
    return []


def cancel(
    session: Session,
    row: Invitation,
    actor: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Call an invitation off; a letter that went out for it is void with the same reason.

    Raises Refused for whom it is not, Stale where somebody was faster.
    """
    case: Case = row.case
    lock(session, case)
    lock(session, row, version)
    stops = cancel_obstacles(session, row, actor)
    if stops:
        raise Refused(*stops)
    row.cancelled_at, row.cancel_reason = now, reason
    letter = issued(session, row)
    if letter is not None:
        lock(session, letter)
        register.void(session, letter, reason, actor, now)
    session.flush()
    audit.record(session, "invitation_cancelled", actor, row)
