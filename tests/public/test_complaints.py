"""`/pengaduan-layanan`: complaints about the service itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ComplaintStatus, Notice, ServiceComplaint
from portal.casework import service_complaints
from portal.casework.lifecycle import Refused
from tests.public.visitor import Page, Visitor, receipt
from tests.support.cast import Cast

BODY = "Saya menunggu dua jam di loket."


def complain(visitor: Visitor, **fields: str) -> Page:
    return visitor.fill("/pengaduan-layanan", **({"body": BODY} | fields))


def the_complaint(session: Session) -> ServiceComplaint:
    session.rollback()
    return session.scalars(select(ServiceComplaint)).one()


def look_up(visitor: Visitor, number: str, code: str) -> Page:
    return visitor.fill("/pengaduan-layanan/status", nomor=number, kode=code)


def test_a_complaint_gets_its_own_number_and_tells_the_supervisors(
    visitor: Visitor, session: Session, cast: Cast
) -> None:
    number, _code = receipt(visitor.get(complain(visitor, name="Wati").leads_to))
    complaint = the_complaint(session)
    assert (complaint.number, complaint.body, complaint.name) == (number, BODY, "Wati")
    assert (complaint.via, complaint.status) == ("website", ComplaintStatus.diterima)
    told = {notice.officer_id for notice in session.scalars(select(Notice))}
    assert told == {cast.budi.id, cast.dewi.id}


def test_number_and_code_show_status_and_answer(
    visitor: Visitor, session: Session, cast: Cast
) -> None:
    sent = receipt(visitor.get(complain(visitor).leads_to))
    page = look_up(visitor, *sent)
    assert "menunggu dibaca" in page.words() and "Kami menjawab paling lambat" in page.words()
    complaint = the_complaint(session)
    now = datetime.now(UTC)
    service_complaints.answer(session, complaint, cast.budi, "Kami tambah loket.", now)
    session.commit()
    page = look_up(visitor, *sent)
    assert "Kami tambah loket." in page.words() and "paling lambat" not in page.words()
    assert cast.budi.name not in page.text


@pytest.mark.parametrize("code", ["%", "", "0000-0000-0000-0000"])
def test_a_wrong_code_finds_nothing(visitor: Visitor, code: str) -> None:
    number, _code = receipt(visitor.get(complain(visitor).leads_to))
    page = look_up(visitor, number, code)
    assert page.status == 422
    assert BODY not in page.text


def test_the_code_of_a_report_opens_no_complaint(visitor: Visitor) -> None:
    visitor.report()
    sent = receipt(visitor.send())
    assert look_up(visitor, *sent).status == 422


def test_an_empty_complaint_asks_for_one_sentence(visitor: Visitor) -> None:
    page = complain(visitor, body="  ", name="Wati")
    assert page.status == 422
    assert page.error_at("body")
    assert page.form("/pengaduan-layanan")["name"] == "Wati"


def test_a_complaint_posted_too_late_is_not_lost(visitor: Visitor, session: Session) -> None:
    form = visitor.get("/pengaduan-layanan").form("/pengaduan-layanan") | {"body": BODY}
    visitor.client.delete_cookie("masukan")
    late = visitor.post("/pengaduan-layanan", form)
    assert late.form("/pengaduan-layanan")["body"] == BODY
    assert session.scalars(select(ServiceComplaint)).all() == []
    assert visitor.post("/pengaduan-layanan", late.form("/pengaduan-layanan")).status == 303


def test_the_receipt_ends_after_fifteen_minutes(visitor: Visitor, session: Session) -> None:
    shown = complain(visitor).leads_to
    complaint = the_complaint(session)
    complaint.created_at -= timedelta(minutes=15)
    session.commit()
    assert visitor.get(shown).leads_to == "/pengaduan-layanan"


def test_a_complaint_leaves_an_unfinished_report_alone(visitor: Visitor) -> None:
    visitor.fill("/lapor/kejadian", narrative="Belum selesai")
    complain(visitor)
    visitor.get("/pengaduan-layanan")
    assert "Belum selesai" in visitor.get("/lapor/kejadian").text


def test_officers_enter_those_that_come_by_telephone(session: Session, cast: Cast) -> None:
    now = datetime.now(UTC)
    taken = service_complaints.receive(
        session, body=BODY, via="telepon", officer=cast.sari, now=now
    )
    complaint = session.scalars(select(ServiceComplaint)).one()
    assert (complaint.via, complaint.entered_by_id) == ("telepon", cast.sari.id)
    assert service_complaints.find(session, taken.number, taken.code).body == BODY


def test_a_complaint_goes_its_way_and_no_other(session: Session, cast: Cast) -> None:
    now = datetime.now(UTC)
    service_complaints.receive(session, body=BODY, now=now)
    complaint = session.scalars(select(ServiceComplaint)).one()
    with pytest.raises(Refused):
        service_complaints.finish(session, complaint, cast.budi, now)
    service_complaints.process(session, complaint, cast.budi, now)
    with pytest.raises(Refused):
        service_complaints.answer(session, complaint, cast.budi, "  ", now)
    service_complaints.answer(session, complaint, cast.budi, "Kami perbaiki.", now)
    service_complaints.finish(session, complaint, cast.budi, now)
    assert complaint.status == ComplaintStatus.selesai
