"""Several letters at once: as a zip of their files, or as one run for the printer.

Nothing of it touches the disk: what lies there is sealed. A zip is written while it is read, one
letter in memory at a time; a printer's run is put together in memory.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator

import pikepdf
from sqlalchemy.orm import Session
from zipstream import ZipStream

from models import Letter
from portal.letters import LetterError, progress, versions
from portal.letters.versions import StoreError
from portal.wording import _

# So many letters, and so many bytes of stored files, go at once.
MOST = 200
LARGEST = 100_000_000
PIECE = 65_536
UNSIGNED = "-belum-ditandatangani"
PLAIN = re.compile(r"[^A-Za-z0-9._-]+")

Read = Callable[[], bytes]


def filename(letter: Letter) -> str:
    """The printed number as the name of a file, and whether its signature is still to come; nothing
    else, so nothing personal."""
    name = PLAIN.sub("-", letter.printed).strip("-.") or letter.id
    return f"{name}{UNSIGNED if progress.praises_itself(letter) else ''}.pdf"


def names(letters: Iterable[Letter]) -> dict[int, str]:
    """A file name for each letter by its id, none twice."""
    found: dict[int, str] = {}
    for letter in letters:
        name = filename(letter)
        found[letter.id] = f"{letter.id}-{name}" if name in found.values() else name
    return found


def fault(session: Session, letter: Letter) -> str:
    """Why the PDF of `letter` cannot be had, as a sentence; "" where it can."""
    try:
        version = versions.current(session, letter)
        if version is not None:
            versions.read(version)
        elif letter.content is None:
            return _("Isi surat ini sudah dihapus sesuai masa simpannya.")
    except LetterError as error:
        return str(error)
    return ""


def refuse_too_large(session: Session, letters: Iterable[Letter]) -> None:
    """Raises StoreError for more than goes at once."""
    chosen = list(letters)
    stored = (versions.current(session, one) for one in chosen)
    if len(chosen) > MOST or sum(one.size for one in stored if one) > LARGEST:
        raise StoreError(
            _(
                "Terlalu banyak sekaligus: paling banyak %(n)s surat dan %(mb)s MB. Pilih lebih "
                "sedikit.",
                n=MOST,
                mb=LARGEST // 1_000_000,
            )
        )


def zipped(parts: Iterable[tuple[str, Read]]) -> Iterator[bytes]:
    """A zip of files by name; each is read when its turn comes."""
    archive = ZipStream()
    for name, read in parts:
        archive.add(_read(read), name)
    yield from archive


def _read(read: Read) -> Iterator[bytes]:
    yield read()


def merged(pdfs: Iterable[bytes]) -> Iterator[bytes]:
    """One PDF for a printer that prints on both sides: every letter begins on a front side."""
    run, out = pikepdf.new(), io.BytesIO()
    for pdf in pdfs:
        if len(run.pages) % 2:
            *_corner, width, height = map(float, run.pages[-1].mediabox)
            run.add_blank_page(page_size=(width, height))
        letter = pikepdf.open(io.BytesIO(pdf))
        for page in letter.pages:
            # On paper there is nothing to click, and a signature holds in its own file alone.
            if "/Annots" in page:
                del page.Annots
        run.pages.extend(letter.pages)
    run.save(out)
    out.seek(0)
    return iter(lambda: out.read(PIECE), b"")
