"""The office's logo in the kop: letters name it by its fingerprint, so that it stays theirs."""

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Logo, Officer
from portal.letters import LetterError
from portal.protection import files
from portal.protection.vault import VaultError
from portal.wording import _


def of(session: Session, content: Mapping[str, Any]) -> bytes | None:
    """The picture that `content` names in its kop; None for the placeholder.

    Raises LetterError where it is gone from the store.
    """
    sha256 = content["letterhead"].get("logo")
    if not sha256:
        return None
    key = session.scalar(select(Logo.storage_key).where(Logo.sha256 == sha256))
    try:
        return files.read(key or "")
    except (FileNotFoundError, ValueError, VaultError):
        raise LetterError(_("Logo kop surat ini hilang. Beri tahu admin.")) from None


# --- a new one ----------------------------------------------------------------------------------

SMALLEST, LARGEST, SLIMMEST = 100, 1_000, 4


def prepared(picture: bytes) -> bytes:
    """A cleaned picture as the kop takes it: PNG, no larger than print shows.

    The same picture gives the same bytes. Raises LetterError for one that is too small or slim.
    """
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        short, long = sorted(image.size)
        if short < SMALLEST:
            raise LetterError(
                _("Logo ini terlalu kecil: paling sedikit %(n)s x %(n)s titik.", n=SMALLEST)
            )
        if long > SLIMMEST * short:
            raise LetterError(_("Logo ini terlalu panjang untuk kop: potong dahulu tepinya."))
        copy = image.convert("RGBA")
    copy.thumbnail((LARGEST, LARGEST))
    out = io.BytesIO()
    copy.save(out, "PNG")
    return out.getvalue()


def keep(session: Session, png: bytes, officer: Officer) -> Logo:
    """The row of this logo, stored sealed unless it is here already. The caller commits.

    Raises LetterError where the disk takes no more.
    """
    known = session.scalar(select(Logo).where(Logo.sha256 == hashlib.sha256(png).hexdigest()))
    if known is not None:
        return known
    try:
        storage_key, sha256 = files.store(png)
    except OSError:
        raise LetterError(
            _("Logo tidak dapat disimpan: tempat penyimpanan penuh. Beri tahu admin.")
        ) from None
    row = Logo(sha256=sha256, storage_key=storage_key, size=len(png), uploaded_by=officer)
    session.add(row)
    session.flush()
    return row
