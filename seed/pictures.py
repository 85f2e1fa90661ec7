"""The only file the demo attaches: a picture that nobody can take for an identity card."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from portal.casework.arrival import FileFacts
from portal.protection import files

SIZE = (640, 400)
LINES = ("CONTOH / SAMPLE", "Bukan kartu identitas", "Demo Ruang Aman")


def card() -> FileFacts:
    """A stored picture, as the report form would hand it over."""
    data = _drawn()
    storage_key, sha256 = files.store(data)
    return FileFacts(
        kind="kartu_identitas",
        filename="contoh-kartu.png",
        mime="image/png",
        size=len(data),
        sha256=sha256,
        storage_key=storage_key,
    )


@cache
def _drawn() -> bytes:
    picture = Image.new("RGB", SIZE, "#e8eef4")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, SIZE[0] - 12, SIZE[1] - 12), outline="#35506b", width=4)
    for number, line in enumerate(LINES):
        pen.text((60, 90 + number * 80), line, fill="#35506b", font_size=40)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
