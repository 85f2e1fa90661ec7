"""Uploads: what is taken, what is left of it, where it lies."""

import io
import os
import stat
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.protection import files
from portal.protection.files import Limits, Refused, display_name, inspect
from portal.protection.vault import VaultError
from tests.protection import samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.configure(tmp_path / "files")
    return tmp_path / "files"


@pytest.mark.parametrize("name", samples.GOOD)
def test_the_usual_files_are_taken_for_what_they_are(name: str) -> None:
    checked = inspect(samples.GOOD[name], "apa saja.bin")
    assert checked.extension == Path(name).suffix
    assert checked.filename.endswith(checked.extension)
    old = checked.extension in (".doc", ".xls", ".ppt")
    assert checked.data and checked.flags == (("old_format",) if old else ())


@pytest.mark.parametrize("name", samples.REFUSED)
def test_everything_else_is_refused_whatever_its_name(name: str) -> None:
    with pytest.raises(Refused, match="tidak diterima"):
        inspect(samples.REFUSED[name], "foto.jpg")


@given(st.binary(max_size=400))
def test_rubbish_never_crashes(rubbish: bytes) -> None:
    try:
        inspect(rubbish, "x")
    except Refused as refusal:
        assert refusal.sentence


@given(st.sampled_from(sorted(samples.GOOD)), st.data())
def test_damaged_files_are_taken_or_refused_but_never_crash(name: str, data: st.DataObject) -> None:
    damaged = bytearray(samples.GOOD[name])
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = damaged[: data.draw(st.integers(1, len(damaged)))]
    try:
        inspect(bytes(cut), name)
    except Refused as refusal:
        assert refusal.sentence


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="kosong"):
        inspect(b"", "foto.jpg")


def test_a_file_of_60_megabytes_gets_a_sentence_and_is_not_read_to_its_end() -> None:
    stream = io.BytesIO(b"\xff\xd8\xff" + bytes(60_000_000))
    with pytest.raises(Refused, match="paling besar 25 MB"):
        inspect(stream, "film.jpg")
    assert stream.tell() == 25_000_001


def test_the_limit_is_a_setting() -> None:
    with pytest.raises(Refused, match="paling besar 1 MB"):
        inspect(bytes(1_000_001), "x", Limits(size=1_000_000))


# --- pictures -------------------------------------------------------------------------------


def test_a_picture_loses_place_camera_and_comment_and_stands_upright() -> None:
    checked = inspect(samples.picture_with_gps(), "IMG_1.JPG")
    with Image.open(io.BytesIO(checked.data)) as image:
        assert not image.getexif() and "comment" not in image.info
        assert image.size == (20, 40)
        assert image.getpixel((10, 5))[1] < 60 < 200 < image.getpixel((10, 35))[1]
    assert b"Kamera" not in checked.data and b"Mawar" not in checked.data


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_what_hangs_behind_a_picture_is_gone(name: str) -> None:
    checked = inspect(samples.picture(name) + samples.SCRIPT, "foto")
    assert b"script" not in checked.data


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(name: str) -> None:
    whole = samples.picture(name, size=(200, 200))
    with pytest.raises(Refused, match="rusak"):
        inspect(whole[: len(whole) * 2 // 3], "foto")


@pytest.mark.parametrize(
    ("name", "mode"),
    [("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_pictures_of_unusual_modes_are_taken(name: str, mode: str) -> None:
    image = Image.new(mode, (8, 8))
    out = io.BytesIO()
    image.save(out, name)
    assert inspect(out.getvalue(), "foto").kind == "picture"


def test_transparency_is_kept() -> None:
    data = inspect(samples.picture("PNG", mode="RGBA"), "foto.png").data
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGBA"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(7_500, 7_500), (30_000, 30_000)])
def test_a_picture_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    bomb = bytearray(samples.picture("PNG"))
    bomb[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    with pytest.raises(Refused, match="titik gambar"):
        inspect(bytes(bomb), "foto.png")


# --- PDF ------------------------------------------------------------------------------------


def test_a_pdf_loses_its_scripts_and_its_author() -> None:
    checked = inspect(samples.pdf_with_javascript(), "surat.pdf")
    assert checked.flags
    with pikepdf.open(io.BytesIO(checked.data)) as document:
        assert len(document.pages) == 1
        assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(document.Root.keys())
        assert "/Info" not in document.trailer
        everything = b"".join(thing.unparse() for thing in document.objects)
    for word in (b"JavaScript", b"alert", b"EmbeddedFiles", b"XFA", b"Pembuat"):
        assert word not in everything and word not in checked.data


def test_links_that_leave_a_pdf_are_cut_without_a_word() -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://example.org/x"),
    )
    with pikepdf.new() as document:
        document.add_blank_page().Annots = pikepdf.Array([link])
        out = io.BytesIO()
        document.save(out)
    checked = inspect(out.getvalue(), "surat.pdf")
    assert b"example.org" not in checked.data and not checked.flags


def test_what_was_written_into_a_form_field_stays_visible() -> None:
    with pikepdf.new() as document:
        page = document.add_blank_page()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="nama",
                V="Wati",
                DA="/F 12 Tf",
                Rect=[10, 10, 200, 30],
            )
        )
        page.Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([field]),
            NeedAppearances=True,
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
        )
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(io.BytesIO(inspect(out.getvalue(), "form.pdf").data)) as clean:
        drawn = b"".join(
            form.read_bytes() for form in clean.pages[0].Resources.XObject.as_dict().values()
        )
    assert b"Wati" in drawn


def test_a_locked_pdf_is_refused_with_advice() -> None:
    with pytest.raises(Refused, match="kata sandi"):
        inspect(samples.locked_pdf(), "surat.pdf")


def test_a_pdf_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="rusak"):
        inspect(b"%PDF-1.7\n" + samples.SCRIPT, "surat.pdf")


def test_a_page_hidden_in_a_pdf_is_gone() -> None:
    checked = inspect(samples.pdf() + samples.SCRIPT, "surat.pdf")
    assert b"script" not in checked.data


# --- office documents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        samples.ooxml("word/document.xml", ("word/vbaProject.bin", b"x")),
        samples.ooxml("xl/workbook.xml", ("xl/macrosheets/sheet1.xml", b"x")),
        samples.ooxml("word/document.xml", ("word/activeX/activeX1.bin", b"x")),
        samples.odf("text", ("Basic/Standard/Module1.xml", b"x")),
        samples.compound("Root Entry", "WordDocument", "Macros", "VBA"),
        samples.compound("Root Entry", "Workbook", "_VBA_PROJECT_CUR", "VBA"),
    ],
)
def test_documents_with_macros_are_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="makro"):
        inspect(data, "surat.docx")


def test_a_zip_bomb_is_refused() -> None:
    bomb = samples.ooxml("word/document.xml", ("word/media/a.xml", bytes(60_000_000)))
    with pytest.raises(Refused, match="terlalu besar bila dibuka"):
        inspect(bomb, "surat.docx")


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("foto.jpg", "foto.jpg"),
        ("Foto KTP.JPEG", "Foto KTP.jpeg"),
        ("../../etc/passwd", "passwd.jpg"),
        (r"C:\Users\Wati\foto.png", "foto.jpg"),
        ("foto\u202egpj.exe", "foto gpj.exe.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie x.jpg"),
        ("nul\0.jpg", "nul.jpg"),
        ("", "berkas.jpg"),
        ("....", "berkas.jpg"),
        (".jpg", "berkas.jpg"),
        ("😀.jpg", "😀.jpg"),
        ("surat.final", "surat.final.jpg"),
    ],
)
def test_the_name_shown_is_harmless(given_name: str, shown: str) -> None:
    assert display_name(given_name, ".jpg") == shown


@given(st.text(max_size=300))
def test_no_name_is_long_or_empty_or_a_path(name: str) -> None:
    shown = display_name(name, ".jpg")
    assert 4 < len(shown) <= 120
    assert not set(shown) & set('/\\\0\r\n"\u202e')
    assert display_name(shown, ".jpg") == shown


# --- storage --------------------------------------------------------------------------------


def test_what_is_stored_comes_back_and_lies_sealed(folder: Path) -> None:
    key, digest = files.store(b"rahasia sekali")
    path = folder / key
    assert files.read(key) == b"rahasia sekali"
    assert b"rahasia" not in path.read_bytes()
    assert len(digest) == 64 and len(path.name) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_moved_or_altered_does_not_open(folder: Path) -> None:
    (one, _), (other, _) = files.store(b"satu"), files.store(b"dua")
    (folder / one).write_bytes((folder / other).read_bytes())
    with pytest.raises(VaultError):
        files.read(one)


def test_removing_twice_is_no_error(folder: Path) -> None:
    key, _ = files.store(b"x")
    files.remove(key)
    files.remove(key)
    with pytest.raises(FileNotFoundError):
        files.read(key)


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "ab/cd/../../x", "", "ab/cd/" + "0" * 32])
def test_a_key_is_never_a_path(folder: Path, key: str) -> None:
    with pytest.raises(ValueError, match="storage key"):
        files.read(key)


def test_the_sweep_takes_old_files_that_no_row_names(folder: Path) -> None:
    keys = [files.store(b"x")[0] for _ in range(3)]
    named, orphan, fresh = keys
    part = (folder / orphan).with_suffix(".part")
    part.write_bytes(b"halb")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    for path in (folder / named, folder / orphan, part):
        os.utime(path, (yesterday, yesterday))
    removed = files.sweep(lambda batch: batch & {named}, datetime.now(UTC) - timedelta(hours=1))
    assert removed == 2
    assert (folder / named).exists() and (folder / fresh).exists()
    assert not (folder / orphan).exists() and not part.exists()


def test_a_failed_write_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.store(b"x")
    assert not [path for path in folder.rglob("*") if path.is_file()]
