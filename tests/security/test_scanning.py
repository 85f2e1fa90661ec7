"""The virus scanner, with the real clamd: quarantine until it has spoken, whatever happens."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import select

from models import Attachment, AuditEntry, CaseStatus, Job, JobState, Notice, Officer, Scan
from portal import health, jobs, queue
from portal.casework.arrival import FileFacts
from portal.config import Settings, SettingsError
from portal.protection import audit, files, scanning
from tests.conftest import SECRETS
from tests.protection import samples
from tests.screens.generated.conftest import House, house
from tests.support.clamd import NAME, SIGN, Clamd, clamd
from tests.support.databases import both_engines

__all__ = ["clamd", "house"]  # the fixtures

CLEAN = b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 50
SICK = samples.ooxml("word/document.xml", ("word/media/a.bin", SIGN + b"x" * 300))


@pytest.fixture
def guarded(house: House, clamd: Clamd) -> Iterator[House]:
    """An office whose files go through the scanner."""
    scanning.configure(clamd.url)
    yield house
    scanning.configure("")
    if clamd.process is None:
        clamd.start()


def hand_in(house: House, data: bytes) -> Attachment:
    """A file that came with a report from the public site."""
    key, digest = files.store(data)
    facts = FileFacts(
        kind="bukti",
        filename="suara.mp3",
        mime="audio/mpeg",
        size=len(data),
        sha256=digest,
        storage_key=key,
    )
    report = house.office.taken(files=[facts])
    house.session.commit()
    return house.session.scalars(select(Attachment).filter_by(report_id=report.id)).one()


def after_work(house: House, row: Attachment) -> Attachment:
    """The row once the worker has done what is due."""
    jobs.work_off(house.app)
    house.session.rollback()
    house.session.refresh(row)
    return row


def address(row: Attachment) -> str:
    return f"/admin/attachment/unduh/?id={row.id}"


@both_engines
def test_a_new_file_stays_in_quarantine_until_it_was_scanned(guarded: House) -> None:
    row, desk = hand_in(guarded, CLEAN), guarded.desk("petugas")
    assert row.scan is Scan.quarantined
    answer = desk.get(address(row))
    assert answer.status_code == 303 and answer.location.endswith(f"/details/?id={row.id}")
    page = desk.get(answer.location).text
    assert "Menunggu pemeriksaan virus" in page and "unduh/?id" not in page
    assert after_work(guarded, row).scan is Scan.clean
    assert row.scanned_at is not None
    assert desk.get(address(row)).data == CLEAN


def test_an_infected_file_is_given_to_nobody_told_and_destroyed(guarded: House) -> None:
    row = hand_in(guarded, SICK)
    assert after_work(guarded, row).scan is Scan.infected
    with pytest.raises(FileNotFoundError):
        files.read(row.storage_key)
    for username in ("petugas", "supervisor"):
        assert guarded.desk(username).get(address(row)).status_code == 303
        page = guarded.desk(username).get(f"/admin/attachment/details/?id={row.id}").text
        assert "Virus ditemukan" in page and "unduh/?id" not in page
    told = guarded.session.execute(
        select(Officer.username, Notice.kind, Notice.report_id)
        .join(Notice, Notice.officer_id == Officer.id)
        .where(Notice.kind.startswith("file_infected"))
    ).all()
    assert {one for one in told if not one[0].startswith("admin")} == {
        ("petugas", "file_infected", row.report_id)
    }
    assert {one[1:] for one in told if one[0].startswith("admin")} == {
        ("file_infected_admin", None)
    }
    entries = guarded.session.scalars(select(AuditEntry).filter_by(event="file_infected")).all()
    assert [audit.details_of(one)["signature"] for one in entries] == [f"{NAME}.UNOFFICIAL"]


def test_while_the_scanner_is_away_nothing_is_lost_and_nothing_given_out(
    guarded: House, clamd: Clamd
) -> None:
    row = hand_in(guarded, CLEAN)
    clamd.stop()
    for _try in range(queue.ATTEMPTS + 3):
        after_work(guarded, row)
        job = guarded.session.scalars(select(Job).filter_by(kind=scanning.JOB)).one()
        assert (job.state, row.scan) == (JobState.waiting, Scan.quarantined)
        job.run_at = job.created_at
        guarded.session.commit()
    assert guarded.desk("petugas").get(address(row)).status_code == 303
    clamd.start()
    assert after_work(guarded, row).scan is Scan.clean


def test_a_scan_that_was_lost_is_asked_for_again_and_older_files_too(
    guarded: House, clamd: Clamd
) -> None:
    scanning.configure("")
    older = hand_in(guarded, SICK)
    assert older.scan is Scan.unscanned
    older.created_at = older.created_at.replace(year=2025)
    guarded.session.commit()
    scanning.configure(clamd.url)
    lost = hand_in(guarded, CLEAN)
    guarded.session.delete(guarded.session.scalars(select(Job).filter_by(kind=scanning.JOB)).one())
    lost.created_at = lost.created_at.replace(year=2025)
    guarded.session.commit()
    after_work(guarded, lost)
    guarded.session.refresh(older)
    assert (lost.scan, older.scan) == (Scan.clean, Scan.infected)


def test_a_file_an_officer_adds_is_held_as_well(guarded: House) -> None:
    case = guarded.office.case(CaseStatus.handling)
    desk, picture = guarded.desk("konselor"), io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    picture.seek(0)
    facts = {"kind": "bukti", "case": str(case.id), "csrf_token": desk.token()}
    answer = desk.client.post(
        "/admin/attachment/new/", data={**facts, "file": (picture, "foto.jpg")}
    )
    assert answer.status_code == 302
    guarded.session.rollback()
    row = guarded.session.scalars(select(Attachment)).one()
    assert row.scan is Scan.quarantined
    assert "Menunggu pemeriksaan virus" in desk.get(f"/admin/case/details/?id={case.id}").text
    assert after_work(guarded, row).scan is Scan.clean


def test_without_a_scanner_a_file_says_that_nobody_scanned_it(house: House) -> None:
    row = hand_in(house, CLEAN)
    assert row.scan is Scan.unscanned
    desk = house.desk("petugas")
    assert desk.get(address(row)).data == CLEAN
    assert "tanpa pemeriksa virus" in desk.get(f"/admin/attachment/details/?id={row.id}").text
    assert house.session.scalars(select(Job).filter_by(kind=scanning.JOB)).all() == []


def test_the_check_says_whether_the_scanner_is_there_and_takes_enough(
    guarded: House, clamd: Clamd, settings: Settings
) -> None:
    def found(**changes: int) -> str:
        with guarded.app.app_context():
            return health.troubles(replace(settings, **changes))["clamd"]

    assert found() == ""
    for _ in range(8):  # clamd hangs up on the rest of the file: its answer counts
        assert "StreamMaxLength" in found(upload_limit=40)
    clamd.stop()
    assert found().startswith("Away")


def test_only_an_address_of_a_daemon_is_taken() -> None:
    for nonsense in ("http://x", "clamd", "/run/clamd.sock"):
        with pytest.raises(SettingsError, match="CLAMD_URL"):
            Settings.read(SECRETS | {"PORTAL_ENV": "testing", "CLAMD_URL": nonsense})
