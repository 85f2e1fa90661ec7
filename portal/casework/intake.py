"""Intake: a report arrives, and words go back and forth about it.

`receive` is the one door for every channel. What it writes stands or falls together: report,
people, safe contact, files, event, notice and audit entry; whoever calls it commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Attachment,
    CaseEvent,
    Channel,
    Direction,
    IdentityCard,
    Message,
    Officer,
    Person,
    Report,
    Reporter,
    Role,
    SafeContact,
    Suspect,
    Victim,
)
from portal import notices
from portal.casework import receipts
from portal.casework.arrival import Accused, Arrival, FileFacts, Harmed, PersonFacts
from portal.casework.receipts import Receipt
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import lazy as _l

NUMBER = "LP-{year}-{id:06d}"
EVENTS = {
    "received": _l("Laporan diterima"),
    "message_in": _l("Pesan dari pelapor"),
    "message_out": _l("Jawaban untuk pelapor"),
    "note": _l("Catatan intern"),
}
PLAIN = ("narrative", "wishes", "incident_date", "incident_precision", "incident_time")
PLAIN += ("place_kind", "place", "region_code", "outside_city", "danger_now")
PLAIN += ("identity_card_reason", "consents_to_processing", "call_kind", "forwarded_at")
PLAIN += ("forwarded_to_id", "referring_institution", "referring_letter")


# --- a report arrives ---------------------------------------------------------------------


def receive(
    session: Session,
    arrival: Arrival,
    *,
    token: str | None = None,
    officer: Officer | None = None,
    now: datetime,
) -> Receipt:
    """Make one report of `arrival` and return its receipt.

    Args:
        token: of the form it came by. The same token again, even at the same moment, makes no
            second report but returns the first one's receipt (`repeated`).
        officer: who typed it in, None when nobody did.
        now: aware; the clock starts at `arrival.received_at`, or now.
    """
    token = token or receipts.new_token()
    if earlier := _sent_with(session, token):
        return _receipt(earlier, token, repeated=True)
    try:
        with session.begin_nested():
            report = _new_report(session, arrival, token, officer, now)
    except IntegrityError:
        winner = _sent_with(session, token)
        if winner is None:
            raise
        return _receipt(winner, token, repeated=True)
    _announce(session, report, officer, now)
    return _receipt(report, token)


def receipt_again(session: Session, token: str, now: datetime) -> Receipt | None:
    """The receipt of the form sent with `token`, for fifteen minutes; then None."""
    report = _sent_with(session, token)
    if report is None or not receipts.still_shown(report.created_at, now):
        return None
    return _receipt(report, token, repeated=True)


def was_sent(session: Session, token: str) -> bool:
    """Whether a report was made with this form token, however long ago."""
    return _sent_with(session, token) is not None


def _sent_with(session: Session, token: str) -> Report | None:
    wanted = select(Report).where(Report.token_hash == receipts.token_hash(token))
    return session.scalar(wanted)


def _receipt(report: Report, token: str, repeated: bool = False) -> Receipt:
    return Receipt(
        number=report.number,
        code=receipts.code_for(token),
        received_at=report.received_at,
        report_id=report.id,
        repeated=repeated,
    )


def _new_report(
    session: Session, arrival: Arrival, token: str, officer: Officer | None, now: datetime
) -> Report:
    report = _row(arrival, token, officer, now)
    session.add(report)
    session.flush()
    # The number is the primary key's, so that simultaneous reports never meet in a counter.
    report.number = NUMBER.format(year=dates.local(now).year, id=report.id)
    teller = _add_reporter(session, report, arrival)
    _add_victims(session, report, arrival, teller)
    for accused in arrival.suspects:
        session.add(_suspect(report, accused))
    _attach(session, report, arrival.files)
    session.flush()
    return report


def _row(arrival: Arrival, token: str, officer: Officer | None, now: datetime) -> Report:
    hashed = receipts.token_hash(token)
    card = arrival.identity_card
    return Report(
        number=f"~{hashed[:28]}",
        channel=Channel(arrival.channel),
        received_at=arrival.received_at or now,
        created_at=now,
        entered_by=officer,
        token_hash=hashed,
        receipt_hash=receipts.code_hash(receipts.code_for(token)),
        identity_card=IdentityCard(card) if card else None,
        violence_kinds=list(arrival.violence_kinds),
        previously_reported=list(arrival.previously_reported),
        **{name: getattr(arrival, name) for name in PLAIN},
    )


def _add_reporter(session: Session, report: Report, arrival: Arrival) -> Person | None:
    """The person who tells, who may be one of the harmed; None where nobody was named."""
    if arrival.reporter is None and arrival.safe_contact is None:
        return None
    person = Person(**_person_columns(_teller_facts(arrival)))
    if arrival.safe_contact:
        person.safe_contact = SafeContact(**arrival.safe_contact.columns())
    session.add(
        Reporter(
            report=report, person=person, relation=arrival.relation, anonymous=arrival.anonymous
        )
    )
    return person


def _teller_facts(arrival: Arrival) -> PersonFacts:
    """What the reporter said of themselves, completed by what they said as the harmed one."""
    facts = arrival.reporter or PersonFacts()
    for harmed in arrival.victims:
        if harmed.is_reporter:
            facts = replace(facts, **harmed.person.known())
    return facts


def _person_columns(facts: PersonFacts) -> dict[str, object]:
    return {"disabilities": [], **facts.known()}


def _add_victims(session: Session, report: Report, arrival: Arrival, teller: Person | None) -> None:
    for harmed in arrival.victims:
        own = teller if harmed.is_reporter else None
        person = own or Person(**_person_columns(harmed.person))
        session.add(_victim(report, arrival, harmed, person))


def _victim(report: Report, arrival: Arrival, harmed: Harmed, person: Person) -> Victim:
    return Victim(
        report=report,
        person=person,
        age_at_incident=_age(person, arrival),
        violence_kinds=list(harmed.violence_kinds or arrival.violence_kinds),
        tppo_kinds=[],
        tpks_kinds=[],
        needs=[],
        condition=harmed.condition,
        wishes=harmed.wishes,
    )


def _age(person: Person, arrival: Arrival) -> int | None:
    """Age at the incident, from the birth date where the day is known, else as estimated."""
    day = arrival.incident_date
    if person.birth_date and day and person.birth_date <= day:
        return min(dates.age_on(person.birth_date, day), 130)
    return person.estimated_age


def _suspect(report: Report, accused: Accused) -> Suspect:
    columns = _person_columns(accused.person)
    return Suspect(
        report=report,
        person=Person(**columns) if accused.person.known() else None,
        relation=accused.relation,
        same_household=accused.same_household,
        description=accused.description,
    )


def _announce(session: Session, report: Report, officer: Officer | None, now: datetime) -> None:
    _event(session, report, "received", officer, now)
    audit.record(session, "report_received", officer, report, channel=report.channel.value)
    notices.tell(
        session, notices.all_in(session, Role.petugas), "report_new", report=report, but=officer
    )
    session.flush()


def _event(
    session: Session, report: Report, kind: str, officer: Officer | None, now: datetime
) -> None:
    session.add(CaseEvent(report=report, kind=kind, actor=officer, at=now))


def _attach(
    session: Session,
    report: Report,
    files: Iterable[FileFacts],
    message: Message | None = None,
    officer: Officer | None = None,
) -> None:
    for file in files:
        session.add(
            Attachment(
                report=report,
                case=report.case,
                message=message,
                kind=file.kind,
                filename=file.filename,
                mime=file.mime,
                size=file.size,
                sha256=file.sha256,
                storage_key=file.storage_key,
                uploaded_by=officer,
            )
        )


# --- words go back and forth ------------------------------------------


def answer(
    session: Session,
    report: Report,
    officer: Officer,
    text: str,
    now: datetime,
    files: Sequence[FileFacts] = (),
) -> Message:
    """What the reporter will read at `/lacak`; nothing is sent out of the house."""
    message = _message(session, report, Direction.keluar, text, now, officer)
    _attach(session, report, files, message, officer)
    _event(session, report, "message_out", officer, now)
    audit.record(session, "message_sent", officer, report)
    return message


def note(session: Session, report: Report, officer: Officer, text: str, now: datetime) -> Message:
    """An internal note: never shown to the reporter."""
    message = _message(session, report, Direction.internal, text, now, officer)
    _event(session, report, "note", officer, now)
    audit.record(session, "note_written", officer, report)
    return message


def add_message(
    session: Session, report: Report, text: str, now: datetime, files: Sequence[FileFacts] = ()
) -> Message:
    """Something more from the reporter, whatever became of the report: closed never mutes them."""
    message = _message(session, report, Direction.masuk, text, now, None)
    _attach(session, report, files, message)
    _event(session, report, "message_in", None, now)
    audit.record(session, "message_received", None, report)
    notices.tell(session, _in_charge(session, report), "report_message", report=report)
    session.flush()
    return message


def mark_read(session: Session, report: Report, direction: Direction, now: datetime) -> None:
    """The other side has seen the messages of `direction`."""
    for message in report.messages:
        if message.direction is direction and message.read_at is None:
            message.read_at = now
    session.flush()


def _message(
    session: Session,
    report: Report,
    direction: Direction,
    text: str,
    now: datetime,
    officer: Officer | None,
) -> Message:
    message = Message(report=report, direction=direction, body=text, at=now, author=officer)
    session.add(message)
    session.flush()
    return message


def _in_charge(session: Session, report: Report) -> list[Officer]:
    """Who works on it: the owner, the case's counsellor; all of intake where nobody does."""
    people = [report.owner, report.case.counsellor if report.case else None]
    working = [officer for officer in people if officer and officer.active]
    return working or notices.all_in(session, Role.petugas, Role.supervisor)
