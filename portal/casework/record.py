"""An arrival becomes rows: the report, its people, the safe contact, the files."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from models import (
    Attachment,
    Channel,
    IdentityCard,
    Message,
    Officer,
    Person,
    Report,
    Reporter,
    SafeContact,
    Suspect,
    Victim,
)
from portal.casework import people, receipts
from portal.casework.arrival import Accused, Arrival, FileFacts, Harmed, PersonFacts
from portal.indonesia import dates

NUMBER = "LP-{year}-{id:06d}"
# Columns of a report that an arrival names as they are.
_PLAIN = """
narrative wishes incident_date incident_precision incident_time place_kind place region_code
outside_city danger_now identity_card_reason consents_to_processing call_kind forwarded_at
forwarded_to_id referring_institution referring_letter
"""
PLAIN = _PLAIN.split()


def new_report(
    session: Session, arrival: Arrival, token: str, officer: Officer | None, now: datetime
) -> Report:
    """The rows of one arrival, flushed; a token that was used raises IntegrityError."""
    report = _row(arrival, token, officer, now)
    session.add(report)
    session.flush()
    # The number is the primary key's, so that simultaneous reports never meet in a counter.
    report.number = NUMBER.format(year=dates.local(now).year, id=report.id)
    teller = _add_reporter(session, report, arrival)
    _add_victims(session, report, arrival, teller)
    for accused in arrival.suspects:
        session.add(_suspect(report, accused))
    attach(session, report, arrival.files)
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
        age_at_incident=people.age_at(
            person, arrival.incident_date, dates.local_date(report.received_at)
        ),
        violence_kinds=list(harmed.violence_kinds or arrival.violence_kinds),
        tppo_kinds=[],
        tpks_kinds=[],
        needs=[],
        condition=harmed.condition,
        wishes=harmed.wishes,
    )


def _suspect(report: Report, accused: Accused) -> Suspect:
    columns = _person_columns(accused.person)
    return Suspect(
        report=report,
        person=Person(**columns) if accused.person.known() else None,
        relation=accused.relation,
        same_household=accused.same_household,
        description=accused.description,
    )


def attach(
    session: Session,
    report: Report,
    files: Iterable[FileFacts],
    message: Message | None = None,
    officer: Officer | None = None,
) -> None:
    """Stored files as attachments of a report, its case, and the message they came with."""
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
                flags=list(file.flags),
            )
        )
