"""The picture in the kop: the office's own, or an invented placeholder until it has one."""

import base64
import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from portal.letters import RenderError
from portal.wording import _

FORMATS = ("PNG", "JPEG", "WEBP")
# What the kop has room for, in centimetres, and the pixels that print at 300 dpi shows of it.
WIDTH, HEIGHT = 2.0, 2.3
PRINTED = (236, 272)
# A picture of more pixels is not unpacked: it could fill the memory.
MOST_PIXELS = 25_000_000


@dataclass(frozen=True)
class Emblem:
    """Where the typesetter finds the picture, and its size on paper in centimetres."""

    src: str
    width: float
    height: float


# Made from `lambang.svg`, which takes longer to draw than a whole page of text.
PLACEHOLDER = Emblem("images/lambang.png", WIDTH, HEIGHT)


def of(named: str, logo: bytes | None) -> Emblem:
    """The picture whose SHA-256 is `named`, or the placeholder where nothing is named.

    Raises RenderError where `logo` is another one, or no picture that can be printed.
    """
    if not named:
        return PLACEHOLDER
    if logo is None or hashlib.sha256(logo).hexdigest() != named:
        raise RenderError(_("Lambang dinas pada kop tidak ditemukan."))
    return _emblem(logo)


@lru_cache(maxsize=4)
def _emblem(logo: bytes) -> Emblem:
    picture, out = _on_white(logo), io.BytesIO()
    picture.save(out, "PNG")
    scale = min(WIDTH / picture.width, HEIGHT / picture.height)
    return Emblem(
        f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}",
        round(picture.width * scale, 3),
        round(picture.height * scale, 3),
    )


def _on_white(logo: bytes) -> Image.Image:
    """No larger than print shows it, and without what lies behind what is transparent."""
    try:
        with Image.open(io.BytesIO(logo), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            coloured = picture.convert("RGBA")
    except Exception:
        # Pillow raises what its decoders do, in words that may quote the file.
        raise RenderError(_("Lambang dinas pada kop bukan gambar yang dapat dicetak.")) from None
    coloured.thumbnail(PRINTED)
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured).convert("RGB")
