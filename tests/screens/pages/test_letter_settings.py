"""What letters look like is set on one page and tried on while one types; nonsense is refused."""

import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from models import AuditEntry, CaseStatus, LetterKind, Logo, Setting
from portal.letters import html, logos, numbers, pdf, setting_rules, specimens
from portal.letters.said import DEFAULTS, texts
from portal.protection import files
from tests.letters import paper
from tests.protection import samples as pictures
from tests.screens.generated.conftest import House

PAGE, SAMPLE = "/admin/setting/surat/", "/admin/setting/surat/contoh.pdf"
PREVIEW, LOGO = "/admin/setting/surat/pratinjau/", "/admin/setting/surat/logo/"
CLASS = "letter_classification_surat_perintah"


def stored(house: House, key: str) -> str:
    house.session.rollback()
    row = house.session.scalar(select(Setting).where(Setting.key == key))
    return row.value if row else DEFAULTS[key]


def upload(house: House, data: bytes, name: str = "logo.png") -> Any:
    desk = house.desk("admin")
    form = {"csrf_token": desk.token(), "picture": (io.BytesIO(data), name)}
    return desk.client.post(LOGO, data=form, content_type="multipart/form-data")


def picture(width: int = 300, height: int = 360) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


# --- setting ------------------------------------------------------------------------------------


def test_an_admin_sets_what_a_kind_says(house: House) -> None:
    answer = house.desk("admin").fill(PAGE, **{CLASS: "800.1.99", "kop_unit": "Unit Rekaan"})
    assert answer.status_code == 303
    assert (stored(house, CLASS), stored(house, "kop_unit")) == ("800.1.99", "Unit Rekaan")
    changed = select(AuditEntry).where(AuditEntry.event.in_(("created", "changed")))
    assert {one.subject_table for one in house.session.scalars(changed)} == {"setting"}


@pytest.mark.parametrize("name", ["petugas", "supervisor"])
def test_others_set_nothing(house: House, name: str) -> None:
    assert house.desk(name).get(PAGE).status_code == 403
    for address in (PAGE, PREVIEW, SAMPLE, LOGO):
        assert house.desk(name).post(address).status_code == 403


NONSENSE = [
    ("letter_number_pattern", "{klasifikasi}/{tahun}", "harus memuat {nomor}"),
    ("letter_number_pattern", "{nomor}/{tahun}", "harus memuat {klasifikasi}"),
    ("letter_number_pattern", "{klasifikasi}/{nomor}", "harus memuat {tahun}"),
    ("letter_number_pattern", "{klasifikasi}/{nomor}/{apa}/{tahun}", "“{apa}” tidak dikenal"),
    ("letter_number_pattern", "{klasifikasi}{nomor}/{tahun}", "Pisahkan"),
    ("letter_number_pattern", "{klasifikasi}/{nomor}/{tahun}" + "x" * 60, "terlalu panjang"),
    ("letter_paper", "A3", "Pilih A4 atau F4"),
    ("letter_unit_code", "35 73", "Isi kode"),
    ("letter_city", "  ", "Wajib diisi"),
    ("kop_office", "x" * 201, "Paling banyak 200 huruf"),
    (CLASS, "400.2.3", "sudah dipakai jenis surat lain"),
    (CLASS, "<script>", "Isi kode"),
    ("letter_start_surat_perintah", "nol", "Isi angka"),
    ("letter_names_surat_perintah", "samar", "Pilih lengkap atau inisial"),
    ("letter_closing_surat_perintah", "x" * 3001, "Paling banyak 3000 huruf"),
]


def test_nonsense_is_refused_beside_its_field_and_nothing_typed_is_lost(house: House) -> None:
    for key, value, sentence in NONSENSE:
        page = house.desk("admin").fill(PAGE, **{key: value, "kop_unit": "Unit Ketikan"})
        assert page.status_code == 422, key
        assert f'id="{key}-error"' in page.text and sentence in page.text, (key, value)
        assert "Unit Ketikan" in page.text
    house.session.rollback()
    assert (
        house.session.scalars(select(AuditEntry).where(AuditEntry.event == "changed")).all() == []
    )


def test_the_plain_screen_refuses_the_same(house: House) -> None:
    for key, value, sentence in [*NONSENSE[::4], ("kop_logo", "abc", "Unggah logo")]:
        row = house.session.scalar(select(Setting).where(Setting.key == key))
        if row is None:
            row = Setting(key=key, value=DEFAULTS[key], label=key, label_en=key)
            house.session.add(row)
            house.session.commit()
        page = house.desk("admin").fill(f"/admin/setting/edit/?id={row.id}", value=value)
        assert page.status_code != 302, (key, value)
        required = sentence == "Wajib diisi"
        assert required or sentence in page.text, (key, value)


def test_the_first_number_is_settled_by_the_first_letter(house: House) -> None:
    start = "letter_start_surat_perintah"
    assert house.desk("admin").fill(PAGE, **{start: "57"}).status_code == 303
    case = house.office.case(CaseStatus.approved)
    assert case.letters[0].number == 57
    page = house.desk("admin").fill(PAGE, **{start: "90"})
    assert page.status_code == 422 and "sudah berisi surat" in page.text
    assert house.desk("admin").fill(PAGE, kop_unit="Unit Rekaan").status_code == 303


def test_whoever_was_slower_is_told_and_loses_nothing(house: House) -> None:
    slow = house.desk("admin2")
    form = house.desk("admin2").get(PAGE).text
    seen = form.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert house.desk("admin").fill(PAGE, kop_unit="Lebih cepat").status_code == 303
    page = slow.fill(PAGE, seen=seen, kop_unit="Lebih lambat")
    assert page.status_code == 422 and "baru saja diubah orang lain" in page.text
    assert "Lebih lambat" in page.text and stored(house, "kop_unit") == "Lebih cepat"


def test_a_double_click_saves_once_and_says_so(house: House) -> None:
    desk = house.desk("admin")
    seen = desk.get(PAGE).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    for _click in range(2):
        assert desk.fill(PAGE, seen=seen, kop_unit="Unit Rekaan").status_code == 303


# --- trying on ----------------------------------------------------------------------------------


def test_what_is_typed_is_shown_and_not_kept(house: House) -> None:
    closing = "letter_closing_nota_terminasi"
    desk = house.desk("admin")
    form = {closing: "Penutup <b>ketikan</b>", "letter_names_nota_terminasi": "inisial"}
    values = texts(house.session) | form
    page = desk.post(f"{PREVIEW}?jenis=nota_terminasi", values).text
    assert "Penutup &lt;b&gt;ketikan&lt;/b&gt;" in page
    assert "M.P." in page and "Melati" not in page
    assert stored(house, closing) == DEFAULTS[closing]
    page = desk.fill(f"{PAGE}?jenis=nota_terminasi", aksi="pratinjau", **form)
    assert page.status_code == 200 and "Penutup &lt;b&gt;ketikan" in page.text
    assert stored(house, closing) == DEFAULTS[closing]


def test_a_preview_bears_any_nonsense(house: House) -> None:
    for key, value, _sentence in NONSENSE[::3]:
        values = texts(house.session) | {key: value}
        assert house.desk("admin").post(PREVIEW, values).status_code == 200, (key, value)


def test_the_sample_is_a_pdf_with_what_is_typed_and_marked(house: House) -> None:
    values = texts(house.session) | {"kop_unit": "Unit Ketikan", "letter_paper": "F4"}
    answer = house.desk("admin").post(SAMPLE, values)
    assert answer.mimetype == "application/pdf"
    words = paper.text(answer.data)
    assert "UNIT KETIKAN" in words and "CONTOH" in paper.letters(answer.data)
    assert paper.properties(answer.data)["Page size"].startswith("609.4")
    assert stored(house, "kop_unit") == DEFAULTS["kop_unit"]
    wrong = house.desk("admin").post(SAMPLE, values | {"letter_paper": "A3"})
    assert wrong.status_code == 422 and "Pilih A4 atau F4" in wrong.text


@pytest.mark.parametrize("kind", LetterKind, ids=str)
def test_there_is_a_specimen_of_every_kind(house: House, kind: LetterKind) -> None:
    content = specimens.content(kind, texts(house.session, kind), house.office.now.date())
    json.dumps(content)
    assert "naskah" in html.fragment(kind.value, content)
    short = specimens.words(kind, "inisial")
    assert "Melati" not in json.dumps(short) and "Kenanga" not in json.dumps(short)


def test_a_kind_that_is_none_is_not_found(house: House) -> None:
    assert house.desk("admin").get(f"{PAGE}?jenis=surat_cinta").status_code == 404


@given(st.text(alphabet="{}/.0123456789klasifomrtnhubu", max_size=60))
def test_a_pattern_that_is_allowed_can_be_printed(pattern: str) -> None:
    said = {**DEFAULTS, setting_rules.PATTERN: pattern}
    if setting_rules.OF_KEYS[setting_rules.PATTERN](None, said) == "":  # type: ignore[arg-type]
        said["classification"] = said[CLASS]
        days = [setting_rules.LATE, setting_rules.LATE.replace(year=2027)]
        printed = [numbers.printed(said, n, on) for n in (1, 12, 120) for on in days]
        assert len(set(printed)) == len(printed)


# --- the logo -----------------------------------------------------------------------------------


def test_a_logo_is_made_anew_sealed_and_used(house: House) -> None:
    raw = pictures.picture("JPEG")
    large = picture(1400, 1600)
    assert upload(house, large, "logo.jpg").status_code == 303
    house.session.rollback()
    row = house.session.scalars(select(Logo)).one()
    assert stored(house, "kop_logo") == row.sha256
    shown = house.desk("admin").get("/admin/setting/surat/logo.png").data
    assert hashlib.sha256(shown).hexdigest() == row.sha256
    assert Image.open(io.BytesIO(shown)).size == (875, 1000)
    assert shown not in (large, raw) and files.read(row.storage_key) == shown
    events = house.session.scalars(select(AuditEntry.event)).all()
    assert "logo_uploaded" in events


def test_old_letters_keep_their_logo(house: House) -> None:
    assert upload(house, picture()).status_code == 303
    letter = house.office.case(CaseStatus.approved).letters[0]
    content = json.loads(letter.content or "")
    assert upload(house, picture(400, 400)).status_code == 303
    house.session.rollback()
    old = logos.of(house.session, content)
    assert old is not None and Image.open(io.BytesIO(old)).size == (300, 360)
    assert pdf.render(letter.kind.value, content, old).startswith(b"%PDF")
    assert len(house.session.scalars(select(Logo)).all()) == 2


def test_the_same_logo_is_kept_once_and_may_go(house: House) -> None:
    for _time in range(2):
        assert upload(house, picture()).status_code == 303
    house.session.rollback()
    assert len(house.session.scalars(select(Logo)).all()) == 1
    assert house.desk("admin").post(LOGO, {"aksi": "hapus"}).status_code == 303
    assert stored(house, "kop_logo") == ""
    assert house.desk("admin").get("/admin/setting/surat/logo.png").status_code == 404


def test_what_is_no_logo_is_refused_beside_the_field(house: House) -> None:
    wrong = [
        (b"", "", "Pilih sebuah gambar"),
        (b"GIF89a<script>alert(1)</script>", "logo.png", "bukan gambar"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "bukan gambar"),
        (picture()[:300], "logo.png", "rusak"),
        (picture(50, 50), "logo.png", "terlalu kecil"),
        (picture(1200, 120), "logo.png", "terlalu panjang"),
        (b"\x89PNG" + b"0" * 5_000_001, "logo.png", "terlalu besar"),
    ]
    for data, name, sentence in wrong:
        page = upload(house, data, name)
        assert page.status_code == 422 and sentence in page.text, (name, sentence)
        assert 'id="picture-error"' in page.text
    house.session.rollback()
    assert house.session.scalars(select(Logo)).all() == []


def test_a_full_disk_leaves_no_half_logo(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_data: bytes) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "store", full)
    page = upload(house, picture())
    assert page.status_code == 422 and "tempat penyimpanan penuh" in page.text
    assert stored(house, "kop_logo") == ""
