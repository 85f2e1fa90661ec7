"""After an erasure the portal still works: pages open and say so, nothing can be added."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import models as m
from models import CaseStatus
from portal.casework import erasing, retention
from portal.casework.receipts import code_for
from portal.indonesia import dates
from portal.letters import register
from portal.protection import erasures
from tests.screens.generated.conftest import House, house

__all__ = ["house"]
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture
def erased(house: House) -> Iterator[m.Case]:
    """A closed case whose time is over, with a complaint of the same fate."""
    with register.untried():
        case = house.office.case(CaseStatus.closed)
        house.office.case(CaseStatus.handling)
    complaint = m.ServiceComplaint(
        number="PL-2026-000009", via="telepon", received_at=NOW, body="Lama", answer="Maaf"
    )
    complaint.status = m.ComplaintStatus.selesai
    house.session.add(complaint)
    house.session.commit()
    for row, ground in ((case, "kasus_anak"), (complaint, "pengaduan_layanan")):
        erasing.erase(house.session, row, ground, NOW)
    house.session.commit()
    yield case


def test_every_list_page_and_export_still_opens(house: House, erased: m.Case) -> None:
    desk = house.desk("supervisor")
    tables = ("case", "report", "person", "victim", "letter", "service_complaint", "erasure")
    for table in tables:
        assert desk.get(f"/admin/{table}/").status_code == 200, table
    report, letter = erased.reports[0], erased.letters[0]
    for page in (f"case/details/?id={erased.id}", f"report/details/?id={report.id}"):
        answer = desk.get(f"/admin/{page}")
        assert answer.status_code == 200
        assert "sudah dihapus pada 26 November 2026" in answer.text
    said = desk.get(f"/admin/letter/details/?id={letter.id}").text
    assert "Isi dihapus sesuai masa simpan" in said
    assert desk.get(f"/admin/letter/unduh/?id={letter.id}").status_code == 404
    complaint = house.session.scalars(select(m.ServiceComplaint)).one()
    page = desk.get(f"/admin/service_complaint/details/?id={complaint.id}")
    assert page.status_code == 200
    assert "Kasus selesai" in desk.get("/admin/erasure/").text


def test_nothing_is_added_to_what_was_erased(house: House, erased: m.Case) -> None:
    desk = house.desk("supervisor")
    told = desk.fill(f"/admin/case/edit/?id={erased.id}", narrative="Cerita baru")
    assert "sudah dihapus sesuai masa simpannya" in told.text
    reopened = desk.post(f"/admin/case/tindakan/reopen/?id={erased.id}", {"reason": "Lagi"})
    assert reopened.status_code == 409
    report = erased.reports[0]
    for way in ("balas", "catatan"):
        address = f"/admin/conversation/{way}/?id={report.conversation.id}"
        assert desk.post(address, {f"{way}-body": "Halo"}).status_code == 404
    assert house.session.scalars(select(m.Message).filter_by(report_id=report.id)).all() == []


def test_the_receipt_no_longer_opens_anything(house: House, erased: m.Case) -> None:
    assert erased.reports[0].receipt_hash is None
    assert code_for("apa saja")


def test_a_supervisor_sees_what_falls_due_and_holds_it(house: House) -> None:
    with register.untried():
        case = house.office.case(CaseStatus.closed)
    case.retention_class, case.retain_until = "kasus_anak", dates.today() + timedelta(days=10)
    house.session.commit()
    desk = house.desk("supervisor")
    page = desk.get("/admin/legal_hold/jatuh-tempo/").text
    assert case.number in page
    assert "Kasus selesai: ada korban anak" in page
    link = f"/admin/legal_hold/new/?case={case.id}"
    assert link in page
    assert desk.fill(link, reason="Penyidikan rekaan").status_code == 302
    house.session.rollback()
    assert not retention.may_erase(house.session, case, date(2060, 1, 1))
    assert link not in desk.get("/admin/legal_hold/jatuh-tempo/").text
    hold = house.session.scalars(select(m.LegalHold)).one()
    both = desk.fill("/admin/legal_hold/new/", reason="Tanpa sasaran")
    assert "Pilih tepat satu" in both.text
    lifted = desk.fill(f"/admin/legal_hold/tindakan/lift/?id={hold.id}", reason="Perkara selesai")
    assert lifted.status_code == 303
    house.session.rollback()
    assert retention.may_erase(house.session, case, date(2060, 1, 1))
    assert house.desk("konselor").get("/admin/legal_hold/jatuh-tempo/").status_code == 403


def test_fewer_years_erase_nothing_before_it_was_announced(house: House) -> None:
    with register.untried():
        case = house.office.case(CaseStatus.closed)
    case.retention_class, case.retain_until = "kasus_anak", date(2056, 1, 1)
    house.session.commit()
    row = house.session.scalars(select(m.RetentionClass).filter_by(code="kasus_anak")).one()
    saved = house.desk("admin").fill(f"/admin/retention_class/edit/?id={row.id}", years="1")
    assert saved.status_code == 302
    house.session.rollback()
    assert case.retain_until is None
    retention.date_all(house.session, datetime.now(UTC))
    house.session.commit()
    house.session.rollback()
    assert case.retain_until is not None
    assert case.retain_until >= dates.today() + timedelta(days=30)
    denied = house.desk("supervisor").post(f"/admin/retention_class/edit/?id={row.id}")
    assert denied.status_code == 403


def test_the_commands_preview_erase_and_catch_up(house: House, app: Flask) -> None:
    with register.untried():
        case = house.office.case(CaseStatus.closed)
    case.retention_class, case.retain_until = "kasus_anak", date(2026, 1, 2)
    case.closed_at = datetime(2005, 12, 2, tzinfo=UTC)
    house.session.commit()
    run = app.test_cli_runner()
    assert "2026-01-02 kasus_anak 1" in run.invoke(args=["retention", "preview"]).output
    done = run.invoke(args=["retention", "run"])
    assert "erased 1" in done.output, done.output
    house.session.rollback()
    assert case.erased_at is not None
    job = house.session.scalars(select(m.Job).where(m.Job.kind == erasing.JOB)).one()
    erasing.finish(house.session, job.payload)
    assert len(erasures.lines()) == 1
    assert "erased anew 0" in run.invoke(args=["retention", "replay"]).output
