"""An officer's morning: one of each channel, every one in the one inbox, answered inside the clock.

Wati reports on the website, Wulan writes by WhatsApp, somebody telephones, somebody stands at the
counter, a teacher writes a mail. Sari answers them all, and Wati writes back. Meta's side, the
mailbox and the mail server are real servers.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.jobs import work_off
from seed.load import load
from tests.channels.mailroom import FROM, mail
from tests.conftest import SECRETS
from tests.e2e.desk import Desk
from tests.public.test_browser import press, sent
from tests.support import meta as played
from tests.support.browser import PHONE
from tests.support.cast import Cast
from tests.support.imap import Dovecot, dovecot
from tests.support.looks import overflow, violations
from tests.support.mail import Post, post_office
from tests.support.meta import Meta, contact, delivery, message, post

__all__ = ["dovecot"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TOKEN, EXTENSION = "rahasia-telepon-0123456789", "101"
LATE = "Lewat batas waktu"


@pytest.fixture
def meta() -> Iterator[Meta]:
    """Meta's side of WhatsApp."""
    with played.running() as found:
        yield found


@pytest.fixture
def mails() -> Iterator[Post]:
    """Where mails go."""
    with post_office() as found:
        yield found


@pytest.fixture
def settings(
    database_url: str, shared_folder: Path, meta: Meta, dovecot: Dovecot, mails: Post
) -> Settings:
    """Every channel is on."""
    dovecot.empty()
    places = {"DATABASE_URL": database_url, "PORTAL_DATA": str(shared_folder)}
    post_ways = {"IMAP_URL": dovecot.url, "SMTP_URL": mails.url, "PORTAL_MAIL_FROM": FROM}
    other = {"PORTAL_TELEPHONE_TOKEN": TOKEN, "PORTAL_BACKUPS": "off", "PORTAL_ENV": "testing"}
    return Settings.read(SECRETS | places | meta.settings() | post_ways | other)


@pytest.fixture
def sari(session: Session, cast: Cast, browser: Browser, address: str) -> Iterator[Desk]:
    """Sari, at her desk with telephone 101."""
    load(session)
    cast.sari.extension = EXTENSION
    session.commit()
    desk = Desk(browser, address, "petugas")
    yield desk
    desk.close()


@pytest.mark.long
def test_one_of_each_channel_is_answered_inside_the_clock(
    app: Flask, page: Page, sari: Desk, meta: Meta, mails: Post, dovecot: Dovecot
) -> None:
    number, code = sent(page)
    wulan_writes(app)
    dovecot.drop(bytes(mail("Seorang murid kami sering murung.", "Guru <guru@uji.test>")))
    work_off(app)
    somebody_calls(app, sari)
    somebody_comes(sari)
    everybody_stands_in_the_inbox(sari)

    answers(sari, "Wulan Rekaan", "Ya, aman. Apa yang terjadi?", quoting="Apakah aman di sini?")
    answers(sari, "Guru", "Terima kasih. Kami menghubungi Anda lewat surel ini.")
    answers(sari, number, "Laporan Anda kami baca. Apakah Anda aman malam ini?")
    work_off(app)
    arrives_by_whatsapp(meta)
    assert [one["To"] for one in mails.taken] == ["guru@uji.test"]

    wati_reads_and_writes_back(page, number, code)
    hears_again(sari, number)
    nothing_is_late(sari)


# --- what comes in ------------------------------------------------------------------------------


def wulan_writes(app: Flask) -> None:
    now = str(int(datetime.now(UTC).timestamp()))
    said = [
        message(f"wamid.pagi{place}", text, timestamp=now)
        for place, text in enumerate(("Halo, saya Wulan.", "Apakah aman di sini?"))
    ]
    body = delivery({"contacts": [contact("Wulan Rekaan")], "messages": said})
    assert post(app.test_client(), body).status_code == 200


def push(app: Flask, event: str, **said: Any) -> None:
    told = {"event": event, "callId": "pagi", "from": "+6281200000007", "to": "100", **said}
    assert app.test_client().post(f"/webhook/telepon/{TOKEN}", json=told).status_code == 200


def somebody_calls(app: Flask, sari: Desk) -> None:
    """The screen opens for whoever picks up; one step leads from the call to its report."""
    push(app, "newCall")
    work_off(app)
    push(app, "answer", answeringNumber=EXTENSION)
    work_off(app)
    sari.page.wait_for_url("**/admin/call/layar/**")
    expect(sari.page.locator(".stopwatch")).to_be_visible()
    sari.fill("Catatan", "Penelepon rekaan mendengar tangisan dari rumah sebelah.")
    sari.press("Jadikan laporan")
    expect(sari.page.get_by_label("Kronologi").first).to_have_value(re.compile("tangisan"))
    sari.press("Simpan laporan")
    sari.sees("LP-")
    push(app, "hangup", cause="normalClearing")
    work_off(app)


def somebody_comes(sari: Desk) -> None:
    """A queue number, the ten minutes of the counter, a report."""
    sari.open("/admin/visit/loket/")
    sari.press("Ambil nomor")
    sari.open("/admin/visit/loket/")
    expect(sari.page.locator(".queue time[data-clock], .queue .clock").first).to_be_visible()
    assert (violations(sari.page), overflow(sari.page)) == ([], 0)
    sari.press("Panggil berikutnya")
    sari.follow("Catat laporannya")
    sari.fill("Kronologi", "Tamu rekaan di loket menceritakan ancaman.")
    sari.press("Simpan laporan")
    sari.sees("LP-")


# --- the inbox ------------------------------------------------------------------------------------


def everybody_stands_in_the_inbox(sari: Desk) -> None:
    sari.open("/admin/conversation/")
    rows = sari.page.locator(".inbox-row")
    for channel in ("Situs web", "WhatsApp", "Surel"):
        expect(rows.filter(has_text=channel)).to_have_count(1)
    expect(sari.page.locator("main")).not_to_contain_text(LATE)
    sari.page.set_viewport_size(PHONE)
    assert (violations(sari.page), overflow(sari.page)) == ([], 0)
    sari.page.set_viewport_size({"width": 1280, "height": 900})


def answers(sari: Desk, row: str, text: str, quoting: str = "") -> None:
    """Find it in the inbox, take it, answer it inside the clock."""
    sari.open("/admin/conversation/")
    sari.page.locator(".inbox-row", has_text=row).first.click()
    sari.press("Ambil")
    sari.page.wait_for_load_state()
    if sari.page.url.partition("?")[0].endswith("/take/"):
        sari.press("Ambil")
    state = sari.page.locator("#talk-state")
    expect(state).to_contain_text("Sari Wulandari")
    expect(state).to_contain_text("Menunggu kita")
    expect(state).not_to_contain_text(LATE)
    if quoting:
        line = sari.page.locator(".talk-line", has_text=quoting)
        line.get_by_role("link", name="Balas pesan ini").click()
        expect(sari.page.locator("[data-quoting]")).to_contain_text(quoting)
    sari.fill("Jawaban", text)
    sari.press("Kirim jawaban")
    expect(sari.page.locator("#thread")).to_contain_text(text)
    expect(sari.page.locator("#talk-state")).to_contain_text("Menunggu pelapor")


def arrives_by_whatsapp(meta: Meta) -> None:
    [asked] = meta.asked
    assert asked["text"]["body"] == "Ya, aman. Apa yang terjadi?"
    assert asked["context"] == {"message_id": "wamid.pagi1"}


def hears_again(sari: Desk, number: str) -> None:
    sari.open("/admin/conversation/")
    row = sari.page.locator(".inbox-row.inbox-unread", has_text=number)
    expect(row).to_be_visible()
    row.click()
    expect(sari.page.locator("#thread")).to_contain_text("Saya di rumah saudara.")


def nothing_is_late(sari: Desk) -> None:
    for view in ("menunggu", "baru", "saya", "pelapor", "selesai"):
        sari.open(f"/admin/conversation/?tampilan={view}")
        expect(sari.page.locator("main")).not_to_contain_text(LATE)


# --- the reporter's side --------------------------------------------------------------------------


def wati_reads_and_writes_back(page: Page, number: str, code: str) -> None:
    page.goto("/lacak")
    page.get_by_label("Nomor", exact=True).fill(number)
    page.get_by_label("Kode rahasia").fill(code)
    press(page, "Buka")
    expect(page.locator("main")).to_contain_text("Apakah Anda aman malam ini?")
    page.locator("textarea[name=text]").fill("Saya di rumah saudara.")
    press(page, "Kirim pesan")
    expect(page.locator("main")).to_contain_text("Pesan Anda sudah kami terima.")
