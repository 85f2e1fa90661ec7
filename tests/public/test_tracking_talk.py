"""`/lacak` both ways: the office's files, what is new, and a code that was replaced."""

import itertools

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select

from models import Attachment, AuditEntry, Scan
from portal.casework import intake, receipts, record, tracking
from portal.casework.arrival import FileFacts
from portal.protection import files
from portal.public import visit
from tests.protection import samples
from tests.support.office import Office

CODE = "AAAA-BBBB-CCCC-DDDD"
DATA = samples.picture("PNG")


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


@pytest.fixture
def report(office, session):
    """A report whose receipt Wati holds."""
    report = office.taken()
    report.receipt_hash = receipts.code_hash(CODE)
    session.commit()
    return report


def facts(name):
    key, digest = files.store(DATA)
    return FileFacts(
        kind="lainnya",
        filename=name,
        mime="image/png",
        size=len(DATA),
        sha256=digest,
        storage_key=key,
        flags=(),
    )


@pytest.fixture
def answered(report, session, cast, office, app):
    """Sari has answered with a map, and noted something for herself with a file."""
    intake.answer(session, report, cast.sari, "Ini petanya.", office.tick(), [facts("peta.png")])
    note = intake.note(session, report, cast.sari, "Rahasia", office.tick())
    record.attach(session, report, [facts("rahasia.png")], note, cast.sari)
    intake.add_message(session, report, "Ini foto saya", office.tick(), [facts("saya.png")])
    session.commit()
    return report


def opened(visitor, report):
    visitor.fill("/lacak", nomor=report.number, kode=CODE)
    return visitor.get("/lacak/laporan")


def fetch(visitor, handle):
    csrf = visitor.get("/lacak/laporan").form("/lacak/laporan")["csrf_token"]
    return visitor.client.post("/lacak/berkas", data={"csrf_token": csrf, "berkas": handle})


def handle_of(session, name):
    return next(one for one in session.scalars(select(Attachment)) if one.filename == name).uuid.hex


def test_the_holder_of_the_receipt_fetches_what_the_office_sent(visitor, answered, session):
    page = opened(visitor, answered)
    (handle,) = page.values("//button[@name='berkas']/@value")
    answer = fetch(visitor, handle)
    assert answer.data == DATA
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(event="downloaded")).one()
    assert (entry.actor_id, entry.subject_table) == (None, "attachment")


@pytest.mark.parametrize("name", ["rahasia.png", "saya.png"])
def test_notes_and_the_reporters_own_files_do_not_come_back_out(visitor, answered, session, name):
    opened(visitor, answered)
    answer = fetch(visitor, handle_of(session, name))
    assert answer.status_code == 422
    assert DATA not in answer.data


def test_a_file_of_another_report_is_out_of_reach(visitor, answered, office, session, cast):
    other = office.taken(channel="telepon")
    intake.answer(session, other, cast.sari, "Lain", office.tick(), [facts("lain.png")])
    session.commit()
    opened(visitor, answered)
    assert fetch(visitor, handle_of(session, "lain.png")).status_code == 422
    assert fetch(visitor, "0" * 32).status_code == 422


def test_a_file_in_quarantine_waits(visitor, answered, session):
    file = session.scalars(select(Attachment)).first()
    file.scan = Scan.quarantined
    session.commit()
    page = opened(visitor, answered)
    assert "Menunggu pemeriksaan virus" in page.words()
    assert page.values("//button[@name='berkas']/@value") == []
    assert fetch(visitor, file.uuid.hex).status_code == 422


def test_nobody_fetches_anything_without_the_receipt(visitor, answered, session):
    answer = visitor.client.post("/lacak/berkas", data={"berkas": handle_of(session, "peta.png")})
    assert DATA not in answer.data
    opened(visitor, answered)
    forged = visitor.client.post("/lacak/berkas", data={"berkas": handle_of(session, "peta.png")})
    assert DATA not in forged.data


def test_the_forms_of_a_page_work_for_its_whole_visit(visitor, answered, session, monkeypatch):
    """The cookie is renewed with every page, and the tokens of its forms with it."""
    seconds = itertools.count(int(visit.now().timestamp()))
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: next(seconds))
    opened(visitor, answered)
    form = visitor.get("/lacak/laporan").form("/lacak/laporan")
    csrf, handle = form["csrf_token"], handle_of(session, "peta.png")
    file = visitor.client.post("/lacak/berkas", data={"csrf_token": csrf, "berkas": handle})
    assert file.data == DATA
    assert visitor.post("/lacak/laporan", form | {"text": "Sesudah unduh"}).status == 303


def test_a_new_answer_is_marked_once(visitor, answered):
    assert "Ada 1 jawaban baru" in opened(visitor, answered).words()
    assert "jawaban baru dari" not in visitor.get("/lacak/laporan").words()


def test_a_new_code_ends_what_the_old_one_opened(visitor, report, session):
    assert opened(visitor, report).status == 200
    report.receipt_hash = receipts.code_hash("EEEE-FFFF-GGGG-HHHH")
    session.commit()
    assert visitor.get("/lacak/laporan").leads_to == "/lacak"
    assert visitor.fill("/lacak", nomor=report.number, kode=CODE).status == 422


def test_what_was_moved_to_another_conversation_is_not_shown(answered, session, office):
    own = answered.conversation
    elsewhere = office.report(channel="telepon").conversation
    moved = own.messages[0]
    moved.conversation, moved.moved_from_id = elsewhere, own.id
    session.flush()
    session.expire(own)
    shown = tracking.track(session, answered.id, visit.now())
    assert "Ini petanya." not in {word.body for word in shown.words}
