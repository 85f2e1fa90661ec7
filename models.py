"""Every table: typed columns, relations, constraints. Data only.

Ordered as a case lives: officers and lists, people, intake, channels, case, order and
services, termination and monitoring, letters, protection, work. Columns typed
`SecretText` or `SecretDate` hold ciphertext in the database and plain values
on the object; `portal.protection.sealing` attaches the events that do it. The
field lists follow the office's data standard (SIMFONI-PPA and GBVIMS). What the
tables are made of stands in `model_base`; those of the channels in `model_channels`, those of the
letters in `model_letters`: all of them are imported from here.
"""

import uuid as uuid_module
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from model_base import *
from model_channels import *
from model_letters import *

# --- officers and lists ---------------------------------------------------------------


class Officer(Row, Versioned, Base, named_by="name"):
    """Somebody who signs in. `extension`: the telephone on their desk."""

    __table_args__ = (Index("uq_officer_extension", "extension", unique=True),)

    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Short]
    role: Mapped[Role]
    password_hash: Mapped[str | None]
    nip: Mapped[SecretText | None]
    rank: Mapped[Short | None]
    position: Mapped[Short | None]
    email: Mapped[SecretText | None]
    extension: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2), default="id")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    disabled_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]


class CodeItem(Base, named_by="label"):
    """One entry of an editable code list; tables hold the code, never the label."""

    __table_args__ = (UniqueConstraint("list_name", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_name: Mapped[Code]
    code: Mapped[Code]
    label: Mapped[Short]
    label_en: Mapped[Short]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Region(Base, named_by="name"):
    """Official region codes (Kemendagri); never key on a name, five stand on two levels."""

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(
        String(13), ForeignKey("region.code"), index=True
    )
    name: Mapped[Short]
    level: Mapped[Code]


class PartnerInstitution(Row, Versioned, Base, named_by="name"):
    """Where victims are referred to."""

    name: Mapped[str] = mapped_column(String(200), unique=True)
    services: Mapped[Codes]
    address: Mapped[str | None]
    phone: Mapped[SecretText | None]
    contact_name: Mapped[SecretText | None]
    active: Mapped[bool] = mapped_column(default=True)


class DayOff(Base, named_by="name"):
    """A day on which the office does not work; editable, seeded from `holidays`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[Short]
    source: Mapped[Short]


class Setting(Versioned, Base, named_by="label"):
    """What the office sets without code: kop, number pattern, texts, limits."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str] = mapped_column(Text, default="")
    label: Mapped[Short]
    label_en: Mapped[Short]
    help: Mapped[str | None]


# --- signing in ---------------------------------------------------------------------------


class OfficerSession(Row, Base):
    """A browser in which an officer signed in, or (not `complete`) gave the password alone."""

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[OfficerRef]
    complete: Mapped[bool]
    mark: Mapped[Digest]
    content: Mapped[SecretText | None]
    device: Mapped[SecretText | None]
    place: Mapped[SecretText | None]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_why: Mapped[Code | None]

    officer: Mapped[Officer] = relationship()


class SecondFactor(Row, Base):
    """What proves, beside the password, that it is the officer: an app, a passkey, a code."""

    officer_id: Mapped[OfficerRef]
    kind: Mapped[Code]
    label: Mapped[SecretText | None]
    secret: Mapped[SecretText]
    lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    used_at: Mapped[datetime | None]


class OfficerLink(Row, Base):
    """A link with which an officer sets a password; once, and not for long."""

    officer_id: Mapped[OfficerRef]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInDelay(Base):
    """How often signing in failed of late, for an account, an address or a device."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


# --- people -----------------------------------------------------------------------------


class Person(Row, Versioned, Searched, Base):
    """A human being who may stand in many cases, as victim, reporter, suspect or guardian."""

    __table_args__ = (CheckConstraint("estimated_age BETWEEN 0 AND 130", name="plausible_age"),)

    name: Mapped[SecretText | None]
    alias: Mapped[SecretText | None]
    nik: Mapped[SecretText | None]
    kk: Mapped[SecretText | None]
    birth_place: Mapped[SecretText | None]
    birth_date: Mapped[SecretDate | None]
    estimated_age: Mapped[int | None]
    sex: Mapped[Code] = mapped_column(default="tidak_diketahui")
    address: Mapped[SecretText | None]
    region_code: Mapped[RegionRef | None]
    phone: Mapped[SecretText | None]
    email: Mapped[SecretText | None]
    education: Mapped[Code | None]
    occupation: Mapped[Code | None]
    religion: Mapped[Code | None]
    marital_status: Mapped[Code | None]
    disabilities: Mapped[Codes]
    citizenship: Mapped[Code | None]
    children: Mapped[int | None]
    guardian_id: Mapped[PersonRef | None]
    guardian_relation: Mapped[Code | None]
    notes: Mapped[SecretText | None]
    erased_at: Mapped[datetime | None]

    region: Mapped[Region | None] = relationship()
    guardian: Mapped["Person | None"] = relationship(remote_side="Person.id")
    safe_contact: Mapped["SafeContact | None"] = relationship(back_populates="person")

    def __str__(self) -> str:
        return self.name or self.alias or "—"


class SafeContact(Row, Versioned, Base, named_by="channel"):
    """How this person may be reached without harm; enforced on every outgoing path."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    channel: Mapped[Code] = mapped_column(default="tidak_diketahui")
    address: Mapped[SecretText | None]
    days: Mapped[Codes]
    from_time: Mapped[time | None]
    until_time: Mapped[time | None]
    code_word: Mapped[SecretText | None]
    shared_phone: Mapped[bool | None]
    who_may_answer: Mapped[SecretText | None]
    letter_allowed: Mapped[bool | None]
    visit_allowed: Mapped[bool | None]
    notes: Mapped[SecretText | None]

    person: Mapped[Person] = relationship(back_populates="safe_contact")


# --- intake -----------------------------------------------------------------------------


class Incident:
    """What happened, when and where: the same columns on a report and on its case."""

    narrative: Mapped[SecretText | None]
    wishes: Mapped[SecretText | None]
    incident_date: Mapped[date | None]
    incident_precision: Mapped[Code] = mapped_column(default="tidak_diketahui")
    incident_time: Mapped[Code] = mapped_column(default="tidak_diketahui")
    place_kind: Mapped[Code | None]
    place: Mapped[SecretText | None]
    region_code: Mapped[RegionRef | None]
    outside_city: Mapped[bool] = mapped_column(default=False)
    violence_kinds: Mapped[Codes]
    previously_reported: Mapped[Codes]

    @declared_attr
    def region(cls) -> Mapped[Region | None]:
        return relationship("Region")


class Report(Row, Versioned, Incident, Retained, Base, named_by="number"):
    """One complaint as it arrived (laporan/aduan), whichever channel it came by.

    `clock_from`: since when its thirty minutes count, the arrival, moved on by each pause.
    """

    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('referred','information','duplicate','spam')"
            " OR outcome_reason IS NOT NULL OR erased_at IS NOT NULL",
            name="outcome_has_a_reason",
        ),
        CheckConstraint(
            "status NOT IN ('identified','joined') OR case_id IS NOT NULL", name="identified_case"
        ),
        CheckConstraint("owner_id IS NOT NULL OR status = 'new'", name="worked_by_somebody"),
        Index("ix_report_status_received_at", "status", "received_at"),
        Index("ix_report_owner_status", "owner_id", "status", "received_at"),
        Index("ix_report_waiting", "decided_at", "received_at"),
        Index("ix_report_clock", "decided_at", "clock_from"),
        Index("ix_report_delay", "decided_late", "delay_cause"),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    channel: Mapped[Channel]
    status: Mapped[ReportStatus] = mapped_column(default=ReportStatus.new)
    received_at: Mapped[datetime] = mapped_column(index=True)
    clock_from: Mapped[datetime] = mapped_column(default=as_received)
    paused_since: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_late: Mapped[bool | None]
    owner_id: Mapped[OfficerRef | None]
    taken_at: Mapped[datetime | None]
    entered_by_id: Mapped[OfficerRef | None]
    case_id: Mapped[CaseRef | None]
    outcome_reason: Mapped[SecretText | None]
    outcome_by_id: Mapped[OfficerRef | None]
    receipt_hash: Mapped[Digest | None]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    danger_now: Mapped[bool | None]
    identity_card: Mapped[IdentityCard | None]
    identity_card_reason: Mapped[SecretText | None]
    consents_to_processing: Mapped[bool] = mapped_column(default=False)
    call_kind: Mapped[Code | None]
    forwarded_at: Mapped[datetime | None]
    forwarded_to_id: Mapped[OfficerRef | None]
    forward_accepted_at: Mapped[datetime | None]
    forward_accepted_by_id: Mapped[OfficerRef | None]
    forward_returned_at: Mapped[datetime | None]
    forward_return_reason: Mapped[SecretText | None]
    delay_cause: Mapped[Code | None]
    surveyed_at: Mapped[datetime | None]
    referring_institution: Mapped[SecretText | None]
    referring_letter: Mapped[SecretText | None]

    owner: Mapped[Officer | None] = relationship(foreign_keys="Report.owner_id")
    entered_by: Mapped[Officer | None] = relationship(foreign_keys="Report.entered_by_id")
    forwarded_to: Mapped[Officer | None] = relationship(foreign_keys="Report.forwarded_to_id")
    forward_accepted_by: Mapped[Officer | None] = relationship(
        foreign_keys="Report.forward_accepted_by_id"
    )
    case: Mapped["Case | None"] = relationship(back_populates="reports")
    reporter: Mapped["Reporter | None"] = relationship(back_populates="report")
    victims: Mapped[list["Victim"]] = relationship(back_populates="report")
    suspects: Mapped[list["Suspect"]] = relationship(back_populates="report")
    messages: Mapped[list["Message"]] = relationship(back_populates="report", order_by="Message.id")
    conversation: Mapped["Conversation | None"] = relationship(back_populates="report")
    pauses: Mapped[list["ClockPause"]] = rows("report", "ClockPause.id")
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="report")
    contact_attempts: Mapped[list["ContactAttempt"]] = relationship(back_populates="report")
    events: Mapped[list["CaseEvent"]] = rows("report", "CaseEvent.id")
    letters: Mapped[list["Letter"]] = rows("report", "Letter.id")
    exclusions: Mapped[list["Exclusion"]] = relationship(back_populates="report")


class Reporter(Row, Versioned, Base, named_by="relation"):
    """Who told us, and how they are related to the one who is harmed."""

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    person_id: Mapped[PersonRef]
    relation: Mapped[Code] = mapped_column(default="tidak_diketahui")
    anonymous: Mapped[bool] = mapped_column(default=False)

    report: Mapped[Report] = relationship(back_populates="reporter")
    person: Mapped[Person] = relationship()


class Message(Row, Base, named_by="direction"):
    """One message between somebody and the office, or an internal note nobody outside ever sees.

    `at` is when it was written, as far as the channel tells; `created_at` when it came here.
    """

    __table_args__ = (
        CheckConstraint("direction <> 'masuk' OR author_id IS NULL", name="outsiders_sign_nothing"),
        CheckConstraint("direction <> 'keluar' OR author_id IS NOT NULL", name="a_person_writes"),
        Index("ix_message_conversation_at", "conversation_id", "at", "id"),
        Index("uq_message_external_key", "external_key", unique=True),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    moved_from_id: Mapped[TalkRef | None]
    report_id: Mapped[ReportRef | None]
    direction: Mapped[Direction]
    kind: Mapped[Code] = mapped_column(default="text", server_default="text")
    author_id: Mapped[OfficerRef | None]
    body: Mapped[SecretText]
    details: Mapped[SecretText | None]
    external_key: Mapped[Digest | None]
    external_id: Mapped[SecretText | None]
    reply_to_key: Mapped[Digest | None]
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]

    conversation: Mapped["Conversation"] = relationship(
        back_populates="messages", foreign_keys="Message.conversation_id"
    )
    report: Mapped[Report | None] = relationship(back_populates="messages")
    author: Mapped[Officer | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="message")
    remote_files: Mapped[list["RemoteFile"]] = rows("message", "RemoteFile.id")
    findings: Mapped[list["CueFinding"]] = rows("message", "CueFinding.id")
    sending: Mapped["Sending | None"] = relationship(back_populates="message")


class Draft(Row, Base, named_by="kind"):
    """What somebody is typing, sealed: a public form (token) or an officer's (officer)."""

    __table_args__ = (
        CheckConstraint(
            "token_hash IS NOT NULL OR officer_id IS NOT NULL", name="belongs_to_somebody"
        ),
        Index("ix_draft_officer_kind", "officer_id", "kind"),
    )

    kind: Mapped[Code]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    officer_id: Mapped[OfficerRef | None]
    content: Mapped[SecretText | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    report_id: Mapped[ReportRef | None]


class ServiceComplaint(Row, Versioned, Searched, Retained, Base, named_by="number"):
    """A complaint about the service itself (pengaduan layanan), never linked to a case."""

    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('dijawab','selesai') OR answer IS NOT NULL OR erased_at IS NOT NULL",
            name="answered",
        ),
        CheckConstraint("body IS NOT NULL OR erased_at IS NOT NULL", name="says_something"),
        Index("ix_service_complaint_status", "status", "received_at"),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    via: Mapped[Code]
    status: Mapped[ComplaintStatus] = mapped_column(default=ComplaintStatus.diterima)
    received_at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[SecretText | None]
    contact: Mapped[SecretText | None]
    body: Mapped[SecretText | None]
    answer: Mapped[SecretText | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[OfficerRef | None]
    processed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    entered_by_id: Mapped[OfficerRef | None]
    receipt_hash: Mapped[Digest | None]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    answered_by: Mapped[Officer | None] = relationship(
        foreign_keys="ServiceComplaint.answered_by_id"
    )


# --- case ---------------------------------------------------------------------------------


class Case(Row, Versioned, Incident, Retained, Base, named_by="number"):
    """One matter the office works on, from identification to the end of monitoring."""

    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('returned','rejected','referred') OR status_reason IS NOT NULL"
            " OR erased_at IS NOT NULL",
            name="refusal_has_a_reason",
        ),
        CheckConstraint(
            "status IN ('identified','returned','rejected','referred')"
            " OR (counsellor_id IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="approved_by_somebody",
        ),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> identified_by_id"
            " OR emergency_reason IS NOT NULL OR erased_at IS NOT NULL",
            name="two_pairs_of_eyes",
        ),
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> approved_by_id", name="second_supervisor"
        ),
        CheckConstraint(
            "(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name="reviewed_by_somebody"
        ),
        Index("ix_case_status_status_since", "status", "status_since"),
        Index("ix_case_counsellor_status", "counsellor_id", "status"),
        Index("ix_case_identified_by_status", "identified_by_id", "status"),
        Index(
            "ix_case_unreviewed",
            "approved_at",
            sqlite_where=text("emergency_reason IS NOT NULL AND reviewed_at IS NULL"),
            postgresql_where=text("emergency_reason IS NOT NULL AND reviewed_at IS NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.identified)
    status_since: Mapped[datetime] = mapped_column(index=True)
    status_reason: Mapped[SecretText | None]
    risk: Mapped[Risk]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    identified_by_id: Mapped[OfficerRef]
    counsellor_id: Mapped[OfficerRef | None]
    approved_by_id: Mapped[OfficerRef | None]
    approved_at: Mapped[datetime | None]
    emergency_reason: Mapped[SecretText | None]
    reviewed_by_id: Mapped[OfficerRef | None]
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[SecretText | None]

    identified_by: Mapped[Officer] = relationship(foreign_keys="Case.identified_by_id")
    counsellor: Mapped[Officer | None] = relationship(foreign_keys="Case.counsellor_id")
    approved_by: Mapped[Officer | None] = relationship(foreign_keys="Case.approved_by_id")
    reviewed_by: Mapped[Officer | None] = relationship(foreign_keys="Case.reviewed_by_id")
    reports: Mapped[list[Report]] = relationship(back_populates="case", order_by=Report.received_at)
    victims: Mapped[list["Victim"]] = relationship(back_populates="case", order_by="Victim.id")
    suspects: Mapped[list["Suspect"]] = relationship(back_populates="case", order_by="Suspect.id")
    orders: Mapped[list["Order"]] = relationship(back_populates="case", order_by="Order.id")
    outreaches: Mapped[list["Outreach"]] = rows("case", "Outreach.id")
    interventions: Mapped[list["Intervention"]] = rows("case", "Intervention.id")
    referrals: Mapped[list["Referral"]] = rows("case", "Referral.id")
    invitations: Mapped[list["Invitation"]] = rows("case", "Invitation.id")
    terminations: Mapped[list["Termination"]] = rows("case", "Termination.id")
    monitorings: Mapped[list["Monitoring"]] = rows("case", "Monitoring.due_on")
    letters: Mapped[list["Letter"]] = relationship(back_populates="case", order_by="Letter.id")
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="case")
    contact_attempts: Mapped[list["ContactAttempt"]] = relationship(back_populates="case")
    events: Mapped[list["CaseEvent"]] = relationship(back_populates="case", order_by="CaseEvent.id")
    exclusions: Mapped[list["Exclusion"]] = relationship(back_populates="case")
    accesses: Mapped[list["AccessGrant"]] = relationship(back_populates="case")


class Victim(Row, Versioned, Base, named_by="person"):
    """A person harmed in one report or case; statistics count these."""

    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR case_id IS NOT NULL", name="of_something"),
        CheckConstraint("age_at_incident BETWEEN 0 AND 130", name="plausible_age"),
        UniqueConstraint("case_id", "person_id"),
    )

    person_id: Mapped[PersonRef]
    report_id: Mapped[ReportRef | None]
    case_id: Mapped[CaseRef | None]
    age_at_incident: Mapped[int | None]
    gbvims_type: Mapped[Code | None]
    violence_kinds: Mapped[Codes]
    tppo_kinds: Mapped[Codes]
    tpks_kinds: Mapped[Codes]
    needs: Mapped[Codes]
    condition: Mapped[SecretText | None]
    wishes: Mapped[SecretText | None]

    person: Mapped[Person] = relationship()
    report: Mapped[Report | None] = relationship(back_populates="victims")
    case: Mapped[Case | None] = relationship(back_populates="victims")
    consents: Mapped[list["Consent"]] = relationship(back_populates="victim", order_by="Consent.id")


class Suspect(Row, Versioned, Base):
    """Who is said to have done it; nothing about them is compulsory."""

    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR case_id IS NOT NULL", name="of_something"),
    )

    person_id: Mapped[PersonRef | None]
    report_id: Mapped[ReportRef | None]
    case_id: Mapped[CaseRef | None]
    relation: Mapped[Code] = mapped_column(default="tidak_diketahui")
    same_household: Mapped[bool | None]
    description: Mapped[SecretText | None]
    legal_process: Mapped[Code | None]
    legal_process_on: Mapped[date | None]

    person: Mapped[Person | None] = relationship()
    report: Mapped[Report | None] = relationship(back_populates="suspects")
    case: Mapped[Case | None] = relationship(back_populates="suspects")

    def __str__(self) -> str:
        return str(self.person) if self.person else self.relation


class Consent(Row, Versioned, Base, named_by="given_by"):
    """What a victim agreed to (UU 27/2022 art. 20-25), or the legal basis without consent."""

    __table_args__ = (
        CheckConstraint("given_on IS NOT NULL OR legal_basis IS NOT NULL", name="grounded"),
    )

    victim_id: Mapped[VictimRef]
    given_by: Mapped[Code]
    giver_name: Mapped[SecretText | None]
    given_on: Mapped[date | None]
    for_services: Mapped[bool] = mapped_column(default=False)
    for_sharing: Mapped[bool] = mapped_column(default=False)
    for_statistics: Mapped[bool] = mapped_column(default=False)
    withhold: Mapped[SecretText | None]
    legal_basis: Mapped[Code | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn: Mapped[Codes] = mapped_column(server_default="[]")
    withdrawal_note: Mapped[SecretText | None]
    recorded_by_id: Mapped[OfficerRef | None]

    victim: Mapped[Victim] = relationship(back_populates="consents")
    partners: Mapped[list[PartnerInstitution]] = relationship(secondary="consent_partner")
    recorded_by: Mapped[Officer | None] = relationship()


class ConsentPartner(Base):
    """The named organisations a consent to sharing reaches."""

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(
        ForeignKey("partner_institution.id"), primary_key=True, index=True
    )


class CaseEvent(Row, Base, named_by="kind"):
    """One line of the timeline, of a report or a case."""

    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR case_id IS NOT NULL", name="of_something"),
        Index("ix_case_event_actor_kind", "actor_id", "kind", "case_id"),
    )

    case_id: Mapped[CaseRef | None]
    report_id: Mapped[ReportRef | None]
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[Code]
    actor_id: Mapped[OfficerRef | None]
    from_status: Mapped[Code | None]
    to_status: Mapped[Code | None]
    note: Mapped[SecretText | None]
    letter_id: Mapped[LetterRef | None]

    case: Mapped[Case | None] = relationship(back_populates="events")
    report: Mapped[Report | None] = relationship(back_populates="events")
    actor: Mapped[Officer | None] = relationship()
    letter: Mapped["Letter | None"] = relationship()


class ContactAttempt(Row, Base, named_by="channel"):
    """An attempt to reach somebody: what the agreement said, why it was overruled, how it went."""

    __table_args__ = (
        CheckConstraint(
            "coalesce(report_id, case_id, conversation_id) IS NOT NULL", name="of_something"
        ),
        CheckConstraint("coalesce(person_id, conversation_id) IS NOT NULL", name="to_somebody"),
        CheckConstraint(
            "(state = 'overridden') = (override_reason IS NOT NULL)", name="override_has_a_reason"
        ),
        CheckConstraint("state <> 'refused' OR outcome IS NULL", name="refused_means_not_done"),
        Index("ix_contact_attempt_person_at", "person_id", "at"),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[CaseRef | None]
    report_id: Mapped[ReportRef | None]
    conversation_id: Mapped[TalkRef | None]
    officer_id: Mapped[OfficerRef | None]
    at: Mapped[datetime] = mapped_column(index=True)
    channel: Mapped[Code]
    state: Mapped[ContactState]
    obstacles: Mapped[Codes]
    override_reason: Mapped[SecretText | None]
    wording: Mapped[SecretText | None]
    outcome: Mapped[Code | None]
    note: Mapped[SecretText | None]

    person: Mapped[Person | None] = relationship()
    case: Mapped[Case | None] = relationship(back_populates="contact_attempts")
    report: Mapped[Report | None] = relationship(back_populates="contact_attempts")
    conversation: Mapped["Conversation | None"] = relationship()
    officer: Mapped[Officer | None] = relationship()


# --- order and services -------------------------------------------------------------------


class Order(Row, Versioned, Base):
    """Surat perintah: who goes where, when, to do what, on which basis."""

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_has_a_reason"),
        one_a_case("uq_order_one_in_force", "voided_at IS NULL"),
    )

    case_id: Mapped[CaseRef]
    letter_id: Mapped[LetterRef | None]
    task: Mapped[SecretText]
    place: Mapped[SecretText]
    safe_meeting_point: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    basis: Mapped[SecretText]
    issued_by_id: Mapped[OfficerRef]
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[SecretText | None]

    case: Mapped[Case] = relationship(back_populates="orders")
    letter: Mapped["Letter | None"] = relationship()
    issued_by: Mapped[Officer] = relationship()
    assignments: Mapped[list["OrderOfficer"]] = relationship(
        back_populates="order", order_by="OrderOfficer.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return str(self.letter) if self.letter else str(self.id)


class OrderOfficer(Base, named_by="officer"):
    """An officer named in a surat perintah; the assignment opens the case to them."""

    __table_args__ = (UniqueConstraint("order_id", "officer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    officer_id: Mapped[OfficerRef]

    order: Mapped[Order] = relationship(back_populates="assignments")
    officer: Mapped[Officer] = relationship()


class Outreach(Row, Versioned, Base, named_by="order"):
    """Penjangkauan: the visit the order asked for and what was found."""

    __table_args__ = (
        CheckConstraint(
            "state <> 'reported' OR (reported_at IS NOT NULL AND assessment IS NOT NULL)",
            name="reported_says_something",
        ),
    )

    case_id: Mapped[CaseRef]
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), unique=True)
    state: Mapped[OutreachState] = mapped_column(default=OutreachState.assigned)
    started_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    officer_id: Mapped[OfficerRef | None]
    visited_on: Mapped[date | None]
    victim_met: Mapped[bool | None]
    place: Mapped[SecretText | None]
    assessment: Mapped[SecretText | None]
    risk: Mapped[Risk | None]
    needs: Mapped[Codes]
    plan: Mapped[SecretText | None]

    case: Mapped[Case] = relationship(back_populates="outreaches")
    order: Mapped[Order] = relationship()
    officer: Mapped[Officer | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="outreach")


class Intervention(Row, Versioned, Base, named_by="service"):
    """Penanganan: one service given or planned for a victim."""

    __table_args__ = (
        CheckConstraint("state <> 'done' OR result IS NOT NULL", name="done_has_a_result"),
        CheckConstraint("state <> 'done' OR done_on IS NOT NULL", name="done_has_a_date"),
    )

    case_id: Mapped[CaseRef]
    victim_id: Mapped[VictimRef | None]
    service: Mapped[Code]
    uptd_function: Mapped[Code | None]
    officer_id: Mapped[OfficerRef | None]
    partner_id: Mapped[PartnerRef | None]
    state: Mapped[InterventionState] = mapped_column(default=InterventionState.planned)
    planned_on: Mapped[date | None]
    done_on: Mapped[date | None]
    goal: Mapped[SecretText | None]
    result: Mapped[SecretText | None]

    case: Mapped[Case] = relationship(back_populates="interventions")
    victim: Mapped[Victim | None] = relationship()
    officer: Mapped[Officer | None] = relationship()
    partner: Mapped[PartnerInstitution | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="intervention")


class Referral(Row, Versioned, Base, named_by="partner"):
    """Rujukan to a partner: never without consent or a recorded legal basis."""

    __table_args__ = (
        CheckConstraint("consent_id IS NOT NULL OR legal_basis IS NOT NULL", name="grounded"),
        CheckConstraint(
            "state <> 'ditolak' OR state_reason IS NOT NULL", name="refusal_has_a_reason"
        ),
    )

    case_id: Mapped[CaseRef]
    victim_id: Mapped[VictimRef]
    partner_id: Mapped[PartnerRef]
    service: Mapped[Code]
    answer: Mapped[Code | None]
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.diajukan)
    state_reason: Mapped[SecretText | None]
    referred_on: Mapped[date] = mapped_column(index=True)
    answered_on: Mapped[date | None]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)
    legal_basis: Mapped[Code | None]
    purpose: Mapped[SecretText | None]
    result: Mapped[SecretText | None]
    officer_id: Mapped[OfficerRef]

    case: Mapped[Case] = relationship(back_populates="referrals")
    victim: Mapped[Victim] = relationship()
    partner: Mapped[PartnerInstitution] = relationship()
    consent: Mapped[Consent | None] = relationship()
    officer: Mapped[Officer] = relationship()


# --- termination and monitoring -------------------------------------------------------------


class Termination(Row, Versioned, Base, named_by="reason"):
    """Terminasi: proposed by the counsellor, decided by a supervisor who is somebody else."""

    __table_args__ = (
        CheckConstraint("(decision IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="two_pairs_of_eyes"),
        CheckConstraint(
            "decision <> 'refused' OR decision_reason IS NOT NULL", name="refusal_has_a_reason"
        ),
        one_a_case("uq_termination_one_open_proposal", "decision IS NULL"),
        one_a_case("uq_termination_one_in_force", "decision = 'approved' AND reopened_at IS NULL"),
    )

    case_id: Mapped[CaseRef]
    proposed_by_id: Mapped[OfficerRef]
    proposed_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[Code]
    summary: Mapped[SecretText]
    agreement: Mapped[Agreement]
    agreement_note: Mapped[SecretText | None]
    decision: Mapped[Decision | None]
    decided_by_id: Mapped[OfficerRef | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[SecretText | None]
    reopened_at: Mapped[datetime | None]
    letter_id: Mapped[LetterRef | None]
    final_letter_id: Mapped[LetterRef | None]

    case: Mapped[Case] = relationship(back_populates="terminations")
    proposed_by: Mapped[Officer] = relationship(foreign_keys="Termination.proposed_by_id")
    decided_by: Mapped[Officer | None] = relationship(foreign_keys="Termination.decided_by_id")
    letter: Mapped["Letter | None"] = relationship(foreign_keys="Termination.letter_id")
    final_letter: Mapped["Letter | None"] = relationship(foreign_keys="Termination.final_letter_id")
    monitorings: Mapped[list["Monitoring"]] = rows("termination", "Monitoring.id")


class Monitoring(Row, Versioned, Base, named_by="sequence"):
    """One of the three contacts with a victim in the three months after termination."""

    __table_args__ = (
        UniqueConstraint("termination_id", "victim_id", "sequence"),
        CheckConstraint("sequence BETWEEN 1 AND 3", name="three_contacts"),
        CheckConstraint(
            "state <> 'done' OR (done_on IS NOT NULL AND method IS NOT NULL"
            " AND wellbeing IS NOT NULL AND safety IS NOT NULL)",
            name="done_says_how_it_went",
        ),
        CheckConstraint(
            "state <> 'excused' OR excuse_reason IS NOT NULL", name="excuse_has_a_reason"
        ),
        Index("ix_monitoring_state_due_on", "state", "due_on"),
    )

    case_id: Mapped[CaseRef]
    victim_id: Mapped[VictimRef]
    termination_id: Mapped[int] = mapped_column(ForeignKey("termination.id"), index=True)
    sequence: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[MonitoringState] = mapped_column(default=MonitoringState.scheduled)
    done_on: Mapped[date | None]
    officer_id: Mapped[OfficerRef | None]
    method: Mapped[Code | None]
    wellbeing: Mapped[Code | None]
    safety: Mapped[Safety | None]
    needs: Mapped[SecretText | None]
    recurrence: Mapped[bool | None]
    notes: Mapped[SecretText | None]
    excuse_reason: Mapped[SecretText | None]
    escalated_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="monitorings")
    victim: Mapped[Victim] = relationship()
    termination: Mapped[Termination] = relationship(back_populates="monitorings")
    officer: Mapped[Officer | None] = relationship()


# --- protection -------------------------------------------------------------------------------


class Attachment(Row, Base, named_by="filename"):
    """A file someone gave us: checked, sealed, outside any public folder."""

    __table_args__ = (
        CheckConstraint(
            "coalesce(report_id, case_id, message_id, letter_id) IS NOT NULL", name="of_something"
        ),
        CheckConstraint("size > 0", name="not_empty"),
    )

    report_id: Mapped[ReportRef | None]
    case_id: Mapped[CaseRef | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    outreach_id: Mapped[int | None] = mapped_column(ForeignKey("outreach.id"), index=True)
    intervention_id: Mapped[int | None] = mapped_column(ForeignKey("intervention.id"), index=True)
    letter_id: Mapped[LetterRef | None]
    kind: Mapped[Code]
    filename: Mapped[SecretText]
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[Digest]
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    uploaded_by_id: Mapped[OfficerRef | None]
    scan: Mapped[Scan] = mapped_column(default=Scan.unscanned, index=True)
    scanned_at: Mapped[datetime | None]
    flags: Mapped[Codes]

    report: Mapped[Report | None] = relationship(back_populates="attachments")
    case: Mapped[Case | None] = relationship(back_populates="attachments")
    message: Mapped[Message | None] = relationship(back_populates="attachments")
    outreach: Mapped[Outreach | None] = relationship(back_populates="attachments")
    intervention: Mapped[Intervention | None] = relationship(back_populates="attachments")
    letter: Mapped[Letter | None] = relationship(back_populates="scans")
    uploaded_by: Mapped[Officer | None] = relationship()


class AuditEntry(Row, Base):
    """Who did what to which row: a link of the sealed chain. It outlives what it names: no keys."""

    __table_args__ = (Index("ix_audit_entry_subject", "subject_table", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    event: Mapped[Code] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    subject_table: Mapped[Code | None]
    subject_id: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(index=True)
    key_id: Mapped[int | None]
    details: Mapped[bytes | None]
    mac: Mapped[bytes]

    actor: Mapped[Officer | None] = relationship(
        primaryjoin="foreign(AuditEntry.actor_id) == Officer.id", viewonly=True
    )


class Token:
    """One of the buckets a name or number falls into; many names share each."""

    kind: Mapped[Code] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PersonToken(Token, Base):
    """By what a person is found."""

    __table_args__ = (
        Index("ix_person_token_kind", "kind", "bucket", "row_id"),
        {"sqlite_with_rowid": False},
    )

    row_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class ComplaintToken(Token, Base):
    """By what a complaint about the service is found."""

    __table_args__ = (
        Index("ix_complaint_token_kind", "kind", "bucket", "row_id"),
        {"sqlite_with_rowid": False},
    )

    row_id: Mapped[int] = mapped_column(
        ForeignKey("service_complaint.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


class AuditKey(Row, Base):
    """The key of the log's details about one case, report or person; erasing destroys it."""

    __table_args__ = (UniqueConstraint("subject_table", "subject_id"),)

    subject_table: Mapped[Code]
    subject_id: Mapped[int]
    wrapped: Mapped[SecretText | None]
    destroyed_at: Mapped[datetime | None]


class AuditHead(Base):
    """Where the chain ends: one row, locked by whoever appends."""

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    mac: Mapped[bytes]
    anchored: Mapped[int] = mapped_column(default=0)


# --- rights and retention (UU 27/2022) ----------------------------------------------------------


class DataRequest(Row, Versioned, Clocked, Retained, Base):
    """Somebody asks for their data, or to have it corrected, erased, withdrawn, restricted."""

    __table_args__ = (
        CheckConstraint("state <> 'refused' OR refusal_ground IS NOT NULL", name="grounded"),
        CheckConstraint(
            "state IN ('received','working') OR (closed_at IS NOT NULL"
            " AND (answer IS NOT NULL OR erased_at IS NOT NULL))",
            name="closed_with_an_answer",
        ),
    )

    kind: Mapped[RequestKind]
    state: Mapped[RequestState] = mapped_column(default=RequestState.received)
    person_id: Mapped[PersonRef | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    asked_by: Mapped[Code]
    asker_name: Mapped[SecretText | None]
    identity_check: Mapped[Code]
    identity_note: Mapped[SecretText | None]
    wish: Mapped[SecretText | None]
    officer_id: Mapped[OfficerRef]
    answer: Mapped[SecretText | None]
    refusal_ground: Mapped[Code | None]
    file_given_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    officer: Mapped[Officer] = relationship()


class RetentionClass(Versioned, Base, named_by="label"):
    """How long a class of records is kept, from when, on which basis, and what happens then."""

    __table_args__ = (CheckConstraint("years BETWEEN 1 AND 100", name="some_years"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[Short]
    label_en: Mapped[Short]
    years: Mapped[int]
    starts: Mapped[Short]
    basis: Mapped[str]
    outcome: Mapped[str]


class LegalHold(Row, Versioned, Base):
    """Nothing of this case, report, complaint or person is erased until the hold is lifted."""

    __table_args__ = (
        CheckConstraint(
            "coalesce(case_id, report_id, complaint_id, person_id) IS NOT NULL", name="of_something"
        ),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted_with_a_reason"),
    )

    case_id: Mapped[CaseRef | None]
    report_id: Mapped[ReportRef | None]
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("service_complaint.id"), index=True)
    person_id: Mapped[PersonRef | None]
    reason: Mapped[SecretText]
    placed_by_id: Mapped[OfficerRef]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[SecretText | None]

    case: Mapped[Case | None] = relationship()
    report: Mapped[Report | None] = relationship()
    complaint: Mapped[ServiceComplaint | None] = relationship()
    person: Mapped[Person | None] = relationship()
    placed_by: Mapped[Officer] = relationship()


class PastVictim(Base):
    """All that is left of a victim, for statistics; nothing leads back to case or person."""

    __table_args__ = {"sqlite_with_rowid": False}  # the order of erasure would lead back

    id: Mapped[uuid_module.UUID] = mapped_column(Uuid, primary_key=True, default=uuid_module.uuid4)
    year: Mapped[int] = mapped_column(index=True)
    quarter: Mapped[int]
    age_group: Mapped[Code]
    sex: Mapped[Code]
    violence_kinds: Mapped[Codes]
    relation: Mapped[Code]
    region_code: Mapped[RegionRef | None]
    services: Mapped[Codes]
    outcome: Mapped[Code]


class Erasure(Row, Base):
    """The ledger: which row was emptied, when and why. The same lies in a signed file."""

    at: Mapped[datetime] = mapped_column(index=True)
    subject_table: Mapped[Code]
    subject_uuid: Mapped[uuid_module.UUID] = mapped_column(Uuid, index=True)
    ground: Mapped[Code]


class Breach(Row, Versioned, Clocked, Base):
    """A failure to protect personal data: notice in writing within 3 x 24 hours (art. 46)."""

    __table_args__ = (
        CheckConstraint("state <> 'closed' OR told_how IS NOT NULL", name="told_before_closed"),
    )

    state: Mapped[BreachState] = mapped_column(default=BreachState.found)
    found_at: Mapped[datetime] = mapped_column(index=True)
    recorded_by_id: Mapped[OfficerRef]
    happened: Mapped[SecretText]
    data_kinds: Mapped[Codes]
    people_affected: Mapped[int | None]
    risk: Mapped[Risk]
    measures: Mapped[SecretText]
    agency_told_at: Mapped[datetime | None]
    people_told_at: Mapped[datetime | None]
    told_how: Mapped[SecretText | None]

    recorded_by: Mapped[Officer] = relationship()


# --- need to know -----------------------------------------------------------------------------


class Exclusion(Row, Versioned, Base, named_by="officer"):
    """An officer who must not meet a case or a report: beneath every other rule, until lifted."""

    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR case_id IS NOT NULL", name="of_something"),
        CheckConstraint("automatic OR by_id IS NOT NULL", name="by_somebody"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason IS NULL)", name="lifted_why"),
        CheckConstraint("lifted_by_id <> officer_id", name="lifted_by_another"),
    )

    officer_id: Mapped[OfficerRef]
    case_id: Mapped[CaseRef | None]
    report_id: Mapped[ReportRef | None]
    kind: Mapped[Conflict]
    automatic: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[SecretText]
    by_id: Mapped[OfficerRef | None]
    at: Mapped[datetime] = mapped_column(index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[OfficerRef | None]
    lifted_reason: Mapped[SecretText | None]

    officer: Mapped[Officer] = relationship(foreign_keys="Exclusion.officer_id")
    case: Mapped[Case | None] = relationship(back_populates="exclusions")
    report: Mapped[Report | None] = relationship(back_populates="exclusions")
    by: Mapped[Officer | None] = relationship(foreign_keys="Exclusion.by_id")
    lifted_by: Mapped[Officer | None] = relationship(foreign_keys="Exclusion.lifted_by_id")


class AccessGrant(Row, Versioned, Base, named_by="officer"):
    """A case opened to an officer besides their work: in an emergency for hours, or handed over.

    An attempt that found no case is kept too (ended at once), so that attempts can be counted.
    """

    __table_args__ = (
        CheckConstraint("case_id IS NOT NULL OR ended_at IS NOT NULL", name="opens_something"),
        CheckConstraint("kind <> 'darurat' OR until IS NOT NULL", name="for_a_limited_time"),
        Index("ix_access_grant_officer_at", "officer_id", "at"),
    )

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    case_id: Mapped[CaseRef | None]
    kind: Mapped[GrantKind]
    reason: Mapped[SecretText]
    by_id: Mapped[OfficerRef | None]
    at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[OfficerRef | None]

    officer: Mapped[Officer] = relationship(foreign_keys="AccessGrant.officer_id")
    case: Mapped[Case | None] = relationship(back_populates="accesses")
    by: Mapped[Officer | None] = relationship(foreign_keys="AccessGrant.by_id")
    ended_by: Mapped[Officer | None] = relationship(foreign_keys="AccessGrant.ended_by_id")


class RoleChange(Row, Versioned, Base, named_by="officer"):
    """A role or an activation that one admin asks for and another one decides on."""

    __table_args__ = (
        CheckConstraint("(decision IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("decided_by_id <> asked_by_id", name="two_pairs_of_eyes"),
        CheckConstraint("asked_by_id <> officer_id", name="not_for_oneself"),
        Index(
            "uq_role_change_one_open",
            "officer_id",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
    )

    officer_id: Mapped[OfficerRef]
    kind: Mapped[RoleRequest]
    role: Mapped[Role]
    reason: Mapped[SecretText | None]
    asked_by_id: Mapped[OfficerRef]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    decision: Mapped[Decision | None]
    decided_by_id: Mapped[OfficerRef | None]
    decided_at: Mapped[datetime | None]

    officer: Mapped[Officer] = relationship(foreign_keys="RoleChange.officer_id")
    asked_by: Mapped[Officer] = relationship(foreign_keys="RoleChange.asked_by_id")
    decided_by: Mapped[Officer | None] = relationship(foreign_keys="RoleChange.decided_by_id")


# --- work -------------------------------------------------------------------------------------


class Notice(Row, Base, named_by="kind"):
    """A content-free pointer for an officer: something waits, nothing about whom."""

    __table_args__ = (Index("ix_notice_officer_read", "officer_id", "read_at"),)

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[Code]
    report_id: Mapped[ReportRef | None]
    case_id: Mapped[CaseRef | None]
    conversation_id: Mapped[TalkRef | None]
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    officer: Mapped[Officer] = relationship()
    report: Mapped[Report | None] = relationship()
    case: Mapped[Case | None] = relationship()
    conversation: Mapped["Conversation | None"] = relationship()


class Job(Row, Base, named_by="kind"):
    """Work for the background worker: a row of the same transaction as its cause."""

    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)

    kind: Mapped[Code]
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[JobState] = mapped_column(default=JobState.waiting)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(default=now)
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[Short | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[Short | None]
