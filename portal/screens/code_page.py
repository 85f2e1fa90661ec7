"""Issuing a new receipt code: how the identity was checked, then the code, once."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_admin import expose
from flask_admin.helpers import get_form_data
from wtforms import HiddenField, RadioField

from models import Report
from portal.casework import contact, receipts, reissue
from portal.screens import checks, edge, traces
from portal.screens.act_forms import ActForm, story
from portal.screens.refusals import sentences
from portal.screens.widgets import offered
from portal.wording import _
from portal.wording import lazy as _l

REFUSED, WRONG = 409, 422
LONGEST_TOKEN = 100


class CodeForm(ActForm):
    """How the identity was checked, and how the code will be told."""

    proof = RadioField(_l("Bagaimana identitasnya diperiksa"), [checks.required()])
    way = RadioField(_l("Bagaimana kode diberitahukan"), [checks.required()])
    note = story(_l("Apa yang diperiksa"), required=True, rows=2)
    token = HiddenField()

    def prepare(self, subject: Any, officer: Any) -> None:
        """What may be chosen; the token makes two clicks one."""
        self.proof.choices = offered((code, one.label) for code, one in reissue.PROOFS.items())
        self.way.choices = offered(reissue.WAYS.items())
        if not self.token.data or len(self.token.data) > LONGEST_TOKEN:
            self.token.data = receipts.new_token()

    @property
    def claim(self) -> reissue.Claim:
        """As the casework takes it."""
        return reissue.Claim(self.proof.data, self.way.data, self.note.data or "")


class CodePage:
    """Mixed into the screen of reports."""

    demands: Mapping[str, str] = {"code_view": "view"}

    @expose("/kode/", methods=("GET", "POST"))
    def code_view(self: Any) -> Any:
        """Ask how the identity was checked; then show the new code on this page alone."""
        report, officer = edge.fetch(Report, request.args.get("id")), edge.me()
        form = CodeForm(get_form_data(), version_id=report.version_id)
        form.prepare(report, officer)
        if request.method == "GET":
            stops = reissue.obstacles(report, officer, edge.now())
            return self._code_page(report, form, stops=stops)
        if not form.validate():
            return self._code_page(report, form), WRONG
        return self._issue(report, officer, form)

    def _issue(self: Any, report: Report, officer: Any, form: CodeForm) -> Any:
        for name, sentence in reissue.faults(report, form.claim).items() if report.reporter else ():
            form[name].errors = [sentence]
        if form.errors:
            return self._code_page(report, form), WRONG
        issued = None
        try:
            with sentences() as told:
                issued = reissue.issue(
                    edge.session(), report, officer, form.claim, form.token.data, edge.now()
                )
                edge.session().commit()
        except contact.NotPermitted as refusal:
            edge.session().rollback()
            told = list(refusal.sentences)
        if issued is None or told:
            report = edge.fetch(Report, request.args.get("id"))
            traces.refused(report, reissue.EVENT)
            edge.session().commit()
            form.form_errors = [*form.form_errors, *told]
            return self._code_page(report, form), REFUSED
        return self._code_page(report, form, issued=issued)

    def _code_page(self: Any, report: Report, form: CodeForm, **facts: Any) -> str:
        page: str = self.render(
            "screens/code.html",
            row=report,
            form=form,
            page_title=_("Terbitkan kode baru"),
            **{"stops": [], "issued": None} | facts,
        )
        return page
