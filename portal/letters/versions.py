"""The stored PDFs of a letter: only read; what is made anew or signed adds a version.

Every version has its fingerprint (SHA-256) in the register. `naskah` is what the template made,
`bertanda_tangan` the same bytes with the electronic signature after them.
"""

import hashlib
import json
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from models import Letter, LetterFile, LetterForm
from portal.letters import LetterError, logos, pdf, press
from portal.numbering import INSERTS
from portal.protection import files
from portal.protection.vault import VaultError
from portal.wording import _


class StoreError(LetterError):
    """A stored PDF that is gone or is not the one that was stored, or that cannot be stored."""


def stored(session: Session, letter: Letter) -> bytes:
    """The PDF of `letter` as it counts now, rendered and stored if nobody has yet.

    Worker and reader may come at once: the first to store wins, both return the same bytes.
    Raises StoreError where the file no longer matches its fingerprint, RenderError where it
    cannot be made. The caller commits.
    """
    counting = current(session, letter) if letter.content is not None else None
    return read(counting if counting is not None else _store(session, letter, 1))


def shown(session: Session, letter: Letter) -> bytes:
    """The PDF of `letter` for a reader: as stored, or the same bytes made now.

    Looking at a letter stores nothing. Raises as `stored` does.
    """
    counting = current(session, letter)
    return read(counting) if counting else _rendered(session, letter)


def again(session: Session, letter: Letter) -> LetterFile:
    """A new PDF version from the frozen content and today's template. The caller commits.

    A signed letter stays the one that counts: nothing is made anew of it. Raises StoreError.
    """
    newest = current(session, letter)
    if newest is not None and newest.form is LetterForm.bertanda_tangan:
        raise StoreError(_("Surat yang sudah ditandatangani tidak dibuat ulang."))
    return _store(session, letter, newest.version + 1 if newest else 1)


def add_signed(session: Session, letter: Letter, data: bytes) -> LetterFile:
    """The signed PDF as the newest version, which counts from now on. The caller commits.

    Raises StoreError where it cannot be written: nothing has changed then.
    """
    newest = _newest(session, letter)
    storage_key, sha256 = _write(data)
    version = LetterFile(
        letter=letter,
        version=newest.version + 1 if newest else 1,
        template_version=pdf.template_version(letter.kind.value),
        storage_key=storage_key,
        sha256=sha256,
        size=len(data),
        form=LetterForm.bertanda_tangan,
    )
    session.add(version)
    session.flush()
    return version


def read(version: LetterFile) -> bytes:
    """The bytes of one stored version; StoreError if they are gone or not what was stored."""
    try:
        data = files.read(version.storage_key)
    except (FileNotFoundError, VaultError):
        data = b""
    if hashlib.sha256(data).hexdigest() != version.sha256:
        raise StoreError(_("Berkas surat ini hilang atau berubah. Beri tahu admin."))
    return data


def current(session: Session, letter: Letter) -> LetterFile | None:
    """The stored version that counts: the signed one, else the newest; None before the first."""
    return _newest(session, letter, LetterForm.bertanda_tangan) or _newest(session, letter)


def _newest(session: Session, letter: Letter, form: LetterForm | None = None) -> LetterFile | None:
    versions = select(LetterFile).where(LetterFile.letter_id == letter.id)
    if form is not None:
        versions = versions.where(LetterFile.form == form)
    return session.scalar(versions.order_by(LetterFile.version.desc()).limit(1))


def _rendered(session: Session, letter: Letter) -> bytes:
    if letter.content is None:
        raise StoreError(_("Isi surat ini sudah dihapus sesuai masa simpannya."))
    content = json.loads(letter.content)
    return press.render(letter.kind.value, content, logos.of(session, content))


def _write(data: bytes) -> tuple[str, str]:
    """Storage key and fingerprint of `data`; StoreError where the disk takes no more."""
    try:
        return files.store(data)
    except OSError:
        raise StoreError(
            _("Berkas surat tidak dapat disimpan: tempat penyimpanan penuh. Beri tahu admin.")
        ) from None


def _store(session: Session, letter: Letter, number: int) -> LetterFile:
    """Version `number`, or the one that somebody else stored under it in the meantime."""
    data = _rendered(session, letter)
    storage_key, sha256 = _write(data)
    insert = INSERTS[session.get_bind().dialect.name](cast(Table, LetterFile.__table__))
    version = insert.values(
        letter_id=letter.id,
        version=number,
        template_version=pdf.template_version(letter.kind.value),
        storage_key=storage_key,
        sha256=sha256,
        size=len(data),
    )
    session.execute(version.on_conflict_do_nothing(index_elements=["letter_id", "version"]))
    query = select(LetterFile).filter_by(letter_id=letter.id, version=number)
    kept = session.scalars(query).one()
    if kept.storage_key != storage_key:
        files.remove(storage_key)
    return kept
