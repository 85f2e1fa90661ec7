"""Files that officers hand in: a form field that inspects them, and the rows that name them.

They are inspected while the form is checked and stored only once everything else is right. A
file whose transaction failed after all is swept away later (`files.sweep`).
"""

from collections.abc import Iterable
from pathlib import PureWindowsPath
from typing import Any, BinaryIO, cast

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField, ValidationError

from models import Attachment, Officer
from portal.config import Settings
from portal.protection import audit, files
from portal.protection.files import Checked
from portal.wording import _
from portal.wording import lazy as _l

MOST_FILES = 20
LONGEST_NAME = 80
HELP = _l("Foto, PDF, rekaman suara, video, atau dokumen kantor. Boleh lebih dari satu.")


class FilesField(MultipleFileField):
    """Several files; `checked` holds those that may be stored, once the form was validated."""

    def __init__(self, label: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("description", HELP)
        super().__init__(label or _l("Berkas"), *args, **kwargs)
        self.checked: list[Checked] = []

    def given(self) -> list[FileStorage]:
        """What was chosen; an empty control sends one file without a name."""
        return [one for one in self.data or () if isinstance(one, FileStorage) and one.filename]

    def pre_validate(self, form: Any) -> None:
        """Every file by its content; all refusals together."""
        given = self.given()
        if len(given) > MOST_FILES:
            raise ValidationError(_("Paling banyak %(n)s berkas sekaligus.", n=MOST_FILES))
        refused = [sentence for one in given if (sentence := self._refusal(one))]
        if refused:
            raise ValidationError(" ".join(refused))

    def _refusal(self, one: FileStorage) -> str:
        try:
            stream = cast(BinaryIO, one.stream)
            self.checked.append(files.inspect(stream, one.filename or "", limits()))
        except files.Refused as refusal:
            name = PureWindowsPath(one.filename or "").name[:LONGEST_NAME]
            return _("%(name)s: %(why)s", name=name, why=refusal.sentence)
        return ""


def limits() -> files.Limits:
    """What one file may be at most in this installation."""
    settings: Settings = current_app.extensions["settings"]
    return files.Limits(size=settings.upload_limit * files.MEGABYTE)


def attach(
    session: Session, checked: Iterable[Checked], officer: Officer, kind: str, **owners: Any
) -> list[Attachment]:
    """Store files and add a row for each, belonging to `owners` (report, case, message, …)."""
    rows = [_row(one, officer, kind, owners) for one in checked]
    session.add_all(rows)
    session.flush()
    for row in rows:
        audit.record(session, "file_added", officer, row)
    return rows


def _row(one: Checked, officer: Officer, kind: str, owners: dict[str, Any]) -> Attachment:
    storage_key, sha256 = files.store(one.data)
    return Attachment(
        kind=kind,
        filename=one.filename,
        mime=one.mime,
        size=len(one.data),
        sha256=sha256,
        storage_key=storage_key,
        uploaded_by=officer,
        flags=list(one.flags),
        **owners,
    )
