"""Made anew, so that only what was meant to be seen is left of a file.

Every sniffer calls a picture with a script behind it valid; what does not
survive decoding and encoding again was not part of the picture. A `CleaningError`
carries the sentence for the one who uploaded it.
"""

import io
import logging
from collections.abc import Iterator

import pikepdf
from PIL import Image, ImageOps

from portal.protection.logs import told
from portal.protection.recognition import JPEG, PNG, WEBP, Kind
from portal.wording import _

_log = logging.getLogger(__name__)

MAX_PIXELS = 50_000_000

# Also for every other use of Pillow in this process: it refuses twice this by itself.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class CleaningError(Exception):
    """Why this file is not taken, in a sentence for the one who sent it."""


def _damaged(error: Exception, sentence: str) -> CleaningError:
    """Decoders stumble over hostile bytes in every way there is; how, the log keeps."""
    _log.info("a file could not be decoded: %s", told(error))
    return CleaningError(sentence)


# --- pictures -------------------------------------------------------------------------------

_PICTURES: dict[Kind, tuple[str, tuple[str, ...], dict[str, int | bool]]] = {
    JPEG: ("JPEG", ("L", "RGB"), {"quality": 92, "optimize": True}),
    PNG: ("PNG", ("L", "RGB", "RGBA"), {}),
    WEBP: ("WEBP", ("RGB", "RGBA"), {"quality": 90}),
}


def clean_picture(data: bytes, kind: Kind) -> bytes:
    """The same picture upright, without EXIF, comments or anything behind its end."""
    name, modes, options = _PICTURES[kind]
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as image:
            _refuse_huge(image)
            copy = _pasted(ImageOps.exif_transpose(image), modes)
    except CleaningError:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception as error:
        sentence = _("Gambar ini rusak atau tidak lengkap. Coba kirim ulang atau ambil foto baru.")
        raise _damaged(error, sentence) from None
    out = io.BytesIO()
    copy.save(out, name, **options)
    return out.getvalue()


def _refuse_huge(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> CleaningError:
    return CleaningError(
        _(
            "Gambar ini terlalu besar: paling banyak %(n)s juta titik gambar.",
            n=MAX_PIXELS // 1_000_000,
        )
    )


def _pasted(image: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """Pasted into a new image: nothing but the pixels comes along."""
    image.load()
    transparent = "A" in image.getbands() or "transparency" in image.info
    mode = modes[-1] if transparent or image.mode not in modes else image.mode
    copy = Image.new(mode, image.size)
    copy.paste(image.convert(mode))
    return copy


# --- PDF ------------------------------------------------------------------------------------

_ACTIVE = {
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/AcroForm", "/XFA"),
    *("/AF", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/RichMediaSettings", "/Collection"),
}
_QUIET = {"/Metadata", "/PieceInfo"}
_FOLLOWS = {"/A", "/Next"}
_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR"),
    *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/Trans", "/GoTo3DView", "/Hide"),
}
_DEPTH = 60


def clean_pdf(data: bytes) -> tuple[bytes, bool]:
    """The PDF written anew without anything that acts by itself or names its author.

    Returns the new bytes and whether something active was removed.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not len(pdf.pages):
                raise pikepdf.PdfError
            removed = _disarm(pdf)
            return _written(pdf), removed
    except pikepdf.PasswordError:
        raise CleaningError(
            _("PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu kirim ulang.")
        ) from None
    except Exception as error:
        raise _damaged(error, _("PDF ini rusak dan tidak dapat dibaca.")) from None


def _written(pdf: pikepdf.Pdf) -> bytes:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _disarm(pdf: pikepdf.Pdf) -> bool:
    """Draw filled-in fields and notes into the pages, then strip every dictionary there is."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations()
    removed = [_strip(found) for top in pdf.objects for found in _dictionaries(top)]
    return any(removed)


def _dictionaries(found: pikepdf.Object, depth: int = 0) -> Iterator[pikepdf.Object]:
    """`found` and what lies directly in it; indirect objects are in the file's own list."""
    if depth > _DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        yield found
        parts = [found.get(key) for key in found.keys()]  # noqa: SIM118 - a stream has no other
    else:
        parts = list(found) if isinstance(found, pikepdf.Array) else []
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _dictionaries(part, depth + 1)


def _strip(found: pikepdf.Object) -> bool:
    """Take away what acts, leads out of the file or tells too much; whether anything acted."""
    keys = set(found.keys())
    kinds = {key: _actions(found[key]) for key in keys & _FOLLOWS}
    active = (keys & _ACTIVE) | {key for key in kinds if kinds[key] & _ACTIONS}
    quiet = (keys & _QUIET) | {key for key in kinds if "/URI" in kinds[key]}
    for key in active | quiet:
        del found[key]
    return bool(active)


def _actions(found: pikepdf.Object) -> set[str]:
    """The kinds of the action, or of each in a list of them; none for anything else."""
    parts = list(found) if isinstance(found, pikepdf.Array) else [found]
    return {str(part.get("/S")) for part in parts if isinstance(part, pikepdf.Dictionary)}
