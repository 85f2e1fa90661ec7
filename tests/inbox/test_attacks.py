"""Nobody comes by a way around: what one is kept from stays closed, whatever is linked to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Call,
    CaseStatus,
    Channel,
    Conflict,
    ContactAttempt,
    ContactState,
    Conversation,
    Direction,
    Exclusion,
    Sending,
    SendState,
)
from portal.access import scope
from portal.casework import (
    answering,
    call_back,
    call_history,
    calls,
    chat_imports,
    conflicts,
    conversations,
    correspondents,
    grants,
    hearing,
    ringing,
    sending_acts,
    social,
    talk_acts,
    talk_merging,
)
from portal.casework.arrival import ContactFacts, PersonFacts
from portal.casework.contact_words import NEVER
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.casework.lifecycle import Refused
from portal.casework.ringing import Event
from tests.inbox.conftest import NUMBER, Write
from tests.inbox.test_page import INBOX, act, say
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast
from tests.support.office import Office

At = Callable[..., Desk]
IPAR = (Conflict.kerabat, "Ipar")


def linked(session: Session, talk: Conversation, **about: object) -> None:
    with scope.system(session):
        conversations.link(session, talk, None, **about)
    session.commit()


def test_who_is_kept_from_a_case_meets_no_chat_about_its_report(
    session: Session, write: Write, cast: Cast, office: Office
) -> None:
    talk, case = write(), office.case()
    linked(session, talk, report=case.reports[0])
    talk.owner = cast.ratna
    session.commit()
    conflicts.exclude(session, case, cast.budi, datetime.now(UTC), cast.ratna, *IPAR)
    session.commit()
    assert not scope.sees(session, cast.ratna, talk)
    assert talk.owner is None  # it waits for a colleague who may read it
    with scope.system(session):
        known = call_history.of_number(session, cast.ratna, NUMBER)
    assert not known.more


def test_a_link_shows_no_case_that_is_not_mine(
    session: Session, write: Write, desk: At, cast: Cast, office: Office
) -> None:
    """The agreement of everybody in it is asked; its number and state are not told."""
    talk, case = write(), office.case(CaseStatus.handling)
    talk.owner = cast.sari
    linked(session, talk, case=case)
    linked(session, talk, report=case.reports[0])
    at = desk()
    for page in (f"{INBOX}details/?id={talk.id}", f"{INBOX}tindakan/unlink/?id={talk.id}"):
        text = at.get(page).text
        assert talk.number in text
        assert case.number not in text and case.reports[0].number not in text


def test_a_link_to_my_case_opens_no_thread_of_a_report_i_am_kept_from(
    session: Session, cast: Cast, office: Office
) -> None:
    report, mine = office.taken(), office.taken()
    kept = {"officer": cast.ratna, "report": report, "by": cast.budi, "at": datetime.now(UTC)}
    session.add(Exclusion(kind=IPAR[0], reason=IPAR[1], **kept))
    mine.owner = cast.ratna
    linked(session, report.conversation, report=mine)
    assert not scope.sees(session, cast.ratna, report.conversation)
    assert scope.sees(session, cast.sari, report.conversation)


def test_who_is_kept_from_one_matter_keeps_the_other_chats(
    session: Session, write: Write, cast: Cast, office: Office
) -> None:
    one, other, report = write(), write(number="+628123450009"), office.taken()
    mine = office.taken()
    linked(session, one, report=report)
    linked(session, other, report=mine)
    mine.owner, other.owner = cast.ratna, cast.sari
    session.commit()
    conflicts.exclude(session, report, cast.budi, datetime.now(UTC), cast.ratna, *IPAR)
    session.commit()
    assert scope.sees(session, cast.ratna, other) and not scope.sees(session, cast.ratna, one)


def test_an_import_under_somebodys_number_opens_nothing(
    session: Session, write: Write, cast: Cast
) -> None:
    talk, now = write("Rahasia"), datetime.now(UTC)
    known = KnownAs(correspondents.PHONE, NUMBER)
    for officer in (cast.maya, cast.joko):
        chat_imports.keep(session, b"x", known, "Wati", {"office": ""}, officer, now)
        session.commit()
        assert talk.owner is None and not scope.sees(session, officer, talk)
    chat_imports.keep(session, b"y", known, "Wati", {"office": ""}, cast.sari, now)
    assert talk.owner is cast.sari


def test_a_second_post_of_an_account_opens_no_colleagues_report(
    session: Session, cast: Cast, office: Office
) -> None:
    first, second = office.taken(channel="media_sosial"), office.report(channel="media_sosial")
    post = social.Post("Instagram", "@akun.rekaan")
    tell: Callable[..., None] = social.tell
    with scope.system(session):
        tell(session, first, post, cast.sari, office.tick())
        session.commit()
        tell(session, second, post, cast.ratna, office.tick())
        session.commit()
    wanted = select(Conversation).where(
        Conversation.channel == Channel.media_sosial, Conversation.report_id.is_(None)
    )
    hers, ratnas = session.scalars(wanted.order_by(Conversation.id)).all()
    assert scope.sees(session, cast.ratna, ratnas) and not scope.sees(session, cast.ratna, hers)
    assert hers.correspondent_id == ratnas.correspondent_id


# --- safe contact -------------------------------------------------------------------------------


def test_what_was_agreed_in_a_report_holds_for_the_chat_it_was_made_of(
    session: Session, write: Write, office: Office, desk: At
) -> None:
    talk, never = write(), ContactFacts(channel=NEVER)
    act(desk(), talk, "take")
    linked(session, talk, report=office.taken(safe_contact=never))
    refused = say(desk(), talk, "Halo, kami membaca pesannya.")
    assert refused.status_code == 409 and "minta jangan dihubungi" in refused.text
    assert session.scalar(select(Sending)) is None
    said = {"balas-reason": "Ia sendiri bertanya"}
    assert say(desk(), talk, "Halo, kami membaca pesannya.", **said).status_code == 303


def test_what_was_agreed_in_a_case_holds_for_the_chat_that_is_about_it(
    session: Session, write: Write, office: Office, cast: Cast
) -> None:
    """Linked to the case itself, by a number that nobody there has."""
    talk, case, now = write(number="+628123450077"), office.case(), datetime.now(UTC)
    linked(session, talk, case=case)
    told = case.reports[0].reporter
    assert told is not None and told.person.safe_contact is not None
    told.person.safe_contact.channel = NEVER
    session.flush()
    against = answering.hindrances(session, talk, "Halo, kami membaca pesannya.", now)
    assert [one.code for one in against] == ["never"]


def test_the_no_of_whoever_has_the_number_holds_out_of_sight_too(
    session: Session, write: Write, office: Office, cast: Cast, desk: At
) -> None:
    wati = PersonFacts(name="Wati Rekaan", phone=NUMBER)
    report = office.taken(reporter=wati, safe_contact=ContactFacts(channel=NEVER))
    report.owner = cast.ratna
    session.commit()
    talk = write()
    act(desk(), talk, "take")
    assert not scope.sees(session, cast.sari, report)
    assert say(desk(), talk, "Halo, kami membaca pesannya.").status_code == 409
    session.rollback()
    assert session.scalar(select(Sending)) is None


def test_an_answer_leaves_by_the_number_that_wrote_last(
    session: Session, write: Write, cast: Cast, desk: At
) -> None:
    first, second = write("Satu"), write("Dua", number="+628123450002")
    talk_merging.merge(session, first, cast.budi, datetime.now(UTC), second, "Satu orang")
    session.commit()
    act(desk(), second, "take")
    write("Balas ke nomor ini saja")
    assert say(desk(), second, "Baik, kami balas di sini.").status_code == 303
    session.rollback()
    assert session.scalars(select(Sending)).one().to_value == NUMBER


def test_two_clicks_send_anew_once(session: Session, write: Write, desk: At) -> None:
    talk = write()
    act(desk(), talk, "take")
    say(desk(), talk, "Halo, pesannya sudah kami baca.")
    session.rollback()
    sending = session.scalars(select(Sending)).one()
    sending.status = SendState.failed
    session.commit()
    again = {"apa": "ulang", "pesan": str(sending.message_id)}
    for _click in range(2):
        desk().post(f"{INBOX}kiriman/?id={talk.id}", again)
    session.rollback()
    assert len(session.scalars(select(Sending)).all()) == 2


def test_whoever_may_write_may_not_therefore_call(
    session: Session, write: Write, cast: Cast
) -> None:
    talk, now = write(), datetime.now(UTC)
    call = calls.new(session, Direction.masuk, now)
    call.conversation = talk
    wrote = {"conversation": talk, "officer": cast.sari, "state": ContactState.permitted}
    session.add(ContactAttempt(channel="whatsapp", at=now, obstacles=[], **wrote))
    session.flush()
    assert call_back.attempt(session, call, cast.sari, now) is None


def test_the_same_answer_to_the_next_question_leaves_too(
    session: Session, write: Write, desk: At
) -> None:
    talk = write("Aman?")
    act(desk(), talk, "take")
    for _click in range(2):
        say(desk(), talk, "Ya, aman.")
    write("Boleh datang?")
    say(desk(), talk, "Ya, aman.")
    session.rollback()
    assert len(session.scalars(select(Sending)).all()) == 2


def test_nobody_settles_what_a_colleague_sends(
    session: Session, write: Write, cast: Cast, desk: At
) -> None:
    talk = write()
    act(desk(), talk, "take")
    say(desk(), talk, "Halo, pesannya sudah kami baca.")
    session.rollback()
    sending = session.scalars(select(Sending)).one()
    with pytest.raises(Refused):
        sending_acts.cancel(session, sending, cast.ratna, datetime.now(UTC))
    sending_acts.cancel(session, sending, cast.budi, datetime.now(UTC))


# --- merged, linked, rung -----------------------------------------------------------------------


def test_what_a_talk_is_about_holds_for_all_that_was_merged_into_it(
    session: Session, write: Write, cast: Cast, office: Office
) -> None:
    first, second = write("Satu"), write("Dua", number="+628123450002")
    talk_merging.merge(session, second, cast.budi, datetime.now(UTC), first, "Satu orang")
    linked(session, first, report=office.taken())
    assert [one.report_id for one in second.links] == [one.report_id for one in first.links] != []


def test_a_machines_mail_calls_nobody_in_the_merged_thread(
    session: Session, write: Write, cast: Cast
) -> None:
    first, second = write("Satu"), write("Dua", number="+628123450002")
    talk_merging.merge(session, second, cast.budi, datetime.now(UTC), first, "Satu orang")
    first.waiting_since = second.waiting_since = None
    hearing.file_away(session, second, Incoming("Otomatis", datetime.now(UTC)), datetime.now(UTC))
    assert first.waiting_since is None and second.waiting_since is None


def test_who_is_kept_from_a_talk_answers_its_next_call_beside_it(
    session: Session, cast: Cast, office: Office
) -> None:
    now, report = datetime.now(UTC), office.taken()
    cast.ratna.extension = "102"
    before = _hear(session, "newCall", "c1", now)
    _hear(session, "hangup", "c1", now)
    linked(session, before.conversation, report=report)
    conflicts.exclude(session, report, cast.budi, now, cast.ratna, *IPAR)
    rings = _hear(session, "newCall", "c2", now)
    assert rings.conversation is before.conversation
    answered = _hear(session, "answer", "c2", now)
    assert answered.officer is cast.ratna and answered.conversation is not before.conversation
    assert scope.sees(session, cast.ratna, answered)
    assert not scope.sees(session, cast.ratna, before) and before.conversation.owner is None


def _hear(session: Session, told: Any, name: str, now: datetime) -> Call:
    at = ("102",) if told == "answer" else ()
    call = ringing.hear(session, Event(told, name, Direction.masuk, NUMBER, at), now)
    session.commit()
    return call


def test_an_emergency_access_gets_no_conversation_for_good(
    session: Session, write: Write, cast: Cast, office: Office
) -> None:
    case, now = office.case(CaseStatus.handling), datetime.now(UTC)
    talk = write()
    talk.owner = cast.maya
    linked(session, talk, case=case)
    other = next(
        one for one in (cast.joko, cast.dewi, cast.ratna) if not scope.sees(session, one, case)
    )
    grants.break_glass(session, other, case.number, "Konselornya tidak dapat dihubungi", now)
    session.commit()
    assert scope.sees(session, other, talk)
    for act_of in (talk_acts.take_over, talk_acts.link):
        with pytest.raises(Refused, match="hanya dapat dibaca"):
            act_of(session, talk, other, now, office.report() if act_of is talk_acts.link else "x")
    talk_acts.take_over(session, talk, cast.budi, now, "Tugas saya")
