"""The page of a case: where it stands, what can be done next and by whom, and all that belongs
to it. Mixed into the screen of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from werkzeug.wrappers import Response
from wtforms import SelectField

from models import Case, CaseStatus, Intervention, Officer, Outreach
from portal import labels
from portal.access.permissions import may
from portal.casework import lifecycle
from portal.screens import (
    act_facts,
    clock_hints,
    edge,
    letter_choice,
    related,
    timeline,
    titles,
    trail,
    uploads,
)
from portal.screens.act_forms import ActForm
from portal.screens.acts import Acting
from portal.screens.checks import required
from portal.screens.choices import code_of
from portal.screens.oldest_first import OldestFirst
from portal.screens.related import sections_without
from portal.screens.widgets import offered
from portal.wording import _
from portal.wording import lazy as _l

C = CaseStatus
DONE, HERE, AHEAD = "done", "here", "ahead"
IN_TABLES = {"victims", "suspects", "reports", "attachments"}
# The way of a case; a state beside the way stands where it left it.
WAY = (
    (C.identified, _l("Verifikasi")),
    (C.approved, _l("Surat perintah")),
    (C.outreach, _l("Penjangkauan")),
    (C.handling, _l("Penanganan")),
    (C.termination_proposed, _l("Usulan terminasi")),
    (C.monitoring, _l("Monitoring")),
    (C.closed, _l("Selesai")),
)
BESIDE = {C.returned: C.identified, C.rejected: C.identified, C.referred: C.identified}


@dataclass(frozen=True)
class Step:
    """One step of the way of a case: `done`, `here` or `ahead`."""

    label: str
    state: str


def way(case: Case) -> list[Step]:
    """The steps of the standard as far as this case has gone."""
    at = BESIDE.get(case.status, case.status)
    place = [status for status, _label in WAY].index(at)
    return [
        Step(_label(case, status, text), DONE if n < place else HERE if n == place else AHEAD)
        for n, (status, text) in enumerate(WAY)
    ]


def _label(case: Case, status: CaseStatus, text: Any) -> str:
    beside = BESIDE.get(case.status) is status
    return labels.label(case.status) if beside else str(text)


class UploadForm(ActForm):
    """Files for a case, or for one of its services or visits."""

    files = uploads.FilesField(validators=[required()])
    kind = code_of(_l("Jenis berkas"), "attachment_kind", required())
    owner = SelectField(_l("Milik"), choices=[])

    def offer(self, case: Any) -> None:
        """What in this case the files can belong to."""
        services = [(f"intervention:{one.id}", titles.of(one)) for one in case.interventions]
        visits = [(f"outreach:{one.id}", titles.of(one)) for one in case.outreaches]
        self.owner.choices = offered([("", _("Kasus ini")), *services, *visits])


OWNERS: dict[str, type[Any]] = {"intervention": Intervention, "outreach": Outreach}


class CasePage(OldestFirst, Acting):
    """What the screen of cases shows of one case, and what of those that wait."""

    waits = {
        "status": frozenset({"identified", "returned", "approved", "termination_proposed"}),
        "terlambat": frozenset({"ya"}),
        "ditinjau": frozenset({"ya"}),
    }
    details_template = "screens/case.html"
    demands: Mapping[str, str] = {"act_view": "view", "upload_view": "view", "trail_view": "view"}

    def details_facts(self: Any, case: Case) -> dict[str, Any]:
        """Everything of the case that its scope and this officer's permissions allow."""
        officer, letters = edge.me(), letter_choice.of_case(case)
        return {
            "details_sections": sections_without(self.details_sections, IN_TABLES),
            "way": way(case),
            "offers": lifecycle.offers(case, officer),
            "contacts": act_facts.contacts_of(act_facts.people_of(case), case),
            "story": timeline.of_case(case),
            "letters": letters,
            "related": related.tables(case, related.CASE_PARTS, {"letters"} if letters else ()),
            "unexplained": clock_hints.unexplained(case),
            "unreviewed": bool(case.emergency_reason and not case.reviewed_at),
            "missing": _missing(case, officer),
            "upload_form": _upload_form(case, None) if _may_upload(officer) else None,
            "lookers": trail.lookers(case) if trail.may_know_who_looked(case, officer) else None,
        }

    @expose("/jejak/")
    def trail_view(self: Any) -> str:
        """Who saw the case, and what was changed in it."""
        case = edge.fetch(Case, request.args.get("id"))
        knows = trail.may_know_who_looked(case, edge.me())
        looks = trail.looks(case) if knows else None
        page: str = self.render(
            "screens/trail.html", case=case, looks=looks, changes=trail.changes(case)
        )
        return page

    @expose("/lampiran/", methods=("POST",))
    def upload_view(self: Any) -> Response | tuple[str, int]:
        """Add files to a case."""
        case, officer = edge.fetch(Case, request.args.get("id")), edge.me()
        if not _may_upload(officer):
            return redirect(edge.page_of("case", case.id), 303)
        form = _upload_form(case, get_form_data())
        if not form.validate():
            page = self.render("screens/upload.html", row=case, form=form)
            return page, 422
        owner = _owner(case, form.owner.data)
        uploads.attach(edge.session(), form.files.checked, officer, form.kind.data, **owner)
        edge.session().commit()
        flash(_("%(n)s berkas disimpan.", n=len(form.files.checked)), "success")
        return redirect(url_for(".details_view", id=case.id), 303)


def _may_upload(officer: Officer) -> bool:
    return may(officer, "attachment.create")


def _upload_form(case: Case, given: Any) -> Any:
    form = UploadForm(given, version_id=case.version_id)
    form.offer(case)
    return form


def _owner(case: Case, chosen: str) -> dict[str, Any]:
    """The case, and the service or visit in it that was chosen."""
    table, _colon, key = (chosen or "").partition(":")
    if table not in OWNERS:
        return {"case": case}
    return {"case": case, table: edge.fetch(OWNERS[table], key)}


def _missing(case: Case, officer: Officer) -> list[Any]:
    """What the nota lacks, for who may issue it now: while monitoring goes on nothing is amiss."""
    act, facts = MISSING.get(case.status, ("", None))
    if facts is None or lifecycle.obstacles(case, act, officer):
        return []
    return list(facts(case, officer).get("missing", []))


MISSING = {
    C.termination_proposed: ("terminate", act_facts.of_termination),
    C.monitoring: ("close", act_facts.of_closing),
}
