"""The page of a report: clock, people, safe contact, conversation, and what can be done next.

`ReportPage` is mixed into the screen of reports; it brings the acts, the identification and
the quick form with it.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data

from models import Report
from portal.access.permissions import may
from portal.casework import clock, cues, forwards, lifecycle, reissue
from portal.casework.lifecycle import Offer
from portal.screens import act_facts, codes, edge, related, timeline, uploads
from portal.screens.act_forms import ActForm
from portal.screens.acts import Acting
from portal.screens.checks import required
from portal.screens.choices import code_of
from portal.screens.code_page import CodePage
from portal.screens.identification import Identification
from portal.screens.oldest_first import OldestFirst
from portal.screens.quick_report import QuickReport
from portal.screens.related import sections_without
from portal.screens.talk_page import talk_facts
from portal.screens.tell_reporter import offer_to_tell
from portal.wording import _
from portal.wording import lazy as _l

# What usually happens next to a report, of all that may.
NEXT = {"take", "accept_forward", "return_forward", "identify", "resume"}
NEXT |= {"go_on", "explain_delay"}
IN_TABLES = {"victims", "suspects", "attachments"}


class ReportUploadForm(ActForm):
    """Files for a report, such as an identity card that came later."""

    files = uploads.FilesField(validators=[required()])
    kind = code_of(_l("Jenis berkas"), "attachment_kind", required())


class ReportPage(OldestFirst, Acting, Identification, QuickReport, CodePage):
    """What the screen of reports shows of one report."""

    details_template = "screens/report.html"
    waits = {
        "status": frozenset({"new", "in_progress"}),
        "menunggu": frozenset({"ya"}),
        "terlambat": frozenset({"ya"}),
    }
    demands: Mapping[str, str] = {
        "act_view": "view",
        "identify_view": "view",
        "earlier_view": "view",
        "upload_view": "view",
        "draft_view": "create",
        "discard_view": "create",
        "receipt_view": "create",
    }

    def details_facts(self: Any, report: Report) -> dict[str, Any]:
        """Everything of the report that its scope and this officer's permissions allow."""
        officer, now = edge.me(), edge.now()
        return talk_facts(report.conversation) | {
            "offers": _nearest_first(lifecycle.offers(report, officer)),
            "details_sections": sections_without(self.details_sections, IN_TABLES),
            "unaccepted": forwards.is_waiting(report),
            "clocks": [
                (_("Sampai keputusan (30 menit):"), clock.of_report(report, now)),
                (_("Menunggu di loket (10 menit):"), clock.at_the_counter(report, now)),
                (_("Menunggu penerimaan penerusan:"), clock.of_forwarding(report, now)),
            ],
            "paused_by": codes.name("pause_cause", report.pauses[-1].cause)
            if report.paused_since
            else "",
            "contacts": act_facts.contacts_of(act_facts.people_of_report(report), report),
            "story": timeline.of_report(report),
            "related": related.tables(report, related.REPORT_PARTS),
            "may_reissue": officer.role in reissue.WHO and report.reporter is not None,
            "tell": offer_to_tell(report, officer),
            "findings": cues.of_report(edge.session(), report),
            "upload_form": _upload_form(report, None),
        }

    @expose("/lampiran/", methods=("POST",))
    def upload_view(self: Any) -> Any:
        """Add files to a report."""
        report, officer = edge.fetch(Report, request.args.get("id")), edge.me()
        form = _upload_form(report, get_form_data())
        if form is None:
            return redirect(url_for(".details_view", id=report.id), 303)
        if not form.validate():
            return self.render("screens/upload.html", row=report, form=form), 422
        owners = {"report": report, "case": report.case}
        uploads.attach(edge.session(), form.files.checked, officer, form.kind.data, **owners)
        edge.session().commit()
        flash(_("%(n)s berkas disimpan.", n=len(form.files.checked)), "success")
        return redirect(url_for(".details_view", id=report.id), 303)


def _nearest_first(offers: list[Offer]) -> list[Offer]:
    """What usually comes next stands first."""
    return sorted(offers, key=lambda one: one.rule.act not in NEXT)


def _upload_form(report: Report, given: Any) -> Any:
    if not may(edge.me(), "attachment.create"):
        return None
    return ReportUploadForm(given, version_id=report.version_id)
