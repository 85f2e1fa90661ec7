"""The pages of work that failed: `admin` has it done once more."""

from collections.abc import Mapping
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
    """Mixed into a screen whose rows can be tried once more."""

    details_template = "screens/again.html"
    demands: Mapping[str, str] = {"again_view": "view"}
    model: Any
    table: str

    @expose("/lagi/", methods=("POST",))
    def again_view(self) -> Response:
        """Try the row `?id=` again; 409 where there is nothing to be tried."""
        row = edge.fetch(self.model, request.args.get("id"))
        if not self.may_again(row):
            abort(409)
        self.do_again(row)
        edge.session().commit()
        flash(_("Dijalankan lagi."), "success")
        return redirect(edge.page_of(self.table, row.id), 303)

    def may_again(self, row: Any) -> bool:
        """Whether this row can be tried again."""
        raise NotImplementedError

    def do_again(self, row: Any) -> None:
        """Try it again; the caller commits."""
        raise NotImplementedError

    def details_facts(self, row: Any) -> dict[str, Any]:
        """Whether the button is offered."""
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


class DeliveryPage(AgainPage):
    """What a channel brought: never its content, only what became of it."""

    def may_again(self, row: ChannelDelivery) -> bool:
        """What is in trouble, while its bytes are kept."""
        return row.trouble is not None and row.purged_at is None

    def do_again(self, row: ChannelDelivery) -> None:
        """What was processed stays."""
        deliveries.read_again(edge.session(), row, edge.me(), edge.now())
