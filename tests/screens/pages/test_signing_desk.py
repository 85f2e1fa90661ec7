"""Paraf and signature at the desk: read, ticked, signed at once; or by hand, and scanned."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, text

from models import (
    AuditEntry,
    CaseStatus,
    Letter,
    LetterForm,
    LetterKind,
    Notice,
    Officer,
    Signatory,
    SignedBy,
    StepPart,
)
from portal.casework import letter_acts, signing_certificates
from portal.letters import proof, seals, versions
from portal.protection import files
from tests.screens.generated.conftest import House
from tests.support import signing as pens
from tests.support.browser import DESKTOP, PHONE
from tests.support.looks import overflow, violations
from tests.support.signing import NIK, PASSPHRASE, pdfsig, service

DESK, READ = "/admin/letter/meja/", "/admin/letter/meja/baca/?id={}"
BOX = 'name="letter" value="{}"'
REASON = "Nama jalan keliru."


@pytest.fixture(autouse=True)
def budi_signs(house: House) -> None:
    """The list of signatories names Budi."""
    house.session.add(Signatory(officer=house.cast.budi, valid_from=date(2026, 1, 1)))
    house.session.commit()


def install(house: House, officer: Officer, **about: Any) -> None:
    """A certificate for this officer, as they would have installed it."""
    data = pens.fresh(officer.name, **about).file(PASSPHRASE)
    now = about.get("since", pens.today()) + timedelta(hours=1)
    signing_certificates.add(house.session, officer, data, PASSPHRASE, now)
    house.session.commit()


def order(house: House) -> Letter:
    """A new surat perintah, which Budi signs."""
    letter = house.office.case(CaseStatus.approved).letters[0]
    house.session.commit()
    return letter


def initialler(house: House, officer: Officer, position: int = 1) -> None:
    facts = {"part": StepPart.paraf, "position": position, "valid_from": date(2026, 1, 1)}
    house.session.add(Signatory(officer=officer, **facts))
    house.session.commit()


def read(house: House, username: str, *letters: Letter) -> None:
    """Opened, and said to be read."""
    for letter in letters:
        assert house.desk(username).get(READ.format(letter.id)).status_code == 200
        assert house.desk(username).post(READ.format(letter.id)).status_code == 303


def sign(
    house: House, *letters: Letter, passphrase: str = PASSPHRASE, by: str = "supervisor"
) -> Any:
    facts = {"letter": [one.id for one in letters], "passphrase": passphrase}
    return house.desk(by).post(DESK, facts)


def again(house: House, letter: Letter) -> Letter:
    house.session.rollback()
    house.session.expire_all()
    return letter


def signed(house: House, letter: Letter) -> bool:
    return again(house, letter).signed_at is not None


def events(house: House, event: str) -> int:
    house.session.rollback()
    return len(house.session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all())


def told(house: House, officer: Officer) -> list[str]:
    house.session.rollback()
    return list(house.session.scalars(select(Notice.kind).where(Notice.officer == officer)))


# --- electronic signature -------------------------------------------------------------------------


def test_several_letters_are_read_and_signed_with_one_passphrase(
    house: House, tmp_path: Path
) -> None:
    install(house, house.cast.budi)
    letters = [order(house), order(house)]
    page = house.desk("supervisor").get(DESK).text
    assert page.count("Belum dibaca") == 2 and "Surat yang menunggu Anda" in page
    read(house, "supervisor", *letters)
    assert house.desk("supervisor").get(DESK).text.count("Sudah dibaca") == 2
    answer = sign(house, *letters)
    assert answer.status_code == 200 and "Berhasil: 2" in answer.text
    assert "Tidak ada surat yang menunggu Anda" in answer.text
    for letter in letters:
        draft, final = again(house, letter).files
        before, after = versions.read(draft), versions.read(final)
        (step,) = letter.steps
        assert after.startswith(before) and final.form is LetterForm.bertanda_tangan
        assert (step.sha256_before, step.sha256_after) == (draft.sha256, final.sha256)
        assert (step.method, step.officer) == (SignedBy.elektronik, house.cast.budi)
        assert step.certificate and "Budi Santoso" in step.certificate
        seal = seals.inspect(after, [pens.authority().root])
        assert seal and seal.sound and seal.trusted and seal.signed_at == _second(letter)
        assert "Signature is Valid" in pdfsig(after, tmp_path)
        got = house.desk("supervisor").get(f"/admin/letter/unduh/?id={letter.id}").data
        assert got == after
    assert events(house, "letter_signed") == 2
    assert proof.verify(house.session)["changed"] == 0


def _second(letter: Letter) -> datetime:
    assert letter.signed_at
    return letter.signed_at.replace(microsecond=0)


def test_what_only_says_that_it_is_signed_goes_out_as_a_draft(house: House) -> None:
    install(house, house.cast.budi)
    letter, desk = order(house), house.desk("supervisor")
    name, keys = letter.printed.replace("/", "-"), {"rowid": [str(letter.id)]}
    ask, run = "/admin/letter/cetak/{}/", {"row": [str(letter.id)], "why": "Arsip bulan ini"}

    def filename() -> str:
        answer = desk.get(f"/admin/letter/unduh/?id={letter.id}")
        return str(answer.headers["Content-Disposition"])

    assert f"{name}-belum-ditandatangani.pdf" in filename()
    for page in ("details", "baca"):
        text = desk.get(f"/admin/letter/{page}/?id={letter.id}").text
        assert "jangan edarkan sebelum ditandatangani" in text
    for page in (READ, "/admin/letter/baca/?id={}"):
        text = desk.get(page.format(letter.id)).text
        assert "<em>Belum ditandatangani</em>" in text
        assert "<em>Ditandatangani secara elektronik</em>" not in text
    zipped = zipfile.ZipFile(io.BytesIO(desk.post(ask.format("zip"), run).data))
    assert zipped.namelist() == [f"{name}-belum-ditandatangani.pdf"]
    assert (
        f"{letter.printed}</a>: Belum ditandatangani." in desk.post(ask.format("cetak"), keys).text
    )
    assert desk.post(ask.format("cetak"), run).status_code == 409
    drafts = {"drafts": "1"}
    assert 'name="drafts" value="1"' in desk.post(ask.format("cetak"), keys | drafts).text
    assert desk.post(ask.format("cetak"), run | drafts).mimetype == "application/pdf"
    read(house, "supervisor", letter)
    assert "Berhasil: 1" in sign(house, letter).text
    assert f"{name}.pdf" in filename()
    text = desk.get(f"/admin/letter/baca/?id={letter.id}").text
    assert "<em>Ditandatangani secara elektronik</em>" in text and "jangan edarkan" not in text
    assert desk.post(ask.format("cetak"), run).mimetype == "application/pdf"


def test_what_was_not_read_is_not_signed(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    house.desk("supervisor").get(READ.format(letter.id))  # looking at it marks nothing
    assert f"{BOX.format(letter.id)} disabled" in house.desk("supervisor").get(DESK).text
    answer = sign(house, letter)
    assert "Tidak berhasil: 1" in answer.text and "Buka dan baca" in answer.text
    assert not signed(house, letter)


def test_what_cannot_be_shown_is_said_and_not_offered_for_signing(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    said = json.loads(letter.content or "")
    del said["letterhead"]
    letter.content = json.dumps(said)
    house.session.commit()
    page = house.desk("supervisor").get(READ.format(letter.id))
    assert page.status_code == 200 and "Naskah tidak dapat ditampilkan" in page.text
    assert 'name="passphrase"' not in page.text


def test_the_page_on_which_it_is_read_signs_it_at_once(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    page = house.desk("supervisor").get(READ.format(letter.id)).text
    form = dict(re.findall(r'<input type="hidden" name="(letter|read)" value="(\d+)"', page))
    assert form == {"letter": str(letter.id), "read": str(letter.id)}
    answer = house.desk("supervisor").post(DESK, form | {"passphrase": PASSPHRASE})
    assert "Berhasil: 1" in answer.text and signed(house, letter)


def test_a_wrong_passphrase_is_said_beside_it_and_nothing_is_lost(house: House) -> None:
    install(house, house.cast.budi)
    letters = [order(house), order(house)]
    read(house, "supervisor", *letters)
    for wrong in ("bukan ini", ""):
        answer = sign(house, *letters, passphrase=wrong)
        assert answer.status_code == 422
        expected = "Kata sandi sertifikat ini tidak cocok" if wrong else "Isi kata sandi"
        assert expected in answer.text and "bukan ini" not in answer.text
        assert all(f"{BOX.format(one.id)} checked" in answer.text for one in letters)
    assert not any(signed(house, one) for one in letters)
    assert all(len(one.files) <= 1 for one in letters)
    assert "Berhasil: 2" in sign(house, *letters).text


def test_a_certificate_that_has_ended_is_said(house: House) -> None:
    lasting = {"since": pens.today() - timedelta(days=9), "lasting": timedelta(days=8)}
    install(house, house.cast.budi, **lasting)
    letter = order(house)
    read(house, "supervisor", letter)
    answer = sign(house, letter)
    assert answer.status_code == 422 and "sudah kedaluwarsa sejak" in answer.text
    assert not signed(house, letter) and len(letter.files) <= 1


def test_what_the_letter_lacks_by_now_is_said_and_it_is_not_signed(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    house.cast.budi.position = None
    house.session.commit()
    page = house.desk("supervisor").get(READ.format(letter.id)).text
    assert "Surat belum dapat ditandatangani" in page
    assert page.count("Jabatan penandatangan belum diisi") == 1
    read(house, "supervisor", letter)
    assert "Jabatan penandatangan belum diisi" in sign(house, letter).text
    assert not signed(house, letter)


def test_a_report_of_a_month_is_read_and_signed_though_it_is_made_from_no_row(
    house: House,
) -> None:
    install(house, house.cast.budi)
    now = datetime.now(UTC)
    month = letter_acts.found(house.session, LetterKind.laporan_bulanan, now.year * 100 + now.month)
    letter = letter_acts.issue(
        house.session, LetterKind.laporan_bulanan, month, house.cast.budi, now
    )
    house.session.commit()
    read(house, "supervisor", letter)
    assert "Berhasil: 1" in sign(house, letter).text


def test_a_full_disk_leaves_the_letter_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    read(house, "supervisor", letter)
    versions.stored(house.session, letter)
    house.session.commit()

    def full(data: bytes) -> tuple[str, str]:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "store", full)
        answer = sign(house, letter)
    assert answer.status_code == 200 and "tempat penyimpanan penuh" in answer.text
    assert not signed(house, letter) and len(letter.files) == 1
    assert letter.steps[0].done_at is None and events(house, "letter_signed") == 0
    assert "Berhasil: 1" in sign(house, letter).text


def test_a_letter_made_anew_is_read_anew(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    versions.stored(house.session, letter)
    house.session.commit()
    read(house, "supervisor", letter)
    versions.again(house.session, letter)
    house.session.commit()
    assert "Buka dan baca" in sign(house, letter).text
    read(house, "supervisor", letter)
    assert "Berhasil: 1" in sign(house, letter).text


def test_a_signed_letter_is_neither_signed_again_nor_made_anew(house: House) -> None:
    install(house, house.cast.budi)
    letter = order(house)
    read(house, "supervisor", letter)
    assert "Berhasil: 1" in sign(house, letter).text
    answer = sign(house, letter)
    assert "sudah ditandatangani oleh Budi Santoso" in answer.text
    with pytest.raises(versions.StoreError):
        versions.again(house.session, again(house, letter))


def test_the_head_signs_what_budi_issued_and_budi_hears_of_it(house: House) -> None:
    facts = {"kind": "surat_perintah", "valid_from": date(2026, 1, 1)}
    house.session.add(Signatory(officer=house.cast.hadi, **facts))
    install(house, house.cast.hadi)
    letter = order(house)
    assert "letter_to_sign" in told(house, house.cast.hadi) or letter.signatory is house.cast.hadi
    read(house, "pimpinan", letter)
    assert "Berhasil: 1" in sign(house, letter, by="pimpinan").text
    assert "letter_signed" in told(house, house.cast.budi)


def test_nobody_signs_for_somebody_else(house: House) -> None:
    install(house, house.cast.budi)
    install(house, house.cast.maya)
    letter = order(house)
    page = house.desk("konselor").get(READ.format(letter.id))
    assert "menunggu Budi Santoso" in page.text and "Kembalikan" not in page.text
    assert "menunggu Budi Santoso" in sign(house, letter, by="konselor").text
    assert house.desk("petugas2").get(READ.format(letter.id)).status_code == 404
    assert "tidak lagi terbuka" in sign(house, letter, by="petugas2").text
    assert house.desk("admin").get(DESK).status_code == 403
    assert house.desk("auditor").post(DESK, {"letter": letter.id}).status_code == 403
    assert not signed(house, letter)


# --- the national service -------------------------------------------------------------------------


@pytest.fixture
def there(house: House) -> Iterator[Any]:
    """The signing service, where Budi is known."""
    settings = house.app.extensions["settings"]
    with service() as found:
        found.issued = pens.fresh("Budi Santoso")
        found.at = pens.today()
        house.app.extensions["settings"] = _speaking_to(settings, found.settings())
        signing_certificates.choose_service(house.session, house.cast.budi, NIK, datetime.now(UTC))
        house.session.commit()
        yield found
        house.app.extensions["settings"] = settings


def _speaking_to(settings: Any, said: dict[str, str]) -> Any:
    return replace(settings, signer_url=said["SIGNER_URL"], signer_token=said["SIGNER_TOKEN"])


def test_the_service_signs_and_nobody_waits_for_it(house: House, there: Any) -> None:
    letter = order(house)
    read(house, "supervisor", letter)
    written = []

    def meanwhile(data: bytes) -> bytes:
        """Somebody else works while the service takes its time."""
        with house.session.get_bind().connect() as other:  # type: ignore[union-attr]
            other.execute(text("UPDATE officer SET rank = 'Penata' WHERE username = 'petugas'"))
            other.commit()
        written.append(True)
        return data

    there.spoil = meanwhile
    assert "Berhasil: 1" in sign(house, letter).text
    assert written and signed(house, letter)


def test_what_the_service_refuses_is_said_at_the_desk(house: House, there: Any) -> None:
    letter = order(house)
    read(house, "supervisor", letter)
    answer = sign(house, letter, passphrase="salah")
    assert answer.status_code == 422 and "passphrase) ini tidak cocok" in answer.text
    there.spoil = lambda data: data[:-1]
    assert "tidak sesuai dengan surat ini" in sign(house, letter).text
    assert not signed(house, letter) and len(letter.files) == 1


# --- paraf ----------------------------------------------------------------------------------------


def test_a_paraf_comes_before_the_signature_and_changes_no_byte(house: House) -> None:
    initialler(house, house.cast.maya)
    install(house, house.cast.budi)
    letter = order(house)
    assert "menunggu Maya Kusuma" in house.desk("supervisor").get(READ.format(letter.id)).text
    read(house, "konselor", letter)
    answer = sign(house, letter, passphrase="", by="konselor")
    assert "Berhasil: 1" in answer.text
    first, last = again(house, letter).steps
    assert (first.method, first.sha256_before) == (SignedBy.portal, first.sha256_after)
    assert [one.form for one in letter.files] == [LetterForm.naskah]
    assert "letter_to_sign" in told(house, house.cast.budi) and last.done_at is None
    notices = house.desk("supervisor").get("/admin/notice/").text.partition("<main")[2]
    assert 'href="/admin/letter/meja/">Buka' in notices
    assert events(house, "letter_initialled") == 1
    read(house, "supervisor", letter)
    assert "Berhasil: 1" in sign(house, letter).text


def test_the_page_of_a_letter_leads_to_what_is_to_be_done_with_it(house: House) -> None:
    page, scan = "/admin/letter/details/?id={}", "meja/pindaian/?id={}"
    initialler(house, house.cast.maya)
    by_hand = order(house)
    first = house.desk("konselor").get(page.format(by_hand.id)).text
    assert "Baca dan paraf" in first and scan.format(by_hand.id) not in first
    second = house.desk("supervisor").get(page.format(by_hand.id)).text
    assert "Baca dan" not in second and scan.format(by_hand.id) in second
    install(house, house.cast.budi)
    electronic = order(house)
    read(house, "konselor", electronic)
    sign(house, electronic, passphrase="", by="konselor")
    third = house.desk("supervisor").get(page.format(electronic.id)).text
    assert "Baca dan tanda tangani" in third and scan.format(electronic.id) not in third


def test_a_passphrase_is_asked_for_signatures_alone(house: House) -> None:
    initialler(house, house.cast.budi)
    house.session.add(
        Signatory(
            officer=house.cast.hadi, kind=LetterKind.surat_perintah, valid_from=date(2026, 2, 1)
        )
    )
    install(house, house.cast.budi)
    letter = order(house)
    read(house, "supervisor", letter)
    page = house.desk("supervisor").get(DESK).text
    assert "Paraf dan tanda tangani" in page and "passphrase" not in page


def test_a_letter_is_given_back_with_a_reason(house: House) -> None:
    initialler(house, house.cast.maya)
    letter = order(house)
    desk, address = house.desk("konselor"), f"/admin/letter/meja/kembalikan/?id={letter.id}"
    read(house, "konselor", letter)
    assert desk.post(address, {"reason": " "}).status_code == 422
    assert desk.post(address, {"reason": REASON}).status_code == 303
    assert again(house, letter).steps[0].return_reason == REASON
    assert "letter_returned" in told(house, house.cast.budi)
    notices = house.desk("supervisor").get("/admin/notice/").text
    returned = re.search(r'href="(/admin/letter/\?signature=[^"]+)"', notices)
    assert returned and letter.printed in house.desk("supervisor").get(returned[1]).text
    page = house.desk("supervisor").get(READ.format(letter.id)).text
    assert "sudah dikembalikan oleh Maya Kusuma" in page
    assert desk.post(address, {"reason": REASON}).status_code == 409
    assert letter.printed not in desk.get(DESK).text


# --- pen and paper --------------------------------------------------------------------------------


def scan(house: House, letter: Letter, data: bytes, by: str = "supervisor") -> Any:
    address = f"/admin/letter/meja/pindaian/?id={letter.id}"
    given = {"files": (io.BytesIO(data), "surat.pdf")}
    return house.desk(by).post(address, given, content_type="multipart/form-data")


def test_without_certificate_the_scan_of_the_paper_is_added_to_the_entry(house: House) -> None:
    initialler(house, house.cast.maya)
    letter = order(house)
    paper = versions.shown(house.session, letter)
    house.session.rollback()
    for junk in (b"", b"bukan apa-apa", b"OggS" + b"\0" * 60):
        assert scan(house, letter, junk).status_code == 422
    assert scan(house, letter, paper).status_code == 303
    steps = again(house, letter).steps
    assert {one.method for one in steps} == {SignedBy.pena} and signed(house, letter)
    (attached,) = letter.scans
    assert steps[-1].sha256_after == attached.sha256 and attached.kind == "surat"
    page = house.desk("supervisor").get(f"/admin/letter/details/?id={letter.id}").text
    assert "naskah yang terbit" in page and "elektronik, " not in page
    assert events(house, "letter_scanned") == 1
    assert scan(house, letter, paper).status_code == 303  # another page joins
    assert len(again(house, letter).scans) == 2


def test_an_electronic_letter_takes_no_scan_and_nobody_else_adds_one(house: House) -> None:
    by_hand = order(house)
    install(house, house.cast.budi)
    letter = order(house)
    paper = versions.shown(house.session, letter)
    house.session.rollback()
    assert scan(house, letter, paper).status_code == 409
    assert scan(house, by_hand, paper, by="konselor").status_code == 409
    assert scan(house, by_hand, paper, by="petugas2").status_code == 404
    read(house, "supervisor", by_hand)
    assert "dengan pena" in sign(house, by_hand).text
    assert not signed(house, by_hand)


# --- looks ----------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.xdist_group("screens_browser")
def test_the_desk_is_accessible_and_fits_desk_and_phone(
    house: House, page: Page, address: str
) -> None:
    install(house, house.cast.budi)
    seen, _other, stuck = order(house), order(house), order(house)
    stuck.steps[0].officer, house.cast.hadi.active = house.cast.hadi, False
    house.session.commit()
    read(house, "supervisor", seen)
    for cookie in house.desk("supervisor").client._cookies.values():
        page.context.add_cookies(
            [{"name": cookie.decoded_key, "value": cookie.value, "url": address}]
        )
    for path in (DESK, READ.format(seen.id), f"/admin/letter/meja/pindaian/?id={seen.id}"):
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.goto(path)
            assert (violations(page), overflow(page)) == ([], 0), (path, size)
    page.goto(DESK)
    page.get_by_label(seen.printed).check()
    page.get_by_label("Kata sandi sertifikat").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    page.get_by_text("Berhasil: 1").wait_for()
