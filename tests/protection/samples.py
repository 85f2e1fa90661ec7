"""Small files of every kind, good and nasty, made on the spot."""

import io
import struct
import zipfile
from typing import Any

import pikepdf
from PIL import Image

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SCRIPT = b"<html><script>alert(1)</script></html>"


def picture(
    name: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture, left half red, as Pillow's format `name`."""
    image = Image.new(mode, size, "white" if mode != "P" else 0)
    if mode in ("RGB", "RGBA"):
        image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def picture_with_gps() -> bytes:
    """A JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kamera Uji"
    exif.get_ifd(0x8825).update({1: "S", 2: (7.0, 58.0, 1.0), 3: "E", 4: (112.0, 37.0, 1.0)})
    return picture("JPEG", exif=exif, comment=b"rumah di Jalan Mawar")


def pdf(**root: Any) -> bytes:
    """One page, and what is put into its catalogue."""
    with pikepdf.new() as document:
        document.add_blank_page()
        for key, value in root.items():
            document.Root[f"/{key}"] = value
        document.docinfo["/Author"] = "Pembuat Uji"
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def pdf_with_javascript() -> bytes:
    """JavaScript at every place that runs by itself."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('halo')")
    named = pikepdf.Dictionary(Names=pikepdf.Array(["x", script]))
    return pdf(
        OpenAction=script,
        AA=pikepdf.Dictionary(WC=script),
        Names=pikepdf.Dictionary(JavaScript=named, EmbeddedFiles=named),
        AcroForm=pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA="x"),
        AF=pikepdf.Array([]),
    )


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def archive(*entries: tuple[str, bytes]) -> bytes:
    """A zip of the entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def ooxml(main: str, *more: tuple[str, bytes]) -> bytes:
    """An office document of 2007 and later."""
    return archive(("[Content_Types].xml", b"<Types/>"), (main, b"<x/>"), *more)


def odf(kind: str, *more: tuple[str, bytes]) -> bytes:
    """An OpenDocument."""
    mime = f"application/vnd.oasis.opendocument.{kind}".encode()
    return archive(("mimetype", mime), ("content.xml", b"<x/>"), *more)


def compound(*streams: str) -> bytes:
    """The head of a compound file with these directory entries."""
    names = (name.encode("utf-16-le").ljust(64, b"\0") for name in streams)
    return OLE + b"\0" * 504 + b"".join(names)


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an ISO media file."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def media(brand: bytes) -> bytes:
    """An ISO media file of a brand."""
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + box(b"mdat", b"x" * 40)


def ebml(kind: bytes) -> bytes:
    """A Matroska file that calls itself `kind`."""
    head = (
        b"B\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82" + bytes((0x80 + len(kind),)) + kind
    )
    return b"\x1aE\xdf\xa3" + bytes((0x80 + len(head),)) + head + b"\0" * 40


GOOD = {
    "foto.jpg": picture("JPEG"),
    "foto.png": picture("PNG"),
    "foto.webp": picture("WEBP"),
    "surat.pdf": pdf(),
    "tanda.mp3": b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 50,
    "suara.mp3": b"\xff\xfb\x90\x64" + b"\0" * 400,
    "suara.m4a": media(b"M4A "),
    "suara.ogg": b"OggS\0\2" + b"\0" * 20 + b"\1\x13OpusHead\1\2" + b"\0" * 80,
    "suara.wav": b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + b"\0" * 40,
    "suara.amr": b"#!AMR\n" + b"\0" * 50,
    "suara.aac": b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\0" * 300,
    "video.mp4": media(b"isom"),
    "video.mov": media(b"qt  "),
    "video.3gp": media(b"3gp4"),
    "video.webm": ebml(b"webm"),
    "surat.docx": ooxml("word/document.xml"),
    "tabel.xlsx": ooxml("xl/workbook.xml"),
    "paparan.pptx": ooxml("ppt/presentation.xml"),
    "surat.odt": odf("text"),
    "tabel.ods": odf("spreadsheet"),
    "paparan.odp": odf("presentation"),
    "surat.doc": compound("Root Entry", "WordDocument"),
    "tabel.xls": compound("Root Entry", "Workbook"),
    "paparan.ppt": compound("Root Entry", "PowerPoint Document"),
}

REFUSED = {
    "program called jpg": b"MZ\x90\0" + b"\0" * 200,
    "linux program": b"\x7fELF" + b"\0" * 200,
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "gif with a script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": SCRIPT,
    "text": b"halo",
    "plain zip": archive(("a.txt", b"a")),
    "apk": archive(("AndroidManifest.xml", b"a"), ("classes.dex", b"dex")),
    "broken zip": b"PK\3\4" + b"\0" * 40,
    "installer": compound("Root Entry", "Property"),
    "matroska": ebml(b"matroska"),
    "heic": media(b"heic"),
    "tiff": picture("TIFF"),
}
