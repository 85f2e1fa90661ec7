"""The list as CSV: the same rows, narrowed and searched alike, streamed from the cursor.

Labels instead of codes, Indonesian headings, no cell that a spreadsheet would run. The log
has its entry before the first byte leaves.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from flask import Response, abort, stream_with_context
from flask_admin import expose
from sqlalchemy import func, inspect

from portal.access import scope
from portal.db import READING, db
from portal.indonesia import dates
from portal.protection import audit
from portal.screens import columns
from portal.screens.sign_in import current_officer
from portal.wording import _

BATCH = 500
BOM = "\ufeff"
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f"
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        """The line."""
        return text


class Export:
    """The export of a screen. Mixed into `Screen`, after `Listing`."""

    column_list: Sequence[str]
    column_export_list: Sequence[str] | None

    @expose("/export/<export_type>/")
    def export(self: Any, export_type: str) -> Response:
        """The list as a file."""
        if export_type not in self.export_types:
            abort(404)
        asked = self.asked()
        query = self.narrowed_rows(asked)
        self._note_export(asked, query)
        answer = Response(
            stream_with_context(self._lines(query, self.order(asked), _viewer())),
            mimetype="text/csv",
            headers={"Content-Disposition": f"attachment; filename={self.export_name()}"},
        )
        answer.headers["X-Accel-Buffering"] = "no"
        return answer

    def export_name(self: Any) -> str:
        """The table and the moment, nothing else."""
        return f"{self.table}-{dates.local(datetime.now(UTC)):%Y%m%d-%H%M}.csv"

    def exported(self: Any) -> Sequence[str]:
        """The columns that leave, in their order."""
        return self.column_export_list or self.column_list

    def _note_export(self: Any, asked: Any, query: Any) -> None:
        """Committed before the answer begins: no export without a trace."""
        key = getattr(self.model, inspect(self.model).primary_key[0].key)
        rows = db.session.scalar(query.with_only_columns(func.count(key)).order_by(None))
        filters = {one.parameter: values for one, values in asked.narrowed}
        facts = {"filters": filters | ({"cari": _("ya")} if asked.term else {}), "rows": rows}
        audit.record(db.session(), "exported", current_officer(), table=self.table, **facts)
        db.session.commit()

    def _lines(self: Any, query: Any, order: Any, viewer: scope.Viewer) -> Iterator[str]:
        shown = self.exported()
        writer = csv.writer(Echo())
        heads = [str(self.get_column_name(name)) for name in shown]
        yield BOM + writer.writerow(map(harmless, heads))
        ordered = self.loaded(query, shown).order_by(*order.by())
        with db.session.session_factory() as session:
            session.info |= {"viewer": viewer, READING: True}
            rows = iter(session.scalars(ordered.execution_options(yield_per=BATCH)))
            while batch := list(islice(rows, BATCH)):
                yield "".join(writer.writerow(self._cells(row, shown)) for row in batch)

    def _cells(self: Any, row: Any, shown: Sequence[str]) -> list[str]:
        values = (columns.show(row, name, columns.EXPORT) for name in shown)
        return [harmless("" if value is None else str(value)) for value in values]


def _viewer() -> scope.Viewer:
    """On whose behalf to read on after the request's own session is gone."""
    return scope.viewer_of(current_officer())


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula.

    An apostrophe goes before what begins, also after blanks and invisible signs, with one of
    `= + - @`, their full-width twins, a tab or an end of line.
    """
    text = str(text).replace("\0", "")
    start = text.lstrip(" \u00a0\u3000" + INVISIBLE)
    return f"'{text}" if start.startswith(FORMULA) else text
