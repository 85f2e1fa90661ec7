"""Which message an answer answers, by which way it leaves, and calls in the midst of the thread."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Call, Channel, Conversation, Direction, Message
from portal.casework import calls, talk_acts, talk_merging
from tests.inbox.conftest import NUMBER, Write
from tests.inbox.test_page import INBOX, act, page_of, say
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast

At = Callable[..., Desk]


def first_of(session: Session, talk: Conversation) -> Message:
    inbound = select(Message).where(Message.conversation_id == talk.id)
    return session.scalars(inbound.where(Message.direction == Direction.masuk)).one()


def last_said(session: Session) -> Message:
    session.rollback()
    said = select(Message).where(Message.direction == Direction.keluar).order_by(Message.id.desc())
    message = session.scalars(said).first()
    assert message is not None
    return message


def test_sari_answers_one_message_of_several(session: Session, write: Write, desk: At) -> None:
    talk, at = write("Bolehkah saya datang besok?", external_id="wamid.1"), desk()
    one, link = first_of(session, talk), "Balas pesan ini"
    assert link not in at.get(page_of(talk)).text  # nobody has it yet
    act(at, talk, "take")
    assert link in at.get(page_of(talk)).text
    asked = at.get(f"{page_of(talk)}&kutip={one.id}")
    assert f'name="balas-quote" type="hidden" value="{one.id}"' in asked.text
    assert asked.text.count("Bolehkah saya datang besok?") == 2
    say(at, talk, "Boleh, pukul sembilan.", **{"balas-quote": str(one.id)})
    assert last_said(session).reply_to_key == one.external_key
    assert '<blockquote class="talk-quote">Bolehkah' in at.get(page_of(talk)).text


def test_a_message_of_another_talk_is_not_quoted(session: Session, write: Write, desk: At) -> None:
    talk, other = write(external_id="wamid.2"), write(number="+628123450002", external_id="wamid.3")
    act(desk(), talk, "take")
    say(desk(), talk, "Halo", **{"balas-quote": str(first_of(session, other).id)})
    assert last_said(session).reply_to_key is None


def merged(session: Session, write: Write, cast: Cast) -> tuple[Conversation, Conversation]:
    """An e-mail, merged into a talk by WhatsApp; the e-mail came last."""
    now, sari = datetime.now(UTC), cast.sari
    talk = write(external_id="wamid.4", at=now - timedelta(minutes=9))
    mail = write(channel=Channel.email, external_id="<1@contoh>", at=now - timedelta(minutes=3))
    talk_acts.take(session, talk, sari, now)
    talk_merging.merge(session, mail, cast.budi, now, talk, "orang yang sama")
    session.commit()
    return talk, mail


def test_a_merged_thread_says_by_which_way_an_answer_leaves(
    session: Session, write: Write, cast: Cast, desk: At
) -> None:
    talk, mail = merged(session, write, cast)
    page = desk().get(page_of(talk)).text
    assert f"Percakapan gabungan: jawaban ini untuk {mail.number} (Surel)" in page
    assert "Terkirim lewat Surel ke luar kantor." in page
    assert page.count("Balas pesan ini") == 1  # what came by WhatsApp cannot be quoted in a mail
    assert "Jawaban bebas dapat dikirim sampai" not in page


def test_a_call_stands_in_the_thread_as_what_it_was(session: Session, cast: Cast, desk: At) -> None:
    now, sari = datetime.now(UTC), cast.sari
    call = calls.open_one(session, Direction.masuk, sari, now - timedelta(minutes=12), NUMBER)
    calls.jot(session, call, sari, "Bertanya tentang visum.", NUMBER, "permintaan_informasi")
    calls.close(session, call, sari, now - timedelta(minutes=7))
    session.commit()
    talk, at = session.scalars(select(Call)).one().conversation, desk()
    page = at.get(page_of(talk)).text
    assert "Panggilan masuk · " in page and " · 5 menit · Sari Wulandari" in page
    assert "Bertanya tentang visum." in page
    assert f'href="/admin/call/details/?id={call.id}">Buka panggilan' in page
    assert "Di saluran ini tidak ada jawaban tertulis" in page and "Kirim jawaban" not in page
    talk.owner_id = sari.id
    session.commit()
    assert "hubungi kembali." in say(at, talk, "Halo").text  # nobody would ever read it


def test_a_draft_that_arrives_after_its_answer_is_none(
    session: Session, write: Write, desk: At
) -> None:
    talk, at, typed = write(), desk(), "Boleh, pukul sembilan."
    act(at, talk, "take")
    say(at, talk, typed)
    at.post(f"{INBOX}draf/?id={talk.id}&untuk=balas", {"balas-body": typed})
    page = at.get(page_of(talk)).text
    assert page.count(typed) == 1  # in the thread, and not once more where one writes
    assert "S.Sos.." not in page
