"""The screen of complaints about the service: entering, answering, finishing."""

from datetime import UTC, datetime
from typing import Any

from flask import flash
from sqlalchemy import select
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from models import ComplaintStatus, ServiceComplaint
from portal.casework import service_complaints
from portal.db import db
from portal.screens import narrow
from portal.screens.screen import Screen
from portal.screens.sign_in import current_officer
from portal.wording import _
from portal.wording import lazy as _l

STEPS: dict[str, Any] = {
    "": _l("Biarkan seperti sekarang"),
    ComplaintStatus.diproses.value: _l("Sedang diproses"),
    ComplaintStatus.selesai.value: _l("Selesai"),
}
FACTS = ("body", "name", "contact", "via")


class StepField(SelectField):
    """What happens next; the complaint's own state is moved by its rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        offered = [SelectChoice(code, str(text)) for code, text in STEPS.items()]
        super().__init__(*args, choices=offered, default="", **kwargs)

    def process_data(self, value: Any) -> None:
        """Nothing is chosen beforehand."""
        self.data = ""

    def populate_obj(self, obj: Any, name: str) -> None:
        """See `Complaints.before_save`."""


class Complaints(Screen):
    """Complaints about the service itself."""

    def _field(self, name: str) -> Any:
        if name != "step":
            return super()._field(name)
        return StepField(_l("Langkah berikutnya"), description=_l("Jawaban baru dikirim sendiri."))

    def row_class(self, row: Any) -> str:
        """Whoever waits too long stands out."""
        return "row-late" if narrow.late_complaint(row, datetime.now(UTC)) else ""

    def create_model(self, form: Any) -> Any:
        """Taken in like one from the website: number, code, clock; the code is said once."""
        receipt = service_complaints.receive(
            db.session(),
            **{name: form[name].data for name in FACTS},
            token=str(form.uuid.value()),
            officer=current_officer(),
            now=datetime.now(UTC),
        )
        db.session.commit()
        told = _("Sampaikan kepada yang mengadu: nomor %(number)s, kode %(code)s.")
        flash(told % {"number": receipt.number, "code": receipt.code}, "success")
        wanted = select(ServiceComplaint).where(ServiceComplaint.number == receipt.number)
        return db.session.scalar(wanted)

    def before_save(self, form: Any, row: Any, created: bool) -> None:
        """A new answer is an act of its own, and so is each step."""
        officer, now = current_officer(), datetime.now(UTC)
        said = form.answer.data
        if officer and said and said != form.answer.object_data:
            row.answered_by, row.answered_at = officer, row.answered_at or now
            if row.status is not ComplaintStatus.selesai:
                _answer(row, officer, said, now)
        move = MOVES.get(form.step.data)
        if officer and move and row.status.value != form.step.data:
            move(db.session(), row, officer, now)


def _answer(row: ServiceComplaint, officer: Any, said: str, now: datetime) -> None:
    if row.status is not ComplaintStatus.dijawab:
        service_complaints.answer(db.session(), row, officer, said, now)


MOVES: dict[str, Any] = {
    ComplaintStatus.diproses.value: service_complaints.process,
    ComplaintStatus.selesai.value: service_complaints.finish,
}
