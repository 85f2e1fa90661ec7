"""The list as a file: the same rows, narrowed and searched alike, of one moment.

First a page says what would leave and asks why; then the log has its entry, reason included, and
the file is sent as the cursor yields it. Labels instead of codes, Indonesian headings, only the
columns the officer may see. The last line says who took it and when: without it the file is not
whole.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, request, stream_with_context
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import Select, func, inspect
from sqlalchemy.orm import Session
from wtforms import TextAreaField, ValidationError

from portal import labels
from portal.access import scope
from portal.db import READING, db
from portal.indonesia import dates
from portal.protection import audit
from portal.screens import checks, columns, edge, sheets, sight
from portal.screens.fields import ScreenForm
from portal.wording import _
from portal.wording import lazy as _l

SHORTEST = 10
WRONG = 422


class ExportForm(ScreenForm):
    """Why somebody takes a file out of the portal."""

    why = TextAreaField(
        _l("Alasan ekspor"),
        [checks.required(), checks.NotLonger(1_000)],
        [checks.tidy],
        _l("Untuk apa berkas ini dan siapa yang akan menerimanya. Dicatat bersama nama Anda."),
        render_kw={"rows": 3},
    )

    def validate_why(self, field: Any) -> None:
        """A word is no reason."""
        if len(field.data or "") < SHORTEST:
            raise ValidationError(_("Tulis sedikitnya %(n)s karakter.", n=SHORTEST))


class Export:
    """The export of a screen. Mixed into `Screen`, after `Listing`."""

    column_list: Sequence[str]
    column_export_list: Sequence[str] | None
    export_types = tuple(sheets.KINDS)

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    def export(self: Any, export_type: str) -> Any:
        """What would leave, and the question why; with an answer to it, the file."""
        if export_type not in self.export_types:
            abort(404)
        asked, form = self.asked(), ExportForm(get_form_data())
        if request.method == "GET" or not form.validate():
            return self._export_page(asked, form), WRONG if form.errors else 200
        with_rows = sheets.KINDS[export_type]
        session = snapshot(scope.viewer_of(edge.me()))
        try:
            query = self.narrowed_rows(asked)
            found = self.rows_in(session, query)
            if found > with_rows.most:
                form.why.errors = [_("Terlalu banyak baris untuk jenis ini. Pilih CSV.")]
                return self._export_page(asked, form), WRONG
            self._note_export(asked, found, export_type, form.why.data)
        except BaseException:
            session.close()
            raise
        rows = self._lines(session, query, self.order(asked), self.exported(), _signature())
        return self._answer(session, with_rows, rows, export_type)

    def _answer(self: Any, session: Session, kind: sheets.Kind, rows: Any, ending: str) -> Response:
        answer = Response(stream_with_context(kind.pieces(rows)), mimetype=kind.mime)
        answer.call_on_close(session.close)
        answer.headers.set("Content-Disposition", "attachment", filename=self.export_name(ending))
        answer.headers["X-Accel-Buffering"] = "no"
        return answer

    def export_name(self: Any, ending: str) -> str:
        """The table and the moment, nothing else."""
        return f"{self.table}-{dates.local(datetime.now(UTC)):%Y%m%d-%H%M}.{ending}"

    def exported(self: Any) -> list[str]:
        """The columns that leave, in their order: those this officer may see."""
        return sight.seen(self.model, self.column_export_list or self.column_list)

    def rows_in(self: Any, session: Session, query: Select[Any]) -> int:
        """How many rows `query` finds."""
        key = getattr(self.model, inspect(self.model).primary_key[0].key)
        counted = query.with_only_columns(func.count(key)).order_by(None)
        return session.scalar(counted) or 0

    def _export_page(self: Any, asked: Any, form: ExportForm) -> str:
        page: str = self.render(
            "screens/export.html",
            form=form,
            facts=self._export_facts(asked),
            kinds=[
                (self._address(".export", export_type=k), sheets.KINDS[k].label)
                for k in self.export_types
            ],
            return_url=self._address(),
        )
        return page

    def _export_facts(self: Any, asked: Any) -> list[tuple[str, str]]:
        """What would leave: how many rows, which of them, which columns."""
        told = [one.told(self.model, values) for one, values in asked.narrowed]
        searched = [_("memuat “%(text)s”", text=asked.term)] if asked.term else []
        count = self.rows_in(db.session(), self.narrowed_rows(asked))
        heads = ", ".join(str(self.get_column_name(name)) for name in self.exported())
        return [
            (_("Jumlah baris"), str(count)),
            (_("Disaring"), "; ".join([*searched, *told]) or _("Tidak: seluruh daftar Anda")),
            (_("Kolom"), heads),
        ]

    def _note_export(self: Any, asked: Any, rows: int, ending: str, why: str) -> None:
        """Committed before the answer begins: no export without a trace."""
        filters = {one.parameter: values for one, values in asked.narrowed}
        audit.record(
            db.session(),
            "exported",
            edge.me(),
            table=self.table,
            filters=filters | ({"cari": _("ya")} if asked.term else {}),
            rows=rows,
            format=ending,
            why=why,
        )
        db.session.commit()

    def _lines(
        self: Any,
        session: Session,
        query: Any,
        order: Any,
        shown: Sequence[str],
        signature: dict[str, str],
    ) -> Iterator[list[str]]:
        """Headings, rows, and the line that ends them: the proof that the file is whole."""
        db.session.info[READING] = True  # labels are read on the way: no writer waits for that
        yield [str(self.get_column_name(name)) for name in shown]
        ordered = self.loaded(query, shown).order_by(*order.by())
        count = 0
        for row in session.scalars(ordered.execution_options(yield_per=sheets.BATCH)):
            count += 1
            yield self._cells(row, shown)
        yield [
            _("Akhir ekspor: %(n)s baris, oleh %(who)s (%(role)s), %(when)s.", n=count, **signature)
        ]

    def _cells(self: Any, row: Any, shown: Sequence[str]) -> list[str]:
        values = (columns.show(row, name, columns.EXPORT) for name in shown)
        return ["" if value is None else str(value) for value in values]


def snapshot(viewer: scope.Viewer) -> Session:
    """A session of `viewer` that sees one moment to its end, whatever is written meanwhile.

    A reading transaction of SQLite does so by itself, one of PostgreSQL when told.
    """
    session = db.session.session_factory()
    session.info |= {"viewer": viewer, READING: True}
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _signature() -> dict[str, str]:
    """Who takes the file, and when: known before the request's own session is gone."""
    officer = edge.me()
    return {
        "who": officer.name,
        "role": labels.label(officer.role),
        "when": dates.moment(datetime.now(UTC)),
    }
