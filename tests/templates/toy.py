"""Tables and screens of a small Flask-Admin application on our generic templates.

It shows every kind of control once: the real screens are tested elsewhere.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Response, jsonify, request
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import Select2Field, rules
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from wtforms import Form, RadioField
from wtforms.validators import InputRequired, Length

from portal.screens.widgets import MultiCheckbox
from tests.templates.toy_forms import FormConverter, section

KINDS = [("fisik", "Fisik"), ("psikis", "Psikis"), ("seksual", "Seksual")]
RISKS = [("rendah", "Rendah"), ("tinggi", "Tinggi"), ("darurat", "Darurat")]
ARRIVAL = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(metadata=Base.metadata)


class Worker(Base):
    __tablename__ = "worker"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))

    def __str__(self) -> str:
        return self.name


class File(Base):
    __tablename__ = "file"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    risk: Mapped[str] = mapped_column(String(20))
    kinds: Mapped[str | None] = mapped_column(String(80))
    district: Mapped[str | None] = mapped_column(String(80))
    opened: Mapped[date]
    arrived: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    urgent: Mapped[bool] = mapped_column(default=False)
    story: Mapped[str | None] = mapped_column(Text)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    worker: Mapped[Worker | None] = relationship()
    people: Mapped[list["Someone"]] = relationship(back_populates="file", cascade="all")

    def __str__(self) -> str:
        return self.number


class Someone(Base):
    __tablename__ = "someone"
    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(String(80))
    born: Mapped[date | None]
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    file: Mapped[File] = relationship(back_populates="people")


class FileScreen(ModelView):
    model_form_converter = FormConverter
    menu_icon_type, menu_icon_value = "icon", "folder"
    can_view_details = can_export = True
    can_set_page_size = True
    details_template = "story.html"
    page_size, page_size_options = 5, (5, 20)
    column_display_pk = False
    column_list = ("number", "risk", "opened", "worker", "urgent")
    column_labels = {
        "number": "Nomor perkara",
        "risk": "Risiko",
        "opened": "Tanggal dibuka",
        "worker": "Konselor",
        "urgent": "Darurat",
        "story": "Kronologi",
        "arrived": "Waktu masuk",
        "people": "Korban",
        "kinds": "Bentuk kekerasan",
    }
    column_descriptions = {"number": "Nomor tidak pernah berubah."}
    column_details_list = ("number", "risk", "opened", "arrived", "worker", "story")
    column_searchable_list = ("number",)
    column_filters = ("risk", "urgent")
    column_sortable_list = ("number", "opened")
    details_sections = (
        ("Perkara", ("number", "risk", "opened", "arrived", "worker")),
        ("Yang terjadi", ("story",)),
    )
    form_columns = (
        "number",
        "risk",
        "kinds",
        "district",
        "opened",
        "arrived",
        "worker",
        "urgent",
        "story",
    )
    form_extra_fields = {
        "risk": RadioField("Risiko", [InputRequired("Pilih tingkat risiko.")], choices=RISKS),
        "district": Select2Field(
            "Kelurahan", choices=[(str(n), f"Kelurahan {n}") for n in range(12)], allow_blank=True
        ),
        "kinds": MultiCheckbox("Bentuk kekerasan", choices=KINDS),
    }
    form_args = {"number": {"validators": [Length(min=4, message="Nomor terlalu pendek.")]}}
    form_rules = (
        section(
            "Perkara",
            "number",
            "risk",
            "kinds",
            "district",
            "opened",
            "arrived",
            help="Yang tercatat.",
        ),
        section("Penanganan", "worker", "urgent", "story"),
        rules.Field("people"),
    )
    form_ajax_refs = {"worker": {"fields": ("name",)}}
    inline_models = ((Someone, {"form_columns": ("id", "alias", "born")}),)

    def on_model_change(self, form: Form, model: Any, is_created: bool) -> None:
        model.kinds = ",".join(form.kinds.data or ())

    @expose("/ajax/lookup/", methods=("POST",))
    def ajax_lookup(self) -> Response:
        """As the real screens answer: what is typed stands in the body."""
        loader = self._form_ajax_refs[request.args["name"]]
        return jsonify([loader.format(row) for row in loader.get_list(request.form["query"], 0)])

    @action("close", "Tutup", "Tutup semua perkara yang dipilih?")
    def close(self, ids: list[str]) -> None:
        for row in db.session.query(File).filter(File.id.in_([int(key) for key in ids])):
            row.risk = "rendah"
        db.session.commit()


class WorkerScreen(ModelView):
    """Flask-Admin's defaults, and keyset addresses as the real screens give them."""

    model_form_converter = FormConverter
    list_template = "admin/model/list.html"

    def render(self, template: str, **values: Any) -> str:
        if template == self.list_template:
            values |= {"newer_url": None, "older_url": "?after=5", "count_text": "1.000 lebih"}
        return super().render(template, **values)


def fill() -> None:
    """Seven files, three workers."""
    workers = [Worker(name=name) for name in ("Sari Dewi", "Budi Santoso", "Ratna Ayu")]
    db.session.add_all(workers)
    for number in range(1, 8):
        db.session.add(
            File(
                number=f"KS-2026-{number:04}",
                risk=RISKS[number % 3][0],
                opened=date(2026, 11, number),
                arrived=ARRIVAL + timedelta(hours=number),
                worker=workers[number % 3],
                urgent=number % 2 == 0,
                story="Pelapor datang sendiri dan menceritakan kejadian. " * number,
                people=[Someone(alias=f"Melati {number}", born=date(2010, 1, number))],
            )
        )
    db.session.commit()
