"""The whole service standard, step by step, by browsers: from a report to the final nota.

Wati reports on the website, somebody telephones, somebody comes to the counter. Sari takes
and identifies, Budi verifies, Joko visits, Maya helps, terminates and watches over the victim.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from portal.indonesia.dates import long_date, today
from seed.load import load
from tests.e2e.desk import Desk
from tests.public.test_browser import press, sent
from tests.support.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CASE = re.compile(r"KS-\d{4}-\d{5}")
Sit = Callable[[str], Desk]


@pytest.fixture
def sit(session: Session, cast: Cast, browser: Browser, address: str) -> Iterator[Sit]:
    """A desk for an officer, signed in."""
    load(session)
    session.commit()
    desks: list[Desk] = []

    def at(username: str) -> Desk:
        desks.append(Desk(browser, address, username))
        return desks[-1]

    yield at
    for desk in desks:
        desk.close()


@pytest.mark.long
def test_the_service_standard_from_report_to_final_nota(
    page: Page, sit: Sit, tmp_path: Path
) -> None:
    number, code = sent(page)
    sari = sit("petugas")
    takes_a_call(sari)
    receives_a_visitor(sari)
    case = identifies(sari, number)

    budi = sit("supervisor")
    case_url = approves(budi, case)
    approves_the_others_together(budi)
    order = letter_text(budi, case_url, "Surat perintah", tmp_path)
    assert "SURAT PERINTAH" in order
    assert "Joko Prasetyo" in order

    visits(sit("penjangkau"), case_url)
    maya = sit("konselor")
    helps(maya, case_url)
    proposes(maya, case_url)

    decides(budi, case_url)
    nota = letter_text(budi, case_url, "Nota dinas terminasi", tmp_path)
    assert "NOTA DINAS" in nota
    assert long_date(today()) in nota

    monitors(maya, case_url)
    closes(maya, case_url)
    final = letter_text(maya, case_url, "Nota dinas akhir", tmp_path)
    assert "Hasil monitoring" in final
    assert "Monitoring rekaan ke-3" in final

    wati_reads_the_status(page, number, code)


# --- step 1 and 2: reports arrive -----------------------------------------------------------


def takes_a_call(sari: Desk) -> None:
    sari.open("/admin/report/new/?kanal=telepon")
    sari.fill("Kronologi", "Panggilan rekaan: penelepon mendengar tangisan setiap malam.")
    expect(sari.page.locator("[data-draft-status]")).to_contain_text("Draf tersimpan")
    sari.page.reload()
    expect(sari.page.get_by_label("Kronologi").first).to_have_value(re.compile("Panggilan rekaan"))
    sari.page.locator("[name='victims-0-name']").fill("Melati Rekaan")
    sari.press("Simpan laporan")
    sari.sees("LP-")


def receives_a_visitor(sari: Desk) -> None:
    sari.open("/admin/report/new/?kanal=datang_langsung")
    sari.fill("Kronologi", "Tamu rekaan di loket menceritakan ancaman.")
    sari.page.locator("[name='victims-0-name']").fill("Kenanga Rekaan")
    sari.press("Simpan laporan")
    sari.sees("LP-")


# --- step 3: identification ---------------------------------------------------------------------


def identifies(sari: Desk, number: str) -> str:
    sari.open("/admin/report/")
    sari.follow(number)
    sari.follow("Ambil laporan")
    sari.press("Ambil laporan")
    case = identify_here(sari, "Sedang")
    for _report in range(2):
        sari.open("/admin/report/?status=in_progress")
        sari.page.locator("main tbody tr a", has_text="LP-").first.click()
        identify_here(sari, "Tinggi")
    return case


def identify_here(sari: Desk, risk: str) -> str:
    sari.page.get_by_role("link", name=re.compile("^Identifikasi")).first.click()
    sari.press("Cari semua orang dalam laporan ini")
    sari.pick("Risiko", risk)
    sari.press("Jadikan kasus baru")
    sari.sees("Nomor kasus: KS-")
    [case, *_] = CASE.findall(sari.page.locator("body").inner_text())
    return str(case)


# --- step 4: verification and order -------------------------------------------------------------


def approves(budi: Desk, case: str) -> str:
    budi.open("/admin/case/?status=identified")
    budi.follow(case)
    expect(budi.page.get_by_role("heading", level=1)).to_contain_text(case)
    case_url = budi.page.url
    budi.follow("Setujui")
    writes_the_order(budi)
    budi.press("Setujui")
    budi.sees("Kasus disetujui, surat perintah terbit")
    return case_url


def writes_the_order(budi: Desk) -> None:
    budi.look_up("Petugas yang diperintah", "Joko")
    budi.choose("Konselor penanggung jawab", "Maya Kusuma")
    budi.fill("Tempat tujuan", "Balai RW rekaan")
    budi.check("Tempat itu titik temu aman, bukan rumah korban")
    budi.fill("Tugas", "Menemui korban dan menilai keamanannya")


def approves_the_others_together(budi: Desk) -> None:
    budi.open("/admin/case/?status=identified")
    for box in budi.page.locator("main tbody input[type=checkbox]").all():
        box.check()
    budi.page.get_by_role("button", name=re.compile("^Setujui")).first.click()
    writes_the_order(budi)
    budi.page.get_by_role("button", name=re.compile("^Setujui")).first.click()
    budi.sees("Berhasil: 2")
    assert len(set(CASE.findall(budi.page.locator("main").inner_text()))) == 2


def letter_text(desk: Desk, case_url: str, kind: str, folder: Path) -> str:
    page = desk.open(case_url)
    row = page.locator("tr", has_text=kind).filter(has=page.locator("a[href*='/admin/letter/']"))
    row.first.locator("a[href*='/admin/letter/']").first.click()
    link = desk.page.locator("a[href*='/admin/letter/unduh/']").first
    target = desk.download(link.get_attribute("href") or "", folder)
    return subprocess.run(
        ["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True
    ).stdout


def visits(joko: Desk, case_url: str) -> None:
    joko.open(case_url)
    joko.follow("Mulai penjangkauan")
    joko.press("Mulai penjangkauan")
    joko.follow("Laporkan penjangkauan")
    joko.choose("Korban ditemui", "Ya")
    joko.fill("Hasil asesmen", "Korban rekaan aman di rumah kerabat.")
    joko.pick("Risiko menurut penjangkauan", "Sedang")
    joko.fill("Rencana penanganan", "Pemeriksaan kesehatan dan konseling.")
    joko.press("Laporkan penjangkauan")
    joko.sees("Hasil penjangkauan dilaporkan")


# --- step 5 and 6: help, then termination -------------------------------------------------------


def helps(maya: Desk, case_url: str) -> None:
    maya.open(case_url)
    maya.page.locator("a[href*='/admin/intervention/new/']").first.click()
    chooses_the_victim_of_the_case(maya)
    maya.choose("Jenis pelayanan", "Kesehatan")
    maya.choose("Keadaan", "Selesai")
    maya.look_up("Petugas", "Maya")
    maya.page.locator("[name=done_on]").fill(today().isoformat())
    maya.fill("Hasil", "Pemeriksaan rekaan selesai, korban membaik.")
    maya.press("Simpan")
    maya.sees("Pemeriksaan rekaan selesai")
    maya.open(case_url)
    maya.sees("Kesehatan")


def chooses_the_victim_of_the_case(maya: Desk) -> None:
    """Nobody is typed, and there is one to take."""
    victim = maya.page.locator(".field", has=maya.page.locator("select[name=victim]"))
    victim.get_by_role("button", name="Kosongkan").click()
    victim.get_by_role("combobox").click()
    victim.locator(".option").click()
    expect(victim.locator(".item")).to_be_visible()


def proposes(maya: Desk, case_url: str) -> None:
    maya.open(case_url)
    maya.follow("Usulkan terminasi")
    maya.choose("Alasan", "Tujuan penanganan tercapai")
    maya.fill("Ringkasan", "Korban rekaan pulih dan aman.")
    maya.pick("Persetujuan korban", "Setuju")
    maya.press("Usulkan terminasi")
    maya.sees("Terminasi diusulkan")


def decides(budi: Desk, case_url: str) -> None:
    budi.open(case_url)
    budi.follow("Buat nota terminasi")
    budi.press("Buat nota terminasi")
    budi.sees("nota terminasi terbit")


# --- step 7: monitoring ---------------------------------------------------------------------------


def monitors(maya: Desk, case_url: str) -> None:
    for contact in (1, 2, 3):
        page = maya.open(case_url)
        page.locator("tr", has_text=f"Monitoring ke-{contact}").locator("a").first.click()
        maya.follow("Catat monitoring")
        maya.choose("Cara", "Kunjungan rumah")
        maya.choose("Keadaan korban", "Baik")
        maya.pick("Keamanan korban", "Aman")
        maya.fill("Catatan", f"Monitoring rekaan ke-{contact}")
        maya.fill("Alasan menghubungi di luar kesepakatan", "Korban meminta dikunjungi")
        maya.press("Catat monitoring")
        maya.sees("Monitoring dicatat")


def closes(maya: Desk, case_url: str) -> None:
    maya.open(case_url)
    maya.follow("Selesaikan dan buat nota akhir")
    maya.press("Selesaikan dan buat nota akhir")
    maya.sees("nota akhir dengan hasil monitoring terbit")


def wati_reads_the_status(page: Page, number: str, code: str) -> None:
    page.goto("/lacak")
    page.get_by_label("Nomor").fill(number)
    page.get_by_label("Kode rahasia").fill(code)
    press(page, "Buka")
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
    expect(page.locator("main")).to_contain_text("selesai", ignore_case=True)
