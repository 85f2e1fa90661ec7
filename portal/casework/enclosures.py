"""Files that come with a message: inspected and sealed like any upload, or named with the reason.

A file that may not be kept never takes its message with it: its name stands there, and why.
"""

from typing import Any

from sqlalchemy.orm import Session

from models import Attachment, MediaState, Message, Officer, RemoteFile
from portal.protection import files
from portal.wording import lazy as _l

KIND = "bukti"
REFUSED, TOO_LARGE, LEFT_OUT = "refused", "too_large", "left_out"
ALTERED, ELSEWHERE, LOST, EXPIRED = "altered", "elsewhere", "lost", "expired"
TROUBLES: dict[str, Any] = {
    REFUSED: _l("Jenis atau isi berkas ini tidak diterima"),
    TOO_LARGE: _l("Berkas ini terlalu besar"),
    LEFT_OUT: _l("Berkas ini tidak ikut dalam kiriman"),
    ALTERED: _l("Isi berkas ini tidak sama dengan yang dikirim; minta dikirim ulang"),
    ELSEWHERE: _l("Alamat berkas ini bukan milik WhatsApp; tidak diambil"),
    LOST: _l("WhatsApp gagal meneruskan berkas ini; minta dikirim ulang"),
    EXPIRED: _l("Lampiran hilang: WhatsApp tidak menyimpannya lagi"),
}


def enclose(
    session: Session,
    message: Message,
    name: str,
    data: bytes,
    limits: files.Limits,
    officer: Officer | None = None,
) -> Attachment | None:
    """Keep a file of `message`; None where it may not be kept, and its name is noted instead.

    Args:
        name: a label, whatever it looks like.
        officer: who brought it, None where a channel did.
    """
    if len(data) > limits.size:
        missing(session, message, name, TOO_LARGE)
        return None
    try:
        return keep(session, message, name, data, limits, officer)
    except files.Refused:
        missing(session, message, name, REFUSED)
        return None


def keep(
    session: Session,
    message: Message,
    name: str,
    data: bytes,
    limits: files.Limits,
    officer: Officer | None = None,
) -> Attachment:
    """As `enclose`. Raises files.Refused for what may not be kept."""
    checked = files.inspect(data, name, limits)
    storage_key, sha256 = files.store(checked.data)
    row = Attachment(
        message=message,
        report=message.report,
        kind=KIND,
        filename=checked.filename,
        mime=checked.mime,
        size=len(checked.data),
        sha256=sha256,
        storage_key=storage_key,
        uploaded_by=officer,
        flags=list(checked.flags),
    )
    session.add(row)
    session.flush()
    return row


def missing(session: Session, message: Message, name: str, trouble: str) -> None:
    """Say that a file came with `message` that is not kept here, and why (a code)."""
    state = MediaState.expired if trouble == LEFT_OUT else MediaState.blocked
    label = files.display_name(name, "") if name else None
    row = RemoteFile(message=message, media_id="", filename=label, state=state, trouble=trouble)
    session.add(row)
    session.flush()
