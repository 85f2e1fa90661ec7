"""Whoever holds a letter learns whether it is ours and still counts, and nothing about a case."""

import hashlib
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import (
    Attachment,
    Case,
    LetterFile,
    LetterForm,
    LetterKind,
    LetterState,
    SignedBy,
    StepPart,
)
from portal.letters import codes, register, verification
from portal.letters.entry import About
from portal.protection import limits
from portal.public import hashing
from tests.letters import samples, story
from tests.public.visitor import Visitor, file
from tests.support.office import START

PDF = b"%PDF-1.7 naskah rekaan"
KEYS = itertools.count()


@pytest.fixture
def case(session, cast) -> Case:
    return story.make_case(session, cast)


def issue(session, case, cast, **changes):
    """A letter with its first file stored."""
    content = samples.nota_terminasi(**changes)
    del content["number"], content["dated"]
    content["signatory"]["id"] = cast.budi.id
    kind = LetterKind.nota_terminasi
    letter = register.issue(session, kind, content, About(case), cast.budi, START)
    add_file(session, letter, PDF)
    return letter


def add_file(session, letter, data, form=LetterForm.naskah):
    letter.files.append(
        LetterFile(
            version=len(letter.files) + 1,
            template_version="0" * 16,
            storage_key=f"00/00/{next(KEYS):032x}",
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            form=form,
        )
    )
    session.commit()


def sign(session, letter, method, certificate=None):
    step = next(one for one in letter.steps if one.part is StepPart.tanda_tangan)
    step.done_at, step.method, step.certificate = START, method, certificate
    letter.signed_at = START
    session.commit()


def page_of(letter) -> str:
    return f"/verifikasi/{letter.verify_code}"


def compared(visitor: Visitor, letter, data: bytes) -> str:
    page = visitor.post(page_of(letter), {"berkas": file(data, "surat.pdf")})
    return page.words("//*[@data-compared]")


# --- the page ---------------------------------------------------------------------------------


def test_the_page_names_the_letter_and_who_signs(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    words = visitor.get(page_of(letter)).words()
    for told in ("Nota dinas terminasi", letter.printed, "2 Maret 2026", "Budi Santosa, S.Sos."):
        assert told in words
    assert "Kepala UPT Perlindungan Perempuan dan Anak" in words


def test_nothing_of_the_case_is_told(visitor, session, case, cast) -> None:
    page = visitor.get(page_of(issue(session, case, cast)))
    content = samples.nota_terminasi()
    secret = [case.number, "K-2026-0012", "Melati", "Kenanga", content["summary"], "Sawojajar"]
    assert [one for one in secret if one in page.text] == []
    assert "Rahasia" not in page.words()


def test_the_page_is_kept_by_nobody(visitor, session, case, cast) -> None:
    page = visitor.get(page_of(issue(session, case, cast)))
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.values("//meta[@name='robots']/@content") == ["noindex"]


def test_the_name_stays_as_it_was_printed(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    cast.budi.name = "Budi Santoso, M.Si."
    session.commit()
    assert "Budi Santosa, S.Sos." in visitor.get(page_of(letter)).words()


def test_who_signs_for_another_is_shown_so(visitor, session, case, cast) -> None:
    signatory = samples.NOTA["signatory"] | {"capacity": "Plh.", "position": "Kepala Dinas"}
    letter = issue(session, case, cast, signatory=dict(signatory))
    assert "Plh. Kepala Dinas" in visitor.get(page_of(letter)).words()


def test_an_unsigned_letter_is_called_so(visitor, session, case, cast) -> None:
    words = visitor.get(page_of(issue(session, case, cast))).words()
    assert "tanda tangannya belum tercatat" in words


def test_an_electronic_signature_tells_whose_certificate_and_when(
    visitor, session, case, cast
) -> None:
    letter = issue(session, case, cast)
    sign(session, letter, SignedBy.elektronik, "CN=Budi Santosa Rekaan")
    words = visitor.get(page_of(letter)).words()
    assert "Surat ini berlaku." in words
    assert "Secara elektronik, 2 Maret 2026 pukul 09.00 WIB" in words
    assert "CN=Budi Santosa Rekaan" in words


def test_a_pen_is_told_as_well(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    sign(session, letter, SignedBy.pena)
    assert "Dengan pena, dicatat 2 Maret 2026" in visitor.get(page_of(letter)).words()


def test_a_voided_letter_is_called_void_without_the_reason(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    register.void(session, letter, "Alasan rekaan", cast.budi, START)
    session.commit()
    page = visitor.get(page_of(letter))
    assert "Surat ini sudah dibatalkan." in page.words()
    assert "register kami" not in page.words()
    assert "Alasan rekaan" not in page.text


def test_a_replaced_letter_names_the_one_that_counts(visitor, session, case, cast) -> None:
    old = issue(session, case, cast)
    register.void(session, old, "Salah ketik", cast.budi, START)
    new = issue(session, case, cast)
    new.replaces = old
    session.commit()
    expected = f"diganti dengan surat nomor {new.printed} tanggal 2 Maret 2026"
    assert expected in visitor.get(page_of(old)).words()


def test_an_erased_letter_is_still_ours(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    sign(session, letter, SignedBy.pena)
    letter.state, letter.content = LetterState.erased, None
    session.commit()
    words = visitor.get(page_of(letter)).words()
    assert letter.printed in words and "2 Maret 2026" in words
    assert codes.grouped(letter.files[0].sha256, 8) in words
    assert "isi surat ini sudah dihapus" in words and "Budi Santosa" not in words
    assert compared(visitor, letter, PDF).startswith("Asli")


def test_a_void_letter_stays_void_when_it_is_erased(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    register.void(session, letter, "Salah ketik", cast.budi, START)
    letter.state, letter.content, letter.void_reason = LetterState.erased, None, None
    session.commit()
    assert "Surat ini sudah dibatalkan." in visitor.get(page_of(letter)).words()


def test_the_page_speaks_english(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    visitor.post("/bahasa", {"bahasa": "en", "kembali": "/"})
    assert 'lang="en"' in visitor.get(page_of(letter)).text


# --- codes ------------------------------------------------------------------------------------


def test_a_code_typed_from_paper_leads_to_its_letter(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    typed = f" {codes.grouped(letter.verify_code).upper()} "
    page = visitor.post("/verifikasi", {"kode": typed})
    assert (page.status, page.leads_to) == (303, page_of(letter))


def test_other_codes_get_one_answer(visitor, session, case, cast) -> None:
    issue(session, case, cast)
    for code in ("%", "_" * 32, "0" * 32, "0" * 31, "' OR 1=1 --", "é" * 32):
        typed = visitor.post("/verifikasi", {"kode": code})
        assert typed.status == 422 and "Kode ini tidak ada dalam register" in typed.words()
        assert typed.values("//input[@name='kode']/@value") == [code]
        opened = visitor.get(f"/verifikasi/{code}")
        assert opened.status == 404 and "Kode ini tidak ada dalam register" in opened.words()


def test_a_code_is_compared_as_a_whole(visitor, session, case, cast) -> None:
    code = issue(session, case, cast).verify_code
    for near in (code[:-1], code + "0", code.upper() + " ", code[:-1] + "%"):
        assert visitor.get(f"/verifikasi/{near}").status == 404


def test_an_unknown_code_takes_no_file(visitor, session, cast) -> None:
    page = visitor.post(f"/verifikasi/{'0' * 32}", {"berkas": file(PDF, "surat.pdf")})
    assert page.status == 404


def test_codes_are_not_tried_in_rows(visitor, cast) -> None:
    door = next(one for one in limits.DOORS if one.path == "/verifikasi")
    most = int(door.limit.split()[0])
    found = [visitor.get(f"/verifikasi/{number:032x}").status for number in range(most + 1)]
    assert found == [404] * most + [429]
    assert visitor.post("/verifikasi", {"kode": "0" * 32}).status == 429


@given(st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_what_is_printed_can_be_typed(code: str) -> None:
    assert verification.typed(codes.grouped(code)) == code
    assert verification.typed(codes.grouped(code).replace(" ", "-").upper()) == code


# --- files ------------------------------------------------------------------------------------


def test_the_file_that_was_issued_is_known(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    assert "sama dengan naskah yang kami terbitkan" in compared(visitor, letter, PDF)
    assert "bukan berkas surat ini" in compared(visitor, letter, PDF + b" ")


def test_signed_unsigned_and_older_files_are_told_apart(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    add_file(session, letter, b"naskah baru")
    assert "versi lama" in compared(visitor, letter, PDF)
    add_file(session, letter, b"bertanda tangan", LetterForm.bertanda_tangan)
    sign(session, letter, SignedBy.elektronik)
    assert "surat bertanda tangan elektronik" in compared(visitor, letter, b"bertanda tangan")
    assert "sebelum ditandatangani" in compared(visitor, letter, b"naskah baru")
    assert "versi lama" in compared(visitor, letter, PDF)


def test_what_says_it_is_signed_electronically_is_a_draft_before_it_is(
    visitor, session, case, cast, monkeypatch
) -> None:
    monkeypatch.setattr(register, "_way", lambda *_about: register.ELECTRONIC)
    letter = issue(session, case, cast)
    assert "sebelum ditandatangani" in compared(visitor, letter, PDF)
    page = visitor.post(page_of(letter), {"berkas": file(PDF, "surat.pdf")})
    assert "notice--good" not in page.text


def test_a_scan_of_the_signed_paper_is_known(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    sign(session, letter, SignedBy.pena)
    scan = hashlib.sha256(b"pindaian").hexdigest()
    facts = {"kind": "lainnya", "filename": "surat.pdf", "mime": "application/pdf", "size": 8}
    key = f"00/00/{next(KEYS):032x}"
    letter.scans.append(Attachment(case=case, sha256=scan, storage_key=key, **facts))
    session.commit()
    assert "pindaian surat bertanda tangan pena" in compared(visitor, letter, b"pindaian")
    assert "surat.pdf" not in visitor.get(page_of(letter)).text


def test_a_genuine_file_of_a_void_letter_is_not_praised(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    register.void(session, letter, "Salah ketik", cast.budi, START)
    session.commit()
    assert "sudah dibatalkan" in compared(visitor, letter, PDF)
    page = visitor.get(page_of(letter)).text
    assert "data-said" in page and "data-good" not in page


def test_no_file_and_a_large_one_get_a_sentence(visitor, session, case, cast, monkeypatch) -> None:
    letter = issue(session, case, cast)
    none = visitor.post(page_of(letter), {"berkas": (io.BytesIO(b""), "")})
    assert none.status == 422 and "Pilih berkas PDF" in none.error_at("berkas")
    monkeypatch.setattr(hashing, "LARGEST", 10)
    large = visitor.post(page_of(letter), {"berkas": file(PDF, "surat.pdf")})
    assert large.status == 413 and "terlalu besar" in large.error_at("berkas")


def test_a_file_that_is_compared_is_written_nowhere(
    visitor, session, case, cast, monkeypatch
) -> None:
    letter = issue(session, case, cast)
    written: list[object] = []
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.write", lambda *told: written.append(told))
    assert "bukan berkas" in compared(visitor, letter, b"x" * 2_000_000)
    assert written == []


def test_a_letter_whose_file_is_still_made_says_so(visitor, session, case, cast) -> None:
    letter = issue(session, case, cast)
    session.delete(letter.files[0])
    session.commit()
    assert "sedang dibuat" in visitor.get(page_of(letter)).words()
