"""What every channel hands over: a report as plain values, before it is anything in a table.

The website's form, an officer typing during a call and a chat differ in how they ask; from here
on they are alike. Codes are those of the editable lists; nothing is compulsory.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time
from typing import Any

UNKNOWN = "tidak_diketahui"


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What is known of a human being; the names are those of the columns of `Person`."""

    name: str | None = None
    alias: str | None = None
    nik: str | None = None
    kk: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None
    estimated_age: int | None = None
    sex: str = UNKNOWN
    address: str | None = None
    region_code: str | None = None
    phone: str | None = None
    email: str | None = None
    education: str | None = None
    occupation: str | None = None
    religion: str | None = None
    marital_status: str | None = None
    disabilities: Sequence[str] = ()
    citizenship: str | None = None
    children: int | None = None
    guardian_relation: str | None = None
    notes: str | None = None

    def known(self) -> dict[str, Any]:
        """Only the columns somebody said something about."""
        return {
            item.name: list(value) if item.name == "disabilities" else value
            for item in fields(self)
            if (value := getattr(self, item.name)) != item.default
        }


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """How the reporter may be reached; the names are those of the columns of `SafeContact`."""

    channel: str = UNKNOWN
    address: str | None = None
    days: Sequence[str] = ()
    from_time: time | None = None
    until_time: time | None = None
    code_word: str | None = None
    shared_phone: bool | None = None
    who_may_answer: str | None = None
    letter_allowed: bool | None = None
    visit_allowed: bool | None = None
    notes: str | None = None

    def columns(self) -> dict[str, Any]:
        """Every column with its value."""
        return {**asdict(self), "days": list(self.days)}


@dataclass(frozen=True, kw_only=True)
class Harmed:
    """Somebody who is harmed. `is_reporter`: the one who tells is this person."""

    person: PersonFacts = field(default_factory=PersonFacts)
    is_reporter: bool = False
    violence_kinds: Sequence[str] = ()
    condition: str | None = None
    wishes: str | None = None


@dataclass(frozen=True, kw_only=True)
class Accused:
    """Who is said to have done it, as far as anybody knows."""

    person: PersonFacts = field(default_factory=PersonFacts)
    relation: str = UNKNOWN
    same_household: bool | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """A file that was inspected and lies sealed in the store under `storage_key`."""

    kind: str
    filename: str
    mime: str
    size: int
    sha256: str
    storage_key: str
    flags: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One report as it arrived. `received_at` is when it came, if that was before it was typed.

    `incident_date` is the first day of what is known; `incident_precision` says how much that is.
    """

    channel: str
    received_at: datetime | None = None
    reporter: PersonFacts | None = None
    relation: str = UNKNOWN
    anonymous: bool = False
    safe_contact: ContactFacts | None = None
    victims: Sequence[Harmed] = ()
    suspects: Sequence[Accused] = ()
    narrative: str | None = None
    wishes: str | None = None
    incident_date: date | None = None
    incident_precision: str = UNKNOWN
    incident_time: str = UNKNOWN
    place_kind: str | None = None
    place: str | None = None
    region_code: str | None = None
    outside_city: bool = False
    violence_kinds: Sequence[str] = ()
    previously_reported: Sequence[str] = ()
    danger_now: bool | None = None
    identity_card: str | None = None
    identity_card_reason: str | None = None
    consents_to_processing: bool = False
    files: Sequence[FileFacts] = ()
    call_kind: str | None = None
    forwarded_at: datetime | None = None
    forwarded_to_id: int | None = None
    referring_institution: str | None = None
    referring_letter: str | None = None
