"""Files of every nasty kind: refused, made harmless, or kept with a warning beside them."""

import gzip
import io
import struct

import pytest
from PIL import Image
from sqlalchemy import select

from models import Attachment
from portal.protection import flags, office
from portal.protection.files import Refused, inspect
from tests.protection import samples
from tests.screens.generated.conftest import House, house

__all__ = ["house"]  # the fixture

RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" {mode}/></Relationships>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*parts: tuple[str, bytes]) -> bytes:
    return samples.ooxml("word/document.xml", *parts)


def related(kind: str, target: str, external: bool = True) -> tuple[str, bytes]:
    mode = 'TargetMode="External"' if external else ""
    return (
        "word/_rels/document.xml.rels",
        RELATION.format(kind=kind, target=target, mode=mode).encode(),
    )


def odt(body: str) -> bytes:
    spaces = 'xmlns:o="urn:office" xmlns:x="http://www.w3.org/1999/xlink" xmlns:t="urn:text"'
    mime = b"application/vnd.oasis.opendocument.text"
    return samples.archive(
        ("mimetype", mime), ("content.xml", f"<o:d {spaces}>{body}</o:d>".encode())
    )


def bomb(levels: int) -> bytes:
    """A document in a document in a document … around many zeros."""
    data = samples.archive(("a.xml", b"<x>" + bytes(2_000_000) + b"</x>"))
    for _level in range(levels):
        data = docx(("word/embeddings/a.docx", data))
    return data


# --- what is not taken ----------------------------------------------------------------------------

REFUSED = {
    "macro of another name": docx(
        ("word/x.bin", b"x"), related("vbaProject", "x.bin", external=False)
    ),
    "macro by content type": samples.archive(
        (
            "[Content_Types].xml",
            b'<Types><Override PartName="/word/document.xml" ContentType="application/'
            b'vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        ),
        ("word/document.xml", b"<x/>"),
    ),
    "dde": docx(
        (
            "word/header1.xml",
            f"<w:p {W}><w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\cmd"
            "</w:instrText></w:p>".encode(),
        )
    ),
    "dde in a simple field": docx(
        ("word/footer1.xml", f'<w:p {W}><w:fldSimple w:instr="DDE cmd"/></w:p>'.encode())
    ),
    "dde in a workbook": samples.ooxml(
        "xl/workbook.xml", ("xl/externalLinks/a.xml", b'<e><ddeLink ddeService="cmd"/></e>')
    ),
    "dde in another spelling": docx(
        ("word/a.xml", f"<w:p {W}><w:instrText>DDE cmd</w:instrText></w:p>".encode("utf-16"))
    ),
    "entities": docx(("word/a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')),
    "program": docx(("word/embeddings/a.bin", b"MZ\x90\0" + bytes(100))),
    "other archive": docx(("word/embeddings/a.bin", b"Rar!\x1a\x07" + bytes(100))),
    "program in an object": docx(
        ("word/embeddings/oleObject1.bin", samples.compound("Root Entry", "\x01Ole10Native"))
    ),
    "script in an opendocument": odt('<o:event-listener x:href="vnd.sun.star.script:a"/>'),
    "locked opendocument": samples.odf(
        "text", ("META-INF/manifest.xml", b"<m><encryption-data/></m>")
    ),
    "nested bomb": bomb(2),
    "nested too deeply": bomb(office.MAX_DEPTH),
    "gzip bomb": docx(("word/media/a.emz", gzip.compress(bytes(400_000_000), 1))),
    "broken markup": docx(("word/a.xml", b"<x>")),
    "old macro": samples.compound("Root Entry", "Workbook", "_VBA_PROJECT_CUR", "VBA"),
    "old dde": samples.compound("Root Entry", "WordDocument") + b"\x13 DDEAUTO cmd \x15",
    "page that calls itself sound": b"\xff\xfb\x90\x64<html><script>alert(1)</script>",
    "page that calls itself a film": samples.box(b"ftyp", b"isom<svg onload=alert(1)>"),
    "page behind a tag": b"ID3\4\0\0\0\0\0\x0a" + b"x" * 10 + b"MZ" + bytes(300),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        inspect(data, "surat.docx")
    assert refused.value.sentence.endswith(".")


# --- what is kept, with a warning -----------------------------------------------------------------

FLAGGED = {
    "template from elsewhere": (
        docx(related("attachedTemplate", "http://203.0.113.7/a.dotm")),
        flags.EXTERNAL,
    ),
    "picture from elsewhere": (docx(related("image", "https://example.org/a.png")), flags.EXTERNAL),
    "picture on a server": (odt('<o:image x:href="//example.org/a.png"/>'), flags.EXTERNAL),
    "object": (docx(related("oleObject", "embeddings/a.bin", external=False)), flags.EMBEDDED),
    "document in a document": (
        docx(("word/embeddings/a.xlsx", samples.ooxml("xl/workbook.xml"))),
        flags.EMBEDDED,
    ),
    "old document": (samples.compound("Root Entry", "WordDocument"), flags.OLD_FORMAT),
    "active pdf": (samples.pdf_with_javascript(), flags.PDF_ACTIVE),
}


@pytest.mark.parametrize(("data", "flag"), FLAGGED.values(), ids=FLAGGED)
def test_it_is_kept_with_a_warning(data: bytes, flag: str) -> None:
    assert flag in inspect(data, "surat").flags


@pytest.mark.parametrize(
    "data",
    [docx(related("hyperlink", "https://example.org")), odt('<t:a x:href="https://example.org"/>')],
)
def test_a_plain_link_is_no_danger(data: bytes) -> None:
    assert inspect(data, "surat").flags == ()


def test_the_warning_is_stored_and_stands_beside_the_file(house: House) -> None:
    case = house.office.case()
    desk = house.desk("supervisor")
    facts = {"kind": "bukti", "case": str(case.id), "csrf_token": desk.token()}
    pdf = (io.BytesIO(samples.pdf_with_javascript()), "surat.pdf")
    answer = desk.client.post("/admin/attachment/new/", data={**facts, "file": pdf})
    assert answer.status_code == 302
    house.session.rollback()
    row = house.session.scalars(select(Attachment)).one()
    assert row.flags == [flags.PDF_ACTIVE]
    for page in (f"attachment/details/?id={row.id}", f"case/details/?id={case.id}", "attachment/"):
        assert "memuat bagian aktif" in desk.get(f"/admin/{page}").text, page


# --- recordings -----------------------------------------------------------------------------------


def film() -> bytes:
    """A recording of a telephone that says where it was made, three times."""
    place = samples.box(b"\xa9xyz", b"\0\x12\x15\xc7-07.9666+112.6326/")
    told = samples.box(b"udta", place) + samples.box(b"meta", b"com.apple.location-07.9666")
    moov = samples.box(b"mvhd", bytes(100)) + told + samples.box(b"trak", told)
    return (
        samples.box(b"ftyp", b"isom\0\0\2\0isom")
        + samples.box(b"moov", moov)
        + samples.box(b"uuid", b"-07.9666" + bytes(20))
        + samples.box(b"mdat", b"suara dan gambar")
    )


def test_a_film_forgets_where_it_was_made_and_plays_on() -> None:
    before, checked = film(), inspect(film(), "video.mp4")
    assert b"07.9666" in before and b"07.9666" not in checked.data
    assert len(checked.data) == len(before), "nothing moved, so every offset still holds"
    assert checked.data.index(b"suara dan gambar") == before.index(b"suara dan gambar")
    assert checked.flags == (flags.LOCATION,)


@pytest.mark.parametrize("size", [0, 1, 7, 2**31, 2**32 - 1])
def test_a_film_with_sizes_that_lie_is_no_trap(size: int) -> None:
    broken = bytearray(film())
    broken[20:24] = struct.pack(">I", size)
    inspect(bytes(broken), "video.mp4")


def test_a_sound_forgets_its_tags() -> None:
    place = b"LIST" + struct.pack("<I", 12) + b"INFO07.9666 "
    sound = b"WAVEfmt " + struct.pack("<I", 16) + bytes(16) + place + b"data" + struct.pack("<I", 4)
    wav = b"RIFF" + struct.pack("<I", len(sound) + 4) + sound + b"bunyi"[:4]
    assert b"07.9666" not in inspect(wav, "a.wav").data
    frames = b"\xff\xfb\x90\0" * 50
    tagged = b"ID3\4\0\0\0\0\0\x0a" + b"-07.9666xx" + frames + b"TAG" + b"judul".ljust(125, b"\0")
    assert inspect(tagged, "a.mp3").data == frames


# --- served -------------------------------------------------------------------------------------


def test_a_file_leaves_as_an_attachment_that_nothing_may_run_in(house: House) -> None:
    case = house.office.case()
    desk, picture = house.desk("supervisor"), io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    polyglot = io.BytesIO(picture.getvalue() + b"<script>alert(1)</script>")
    facts = {"kind": "bukti", "case": str(case.id), "csrf_token": desk.token()}
    upload = {**facts, "file": (polyglot, "../../x.html", "text/html")}
    assert desk.client.post("/admin/attachment/new/", data=upload).status_code == 302
    house.session.rollback()
    row = house.session.scalars(select(Attachment)).one()
    answer = desk.get(f"/admin/attachment/unduh/?id={row.id}")
    assert b"script" not in answer.data and answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=x.")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    for username in ("petugas2", "pimpinan", "admin", "auditor"):
        refused = house.desk(username).get(f"/admin/attachment/unduh/?id={row.id}")
        assert refused.status_code in (403, 404), username
    visitor = house.app.test_client().get(f"/admin/attachment/unduh/?id={row.id}")
    assert visitor.status_code == 302
