"""Who is behind a number is said by an officer who checked it, and asked again when it changes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Conflict, Conversation, Message, Person, Report, SafeContact
from portal.access import scope
from portal.casework import conflicts, conversations, reports, talk_merging
from portal.casework.contact_words import NEVER
from portal.casework.correspondents import PHONE, KnownAs
from portal.channels import whatsapp_people
from portal.protection import audit
from tests.inbox.conftest import NUMBER, Write
from tests.inbox.test_page import act, fresh, page_of, say
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast
from tests.support.office import Office

At = Callable[..., Desk]
UNCHECKED, CHANGED = "Identitas belum diperiksa", "Nomor atau akun berubah sejak"


@pytest.fixture
def report(office: Office) -> Report:
    """A report that Sari has taken; Wati told of Bunga."""
    return office.taken()


@pytest.fixture
def talk(session: Session, write: Write, report: Report, desk: At) -> Conversation:
    """Somebody writes about it, and Sari answers them."""
    found = write("Saya yang melapor kemarin")
    conversations.link(session, found, None, report=report)
    session.commit()
    act(desk(), found, "take")
    return fresh(session, found)


def checks(at: Desk, talk: Conversation, person: Person | None, proof: str = "kartu") -> Any:
    chosen = str(person.id) if person is not None else "0"
    return act(at, talk, "check_identity", person=chosen, proof=proof)


def behind(session: Session, talk: Conversation) -> Any:
    somebody = fresh(session, talk).correspondent
    session.refresh(somebody)
    return somebody


def test_sari_says_who_it_is_and_takes_it_back(
    session: Session, talk: Conversation, report: Report, desk: At, cast: Cast
) -> None:
    at, wati = desk(), report.reporter.person
    assert UNCHECKED in at.get(page_of(talk)).text
    assert checks(at, talk, wati).status_code == 303
    page = at.get(page_of(talk)).text
    assert UNCHECKED not in page and "Identitas diperiksa oleh Sari Wulandari" in page
    assert "kartu identitas cocok dengan data pelapor. Orang: Wati Rekaan." in page
    assert behind(session, talk).person is wati and talk.correspondent.checked_by is cast.sari
    line = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert line.body.startswith("Identitas pengirim diperiksa Sari") and "Wati" not in line.body
    entries = session.scalars(select(AuditEntry).filter_by(event="talk_act")).all()
    assert {"act": "check_identity"} in [audit.details_of(one) for one in entries]
    assert act(at, talk, "uncheck_identity").status_code == 303
    assert behind(session, talk).person is None and UNCHECKED in at.get(page_of(talk)).text


def test_it_may_be_checked_without_knowing_who_it_is(
    session: Session, talk: Conversation, report: Report, desk: At
) -> None:
    answer = checks(desk(), talk, report.reporter.person, "kata_sandi")
    assert answer.status_code != 303 and "belum disepakati dengan orang ini" in answer.text
    assert behind(session, talk).checked_at is None
    assert checks(desk(), talk, None, "telepon_balik").status_code == 303
    assert behind(session, talk).person is None and talk.correspondent.checked_at is not None
    assert "Orang: belum diketahui." in desk().get(page_of(talk)).text


def test_only_people_in_sight_can_be_chosen(
    session: Session, talk: Conversation, report: Report, desk: At, cast: Cast, office: Office
) -> None:
    other = office.report()
    reports.take(session, other, cast.ratna, office.tick())
    conversations.link(session, talk, None, report=other)
    session.commit()
    for person in (other.reporter.person, other.victims[0].person, report.suspects[0].person):
        assert checks(desk(), talk, person).status_code != 303
    assert checks(desk("petugas2"), talk, other.reporter.person).status_code != 303  # not hers
    assert behind(session, talk).checked_at is None


def test_what_was_agreed_with_whoever_it_is_holds_for_answers(
    session: Session, talk: Conversation, report: Report, desk: At
) -> None:
    bunga = report.victims[0].person
    bunga.safe_contact = SafeContact(channel=NEVER, days=[])
    session.commit()
    assert say(desk(), talk, "Baik, sudah kami baca.").status_code == 303
    assert checks(desk(), talk, bunga).status_code == 303
    answer = say(desk(), talk, "Kami tunggu kabarnya.")
    assert answer.status_code == 409 and "Tuliskan alasannya" in answer.text


def test_a_number_that_changes_is_asked_again(
    session: Session, talk: Conversation, report: Report, desk: At
) -> None:
    checks(desk(), talk, report.reporter.person)
    session.rollback()
    now = datetime.now(UTC)
    whatsapp_people.changed(session, KnownAs(PHONE, NUMBER), "+628123450009", now, now)
    session.commit()
    somebody = behind(session, talk)
    assert (somebody.checked_at, somebody.checked_how) == (None, None)
    assert somebody.person is report.reporter.person  # a no of theirs still counts
    assert CHANGED in desk().get(page_of(talk)).text


def test_whoever_is_kept_from_the_matter_is_kept_from_what_is_split_off(
    session: Session, talk: Conversation, report: Report, cast: Cast, office: Office
) -> None:
    conflicts.exclude(
        session, report, cast.budi, office.tick(), cast.ratna, Conflict.kerabat, "Ipar"
    )
    said = session.scalars(select(Message).where(Message.kind != "event")).all()
    now = datetime.now(UTC)
    apart = talk_merging.split(session, talk, cast.budi, now, said, "Adiknya yang menulis")
    apart.owner = None  # free for all of intake
    session.commit()
    assert [one.report_id for one in apart.links] == [report.id]
    assert not scope.sees(session, cast.ratna, apart)
