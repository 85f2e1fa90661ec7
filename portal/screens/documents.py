"""The screens of letters and attachments: lists as any other, and the files themselves.

A file leaves as an attachment with a policy that lets nothing in it run.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, current_app, flash, redirect, request
from flask_admin import expose
from wtforms import FileField
from wtforms.validators import ValidationError

from portal.casework import attachments
from portal.config import Settings
from portal.db import db
from portal.letters import LetterError, bundle, versions
from portal.protection import audit, files
from portal.protection.vault import VaultError
from portal.screens import helps, texts
from portal.screens.screen import Screen
from portal.screens.sign_in import current_officer
from portal.wording import _

NOTHING_RUNS = "default-src 'none'; sandbox"


class Documents(Screen):
    """A table whose rows have a file."""

    demands: Mapping[str, str] = {"download": "view"}

    @expose("/unduh/")
    def download(self) -> Response:
        """The file of one row, noted in the log."""
        row = self.get_one(request.args.get("id"))
        name, mime, data = self.file_of(row)
        db.session.commit()  # nosemgrep: commit-on-get
        answer = Response(data, mimetype=mime)
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        answer.headers["Content-Security-Policy"] = NOTHING_RUNS
        return answer

    def file_of(self, row: Any) -> tuple[str, str, bytes]:
        """Name, type and content; the log entry belongs to it."""
        raise NotImplementedError


class Letters(Documents):
    """The letter register."""

    def file_of(self, row: Any) -> tuple[str, str, bytes]:
        """The PDF as it was stored, or as it will be."""
        try:
            data = versions.shown(db.session(), row)
        except LetterError as error:
            flash(str(error), "error")
            abort(404)
        audit.record(db.session(), "letter_opened", current_officer(), row)
        return bundle.filename(row), "application/pdf", data


class UploadField(FileField):
    """A file that was chosen; it is inspected before anything is stored."""

    checked: files.Checked | None = None

    def pre_validate(self, form: Any) -> None:
        """Known by its content, clean, not too large."""
        if not getattr(self.data, "filename", ""):
            raise ValidationError(_("Pilih sebuah berkas."))
        settings: Settings = current_app.extensions["settings"]
        limits = files.Limits(size=settings.upload_limit * files.MEGABYTE)
        try:
            self.checked = files.inspect(self.data.stream, self.data.filename, limits)
        except files.Refused as refusal:
            raise ValidationError(refusal.sentence) from None

    def populate_obj(self, obj: Any, name: str) -> None:
        """Store it sealed; a row that is never committed leaves it to the sweep."""
        if self.checked is None:
            raise ValueError("a file that nobody inspected")
        obj.storage_key, obj.sha256 = files.store(self.checked.data)
        obj.filename, obj.mime = self.checked.filename, self.checked.mime
        obj.size, obj.flags = len(self.checked.data), list(self.checked.flags)


class Attachments(Documents):
    """Files that were given to the office, and those that officers add."""

    stamped: Sequence[str] = ("uploaded_by",)

    def _field(self, name: str) -> Any:
        if name != "file":
            return super()._field(name)
        return UploadField(texts.of(self.model, "download"), description=helps.of(self.model, name))

    def before_save(self, form: Any, row: Any, created: bool) -> None:
        """A file of a service belongs to the case of that service."""
        owner = row.intervention or row.outreach
        row.case = owner.case if owner else row.case

    def file_of(self, row: Any) -> tuple[str, str, bytes]:
        """The file as it was stored."""
        try:
            data = attachments.content(row)
        except attachments.KeptBack as kept:
            flash(kept.sentence, "warning")
            abort(redirect(self.get_url(".details_view", id=row.id), 303))
        except (FileNotFoundError, VaultError):
            abort(404)
        audit.record(db.session(), "downloaded", current_officer(), row)
        return row.filename, row.mime, data
