"""Who must not meet a conversation meets nothing of it, and it follows the work on its report."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Conflict,
    Conversation,
    ConversationLink,
    Message,
    Risk,
    Sending,
    TalkState,
)
from portal.access import scope
from portal.casework import (
    conflicts,
    intake,
    leaving,
    reports,
    talk_acts,
    talk_follow,
    talk_merging,
)
from portal.casework.lifecycle import Refused
from tests.inbox.conftest import Write
from tests.inbox.test_page import INBOX, act, fresh, page_of, say
from tests.protection.samples import pdf
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import Office

At = Callable[..., Desk]


def test_a_chat_somebody_has_is_closed_to_the_others(
    session: Session, write: Write, desk: At
) -> None:
    talk = write("Rahasia sekali")
    act(desk(), talk, "take")
    note = {"catatan-body": "Rahasia", "catatan-files": (io.BytesIO(pdf()), "foto.pdf")}
    address = f"{INBOX}catatan/?id={talk.id}"
    assert desk().post(address, note, content_type="multipart/form-data").status_code == 303
    session.rollback()
    file = session.scalars(select(Attachment)).one()
    for username in ("petugas2", "konselor", "pendamping", "penjangkau", "pimpinan", "admin"):
        other = desk(username)
        for path in ("details/", "percakapan/", "tindakan/take_over/"):
            assert other.get(f"{INBOX}{path}?id={talk.id}").status_code in (403, 404)
        for path in ("balas/", "catatan/", "draf/", "kronologi/", "belum-dibaca/", "kiriman/"):
            answer = other.post(f"{INBOX}{path}?id={talk.id}&untuk=balas", {"balas-body": "x"})
            assert answer.status_code in (403, 404), (username, path)
        assert other.get(f"/admin/attachment/unduh/?id={file.id}").status_code in (403, 404)
        listed = other.get(INBOX).text + other.get(f"{INBOX}langsung/").text
        assert talk.number not in listed and "Rahasia" not in listed
        found = other.post(f"{INBOX}cari/", {"search": talk.number})
        if found.status_code == 303:
            assert f">{talk.number}" not in other.get(found.headers["Location"]).text
            assert f"id={talk.id}" not in other.get(found.headers["Location"]).text
    assert desk("supervisor").get(page_of(talk)).status_code == 200


def test_whoever_is_kept_from_one_matter_of_it_loses_the_conversation(
    session: Session, write: Write, cast: Cast, office: Office
) -> None:
    talk, report = write(), office.report()
    now = datetime.now(UTC)
    talk_acts.take(session, talk, cast.ratna, now)
    talk_acts.link(session, talk, cast.ratna, now, report)
    conflicts.exclude(session, report, cast.budi, now, cast.ratna, Conflict.kerabat, "Ipar")
    session.commit()
    assert talk.owner is None and talk.state is TalkState.new
    assert not scope.sees(session, cast.ratna, talk) and scope.sees(session, cast.sari, talk)
    talk_acts.take(session, talk, cast.sari, now)
    with pytest.raises(Refused):
        talk_acts.hand_over(session, talk, cast.sari, now, cast.ratna)


def test_a_leaver_keeps_no_conversation(session: Session, write: Write, cast: Cast) -> None:
    talk = write()
    talk_acts.take(session, talk, cast.sari, datetime.now(UTC))
    leaving.disable(session, cast.sari, cast.admin, datetime.now(UTC))
    session.commit()
    assert talk.owner is None and talk.state is TalkState.new
    assert scope.sees(session, cast.ratna, talk)


def test_the_conversation_of_a_report_goes_where_its_report_goes(
    session: Session, cast: Cast, office: Office
) -> None:
    report = office.taken()
    talk = report.conversation
    assert talk.owner is cast.sari and talk.state is TalkState.open
    case = reports.identify(
        session, report, cast.sari, office.tick(), reports.Identification(risk=Risk.sedang)
    )
    assert talk.owner is None and talk.state is TalkState.done  # nobody waits: no ghost
    office.approve(case)
    assert talk.owner is cast.maya
    intake.add_message(session, report, "Saya mau bertanya", office.tick())
    assert talk.state is TalkState.open and talk.waiting_since is not None


def test_a_report_that_ends_leaves_who_waits_in_the_list(
    session: Session, cast: Cast, office: Office
) -> None:
    report = office.taken()
    intake.add_message(session, report, "Tolong dibaca", office.tick())
    reports.dismiss(session, report, cast.sari, office.tick(), "information", "Sudah dijawab")
    assert report.conversation.state is TalkState.open and report.conversation.waiting_since


# --- one person, or two -------------------------------------------------------------------------


def test_two_conversations_read_as_one_until_it_is_undone(
    session: Session, write: Write, cast: Cast, desk: At
) -> None:
    first, second = write("Pesan satu"), write("Pesan dua", number="+628123450002")
    budi = desk("supervisor")
    answer = act(budi, second, "merge", number=first.number, reason="Ia sendiri yang bilang")
    assert answer.status_code == 303
    page = budi.get(page_of(first)).text
    assert "Pesan satu" in page and "Pesan dua" in page
    assert second.number not in budi.get(INBOX).text
    write("Pesan tiga", number="+628123450002")
    assert "Pesan tiga" in budi.get(page_of(first)).text
    assert act(desk(), first, "merge", number=second.number, reason="x").status_code in (403, 409)
    assert act(budi, second, "unmerge").status_code == 303
    page = budi.get(page_of(first)).text
    assert "Pesan dua" not in page and "Pesan satu" in page
    assert second.number in budi.get(INBOX).text


def test_messages_of_another_person_move_and_come_back(
    session: Session, write: Write, cast: Cast
) -> None:
    talk, now = write("Dari ibu", "Dari anaknya"), datetime.now(UTC)
    child = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    apart = talk_merging.split(session, talk, cast.budi, now, [child], "Anaknya yang menulis")
    session.commit()
    assert child.conversation is apart and child.moved_from_id == talk.id
    assert write("Lagi dari ibu").id == talk.id
    talk_merging.rejoin(session, apart, cast.budi, now)
    session.commit()
    session.refresh(child)
    assert child.conversation_id == talk.id and child.moved_from_id is None


# --- a chronology -------------------------------------------------------------------------------


def test_chosen_messages_become_the_chronology_of_a_report(
    session: Session, write: Write, desk: At
) -> None:
    began = datetime.now(UTC) - timedelta(minutes=12)
    talk, at = write("Saya dipukul tadi malam", at=began), desk()
    act(at, talk, "take")
    session.rollback()
    key = session.scalars(select(Message.id).where(Message.author_id.is_(None))).first()
    data = {"pesan": str(key), "tujuan": "baru"}
    there = at.post(f"{INBOX}kronologi/?id={talk.id}", data).headers["Location"]
    page = at.get(there).text
    assert "Saya dipukul tadi malam" in page and "WhatsApp · pelapor" in page
    assert at.fill(there).status_code == 303
    session.rollback()
    link = session.scalars(select(ConversationLink)).one()
    assert link.conversation_id == talk.id
    assert abs(link.report.received_at - began) < timedelta(minutes=1)
    assert "Saya dipukul tadi malam" in link.report.narrative
    assert session.get_one(Message, key).body == "Saya dipukul tadi malam"
    write("Dan kemarin juga")
    session.rollback()
    more = session.scalars(select(Message.id).order_by(Message.id.desc()).limit(1)).one()
    added = {"pesan": str(more), "tujuan": str(link.report_id)}
    assert at.post(f"{INBOX}kronologi/?id={talk.id}", added).status_code == 303
    session.rollback()
    session.refresh(link.report)
    assert "Dan kemarin juga" in link.report.narrative


@both_engines
def test_what_can_be_no_message_is_not_chosen(session: Session, write: Write, desk: At) -> None:
    talk, at = write(), desk()
    act(at, talk, "take")
    chosen = {"pesan": ["9" * 30, "9" * 5000, "-1", "\u0663", "x"], "tujuan": "baru"}
    answer = at.post(f"{INBOX}kronologi/?id={talk.id}", chosen)
    assert answer.status_code == 303 and "Pilih pesan dahulu" in at.get(answer.location).text
    assert at.get(f"{page_of(talk)}&sebelum_pesan={'9' * 30}").status_code == 200


def test_an_answer_nobody_saw_the_end_of_is_decided_by_whoever_wrote_it(
    session: Session, write: Write, desk: At
) -> None:
    talk, at = write(), desk()
    act(at, talk, "take")
    say(at, talk, "Halo, pesannya sudah kami baca.")
    session.rollback()
    sending = session.scalars(select(Sending)).one()
    sending.status = "unknown"
    session.commit()
    assert "Sudah sampai" in at.get(page_of(talk)).text
    done = {"apa": "sampai", "pesan": str(sending.message_id)}
    assert at.post(f"{INBOX}kiriman/?id={talk.id}", done).status_code == 303
    assert fresh(session, talk) and session.scalars(select(Sending)).one().status == "accepted"


def test_nobody_is_forgotten_when_the_queue_takes_it_back(
    session: Session, write: Write, cast: Cast
) -> None:
    talk = write()
    talk_acts.take(session, talk, cast.sari, datetime.now(UTC))
    assert talk_follow.release(session, cast.sari, datetime.now(UTC)) == 1
    assert session.get_one(Conversation, talk.id).waiting_since is not None
