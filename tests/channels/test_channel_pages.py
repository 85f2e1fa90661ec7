"""Admin sees how the channels are doing, nothing of what was written; and lets it go on."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, ChannelDelivery, Job, JobState
from portal import health, jobs, queue
from portal.casework import channel_state
from tests.screens.generated.desk import Desk
from tests.support.cast import Cast
from tests.support.meta import Meta, delivery, message, post

Sit = Callable[[str], Desk]


@pytest.fixture
def sit(app: Flask, cast: Cast) -> Sit:
    return lambda username: Desk(app, username)


def test_admin_sees_figures_and_no_word_of_anybody(
    whatsapp: Meta, app: Flask, client: FlaskClient, session: Session, sit: Sit
) -> None:
    post(client, delivery({"messages": [message("wamid.1", "rahasia sekali")]}))
    post(client, b"bukan json")
    post(client, b"{}", "sha256=salah")
    jobs.work_off(app)
    admin = sit("admin")
    page = admin.get("/admin/kanal/").text
    assert "Tanda tangan salah: 1" in page and "Tidak terbaca" in page
    listed = admin.get("/admin/channel_delivery/").text
    assert "Isinya tidak dapat dibaca" in listed
    rows = session.scalars(select(ChannelDelivery.id)).all()
    pages = [admin.get(f"/admin/channel_delivery/details/?id={key}").text for key in rows]
    assert not any("rahasia" in one or "bukan json" in one for one in (page, listed, *pages))


def test_a_channel_that_is_off_says_so_in_the_language_of_the_page(sit: Sit) -> None:
    page = sit("admin").get("/admin/kanal/").text
    assert "Surel, kotak masuk: IMAP_URL" in page
    assert not [name for name in health.CHANNELS if name in page]


@pytest.mark.parametrize("username", ["petugas", "supervisor", "pimpinan", "auditor"])
def test_the_health_of_channels_is_for_admin_alone(sit: Sit, username: str) -> None:
    somebody = sit(username)
    assert somebody.get("/admin/kanal/").status_code == 403
    assert somebody.get("/admin/channel_delivery/").status_code in (403, 404)
    assert somebody.post("/admin/kanal/lanjutkan/?kanal=whatsapp").status_code == 403


def test_what_nobody_understood_can_be_read_again(
    whatsapp: Meta, app: Flask, client: FlaskClient, session: Session, sit: Sit
) -> None:
    post(client, b"bukan json")
    jobs.work_off(app)
    row = session.scalars(select(ChannelDelivery)).one()
    admin = sit("admin")
    assert admin.post(f"/admin/channel_delivery/lagi/?id={row.id}").status_code == 303
    session.expire_all()
    session.rollback()
    assert (row.trouble, row.processed_at) == (None, None)
    assert admin.post(f"/admin/channel_delivery/lagi/?id={row.id}").status_code == 409
    jobs.work_off(app)
    session.rollback()
    assert row.trouble == "malformed"
    assert "delivery_read_again" in session.scalars(select(AuditEntry.event)).all()


def test_a_job_that_was_given_up_runs_again_when_admin_says_so(session: Session, sit: Sit) -> None:
    job = queue.enqueue(session, "render_letter", {"letter_id": 404})
    session.commit()
    admin = sit("admin")
    assert admin.post(f"/admin/job/lagi/?id={job.id}").status_code == 409
    job.state, job.attempts = JobState.failed, queue.ATTEMPTS
    session.commit()
    assert "Jalankan lagi" in admin.get(f"/admin/job/details/?id={job.id}").text
    assert admin.post(f"/admin/job/lagi/?id={job.id}").status_code == 303
    session.rollback()
    session.expire_all()
    assert (session.get_one(Job, job.id).state, job.attempts) == (JobState.waiting, 0)


def test_what_failed_stays_until_admin_says_that_nothing_more_is_to_be_done(
    whatsapp: Meta, app: Flask, client: FlaskClient, session: Session, sit: Sit
) -> None:
    post(client, b"bukan json")
    jobs.work_off(app)
    row = session.scalars(select(ChannelDelivery)).one()
    job = queue.enqueue(session, "render_letter", {"letter_id": 404})
    job.state, job.error = JobState.failed, "KeyError"
    session.commit()
    admin = sit("admin")
    for table, key in (("channel_delivery", row.id), ("job", job.id)):
        assert "nyatakan selesai" in admin.get(f"/admin/{table}/details/?id={key}").text
        for code in (303, 409):
            assert admin.post(f"/admin/{table}/selesai/?id={key}").status_code == code
    session.rollback()
    session.expire_all()
    assert row.trouble is None and row.processed_at is not None
    assert (job.state, job.error) == (JobState.done, "KeyError")
    events = session.scalars(select(AuditEntry.event)).all()
    assert {"delivery_closed", "job_closed"} <= set(events)


def test_a_channel_that_was_stopped_goes_on_when_admin_says_so(session: Session, sit: Sit) -> None:
    channel_state.stop(session, "whatsapp", "190", datetime.now(UTC))
    session.commit()
    admin = sit("admin")
    assert "Akses ke WhatsApp ditolak." in admin.get("/admin/kanal/").text
    assert admin.post("/admin/kanal/lanjutkan/?kanal=whatsapp").status_code == 303
    session.rollback()
    session.expire_all()
    assert channel_state.stopped(session, "whatsapp") is None
    assert admin.post("/admin/kanal/lanjutkan/?kanal=lain").status_code == 404
