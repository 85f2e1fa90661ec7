"""Identification of a report (step 3 of the standard): everything of it on one page, the search
for earlier cases, and the outcomes. The outcomes themselves are acts (`acts`)."""

from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data

from models import Report
from portal.casework import lifecycle
from portal.casework.report_rules import REPORT_RULES
from portal.screens import act_facts, act_forms, earlier, edge
from portal.screens.earlier import Found

OUTCOMES = [name for name in REPORT_RULES if name.startswith("dismiss_")]


class Identification:
    """Mixed into the screen of reports."""

    @expose("/identifikasi/")
    def identify_view(self: Any) -> Any:
        """The page; a report that cannot be identified now leads to its own page."""
        report = edge.fetch(Report, request.args.get("id"))
        if lifecycle.obstacles(report, "identify", edge.me()):
            return redirect(url_for(".details_view", id=report.id))
        return self._identify_page(report, earlier.filled_for(report), None)

    @expose("/identifikasi/cari/", methods=("POST",))
    def earlier_view(self: Any) -> Any:
        """The page with the earlier cases of the people who were looked for."""
        report = edge.fetch(Report, request.args.get("id"))
        form = earlier.SearchForm(get_form_data())
        everybody = "semua" in request.form
        if not form.validate():
            return self._identify_page(report, form, None), 422
        wanted = earlier.wanted_in(report) if everybody else earlier.wanted_by(form)
        found = earlier.for_people(report, wanted)
        edge.session().commit()
        return self._identify_page(report, form, found)

    def _identify_page(self: Any, report: Report, search: Any, found: list[Found] | None) -> Any:
        officer = edge.me()
        form = act_forms.IdentifyForm(None, version_id=report.version_id)
        form.prepare(report, officer)
        offers = {one.rule.act: one for one in lifecycle.offers(report, officer)}
        teller = [report.reporter.person] if report.reporter else []
        return self.render(
            "screens/identify.html",
            model=report,
            form=form,
            search=search,
            found=found,
            contacts=act_facts.contacts_of(teller, report),
            outcomes=[offers[name] for name in OUTCOMES if name in offers],
            details_columns=self.details_columns(),
            get_value=self.get_detail_value,
            may_edit=self.can_edit,
        )

    def details_columns(self: Any) -> list[tuple[str, Any]]:
        """The columns of the report's own page, with their labels."""
        names = [name for _title, shown in self.details_sections for name in shown]
        return [(name, self.get_column_name(name)) for name in names]
