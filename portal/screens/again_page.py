"""The pages of work that failed: `admin` has it done once more, or says that this is not needed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response

from models import ChannelDelivery, Job, JobState
from portal import queue
from portal.casework import deliveries
from portal.protection import audit
from portal.screens import edge
from portal.wording import _


class AgainPage:
    """Mixed into a screen of work that may have failed and waits for a decision then."""

    details_template = "screens/again.html"
    demands: Mapping[str, str] = {"again_view": "view", "close_view": "view"}
    model: Any
    table: str

    @expose("/lagi/", methods=("POST",))
    def again_view(self) -> Response:
        """Try the row `?id=` again; 409 where there is nothing to be tried."""
        return self._decide(self.do_again, _("Dijalankan lagi."))

    @expose("/selesai/", methods=("POST",))
    def close_view(self) -> Response:
        """Try the row `?id=` no more; 409 where nothing waits to be decided."""
        return self._decide(self.do_close, _("Dinyatakan selesai; tidak dijalankan lagi."))

    def _decide(self, do: Callable[[Any], None], said: str) -> Response:
        row = edge.fetch(self.model, request.args.get("id"))
        if not self.may_again(row):
            abort(409)
        do(row)
        edge.session().commit()
        flash(said, "success")
        return redirect(edge.page_of(self.table, row.id), 303)

    def may_again(self, row: Any) -> bool:
        """Whether this row can be tried again."""
        raise NotImplementedError

    def do_again(self, row: Any) -> None:
        """Try it again; the caller commits."""
        raise NotImplementedError

    def do_close(self, row: Any) -> None:
        """Try it no more; the caller commits."""
        raise NotImplementedError

    def details_facts(self, row: Any) -> dict[str, Any]:
        """Whether the buttons are offered."""
        return {"again": self.may_again(row)}


class JobPage(AgainPage):
    """Work of the background that failed for good."""

    def may_again(self, row: Job) -> bool:
        """Only what was given up."""
        return row.state is JobState.failed

    def do_again(self, row: Job) -> None:
        """As if it had never been tried."""
        queue.again(row, edge.now())
        audit.record(edge.session(), "job_run_again", edge.me(), row, kind=row.kind)

    def do_close(self, row: Job) -> None:
        """It counts as done, and is forgotten like what is done."""
        queue.close(row, edge.now())
        audit.record(edge.session(), "job_closed", edge.me(), row, kind=row.kind)


class DeliveryPage(AgainPage):
    """What a channel brought: never its content, only what became of it."""

    def may_again(self, row: ChannelDelivery) -> bool:
        """What is in trouble, while its bytes are kept."""
        return row.trouble is not None and row.purged_at is None

    def do_again(self, row: ChannelDelivery) -> None:
        """What was processed stays."""
        deliveries.read_again(edge.session(), row, edge.me(), edge.now())

    def do_close(self, row: ChannelDelivery) -> None:
        """What could not be read of it stays unread."""
        deliveries.close(edge.session(), row, edge.me())
