"""The office's logo in the kop: letters name it by its fingerprint, so that it stays theirs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Logo
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
