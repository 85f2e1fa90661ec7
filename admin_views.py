"""Every generated screen as data: one class a table, and the menu at the end.

What a screen may show and do is decided elsewhere: by the permission table
(`portal.access.permissions`) and the scope (`portal.access.scope`). Labels, help, limits
and code lists of each column stand in `portal.screens` (`texts`, `helps`, `checks`, `kinds`).
"""

from datetime import UTC, datetime
from typing import Any

from flask_admin import Admin

import models as m
from admin_letters import LETTERS
from portal.screens import narrow
from portal.screens.acted_page import ActedPage
from portal.screens.again_page import DeliveryPage, JobPage
from portal.screens.call_page import CallPage
from portal.screens.case_page import CasePage
from portal.screens.complaints import Complaints
from portal.screens.contact_page import ContactPage
from portal.screens.cue_page import CuePage
from portal.screens.documents import Attachments
from portal.screens.filters import ByOfficer, ByRegion, Empty, OfRow, OneOf, YesNo, period
from portal.screens.link_pages import OfficerAccess
from portal.screens.listing import PEOPLE
from portal.screens.log_filters import ByEvent, ByNumber, ByTable
from portal.screens.monitoring_page import MonitoringPage
from portal.screens.notices import Notices
from portal.screens.officer_page import OfficerPage
from portal.screens.pages import add_own_pages
from portal.screens.register import Groups, add_groups
from portal.screens.report_page import ReportPage
from portal.screens.rights_pages import BreachPage, ConsentPage, HoldPage, RequestPage
from portal.screens.screen import Screen
from portal.screens.shift_pages import HandOverPage
from portal.screens.talk_page import TalkPage
from portal.screens.visit_page import VisitPage
from portal.wording import lazy as _l
from portal.wording import lazy_in as _in

INCIDENT = (
    *("narrative", "incident_date", "incident_precision", "incident_time", "place_kind", "place"),
    *("region", "outside_city", "violence_kinds", "previously_reported", "wishes"),
)
EVERYTHING = ("view", "create", "edit", "export")

# --- inbox --------------------------------------------------------------------------------


class ConversationScreen(TalkPage, Screen):
    model, title, icon = m.Conversation, _l("Kotak masuk"), "messages"
    column_list = ("number", "channel", "state", "owner", "waiting_since", "last_at")


class ReportScreen(ReportPage, Screen):
    model, title, icon = m.Report, _in("daftar", "Laporan"), "inbox"
    verbs = EVERYTHING
    column_list = (
        *("number", "channel", "status", "clock", "received_at", "conversation.urgent"),
        *("danger_now", "owner"),
    )
    column_export_list = (
        *("number", "channel", "status", "received_at", "clock", "decided_at", "owner", "case"),
        *("call_kind", "incident_date", "place_kind", "region", "outside_city", "violence_kinds"),
        *("danger_now", "identity_card"),
    )
    column_sortable_list = ("number", "received_at")
    column_default_sort = ("received_at", True)
    search = ("number", PEOPLE)
    filters = (
        narrow.WAITING_REPORTS,
        narrow.LATE_REPORTS,
        narrow.UNEXPLAINED,
        narrow.URGENT_REPORTS,
        narrow.FORWARDED_REPORTS,
        *(OneOf("status"), OneOf("channel"), ByOfficer("owner"), ByOfficer("forwarded_to")),
        YesNo("danger_now"),
        *(OneOf("violence_kinds"), ByRegion("region"), *period("received_at"), OfRow("case")),
    )
    details_sections = (
        (_l("Laporan"), ("number", "status", "channel", "received_at", "clock", "owner", "case")),
        (_l("Pelapor"), ("reporter.person", "reporter.relation", "reporter.anonymous")),
        (_l("Korban dan terlapor"), ("victims", "suspects", "danger_now")),
        (_l("Kejadian"), INCIDENT),
        (
            _l("Penerimaan"),
            (
                *("entered_by", "taken_at", "decided_at", "call_kind", "identity_card"),
                *("identity_card_reason", "consents_to_processing", "referring_institution"),
                *("referring_letter", "forwarded_to", "forwarded_at", "forward_accepted_by"),
                *("forward_accepted_at", "forward_returned_at", "forward_return_reason"),
                *("outcome_reason", "attachments"),
            ),
        ),
    )
    form_sections = (
        (_l("Kejadian"), INCIDENT, None),
        (_in("daftar", "Korban"), ("victims",), _l("Korban yang belum dikenal tetap dicatat.")),
        (_in("daftar", "Terlapor"), ("suspects",), _l("Tidak ada yang wajib diisi.")),
        (
            _l("Penerimaan"),
            (
                *("danger_now", "identity_card", "identity_card_reason"),
                *("consents_to_processing", "referring_institution", "referring_letter"),
            ),
            None,
        ),
    )

    def row_class(self, row: Any) -> str:
        return "row-late" if narrow.late_report(row, datetime.now(UTC)) else ""


class CallScreen(CallPage, Screen):
    model, title, icon = m.Call, _in("daftar", "Telepon"), "phone"
    verbs = ("view", "export")
    column_list = ("started_at", "state", "direction", "kind", "number", "officer", "report")
    column_export_list = (
        *("started_at", "direction", "state", "kind", "answered_at", "ended_at", "officer"),
        *("cause", "called_back_at", "called_back_how"),
    )
    column_default_sort = ("id", True)
    filters = (
        *(narrow.TO_CALL_BACK, narrow.OPEN_CALLS, OneOf("state"), OneOf("kind")),
        *(OneOf("direction"), ByOfficer("officer"), *period("started_at")),
    )
    details_sections = (
        (_l("Panggilan"), ("started_at", "answered_at", "ended_at", "direction", "kind", "notes")),
        (_l("Penelepon"), ("number", "conversation", "report")),
        (_l("Penerimaan"), ("officer", "extension", "cause")),
        (_l("Dihubungi kembali"), ("called_back_at", "called_back_by", "called_back_how")),
    )

    def row_class(self, row: Any) -> str:
        return "row-late" if narrow.to_call_back(row) else ""


class VisitScreen(VisitPage, Screen):
    model, title, icon = m.Visit, _in("daftar", "Antrean loket"), "user-plus"
    verbs = ("view", "export")
    column_list = ("queue_number", "arrived_at", "purpose", "urgent", "clock", "outcome", "officer")
    column_export_list = (
        *("day", "queue_number", "purpose", "urgent", "arrived_at", "called_at", "ended_at"),
        *("clock", "outcome", "officer"),
    )
    column_sortable_list = ("arrived_at",)
    column_default_sort = ("arrived_at", True)
    filters = (
        *(narrow.LATE_VISITS, OneOf("purpose"), OneOf("outcome"), YesNo("urgent")),
        *(ByOfficer("officer"), *period("day")),
    )
    details_sections = (
        (_l("Kunjungan"), ("queue_number", "day", "purpose", "urgent", "clock")),
        (_l("Waktu"), ("arrived_at", "called_at", "ended_at")),
        (_l("Hasil"), ("outcome", "officer", "report", "note")),
    )

    def row_class(self, row: Any) -> str:
        return "row-late" if narrow.late_visit(row, datetime.now(UTC)) else ""


class ReporterScreen(Screen):
    model, title, icon = m.Reporter, _in("daftar", "Pelapor"), "message-report"
    verbs = ("view", "edit")
    column_list = ("person", "report", "relation", "anonymous", "created_at")
    search = (PEOPLE,)
    filters = (OneOf("relation"), YesNo("anonymous"), OfRow("report"))
    details_sections = (
        (_l("Pelapor"), ("person", "report", "relation", "anonymous")),
        (_l("Cara menghubungi"), ("person.phone", "person.email", "person.safe_contact")),
    )
    form_sections = ((_l("Pelapor"), ("relation", "anonymous"), None),)


# --- cases ----------------------------------------------------------------------------------


class CaseScreen(CasePage, Screen):
    model, title, icon = m.Case, _in("daftar", "Kasus"), "folder"
    verbs = ("view", "edit", "export")
    column_list = (
        *("number", "status", "risk", "victims", "counsellor", "status_since", "response"),
    )
    column_export_list = (
        *("number", "status", "status_since", "risk", "opened_at", "closed_at", "identified_by"),
        *("approved_by", "approved_at", "counsellor", "incident_date", "place_kind", "region"),
        *("outside_city", "violence_kinds", "previously_reported"),
    )
    column_sortable_list = ("number", "status_since")
    column_default_sort = ("status_since", True)
    search = ("number", PEOPLE)
    filters = (
        *(OneOf("status"), OneOf("risk"), ByOfficer("counsellor"), ByOfficer("identified_by")),
        *(narrow.LATE_CASES, narrow.UNREVIEWED_CASES, OneOf("violence_kinds")),
        *(ByRegion("region"), YesNo("outside_city"), *period("opened_at")),
    )
    details_sections = (
        (
            _l("Kasus"),
            (
                *("number", "status", "status_reason", "status_since", "risk", "response"),
                *("counsellor", "opened_at", "closed_at", "identified_by", "reports"),
                "retain_until",
            ),
        ),
        (_l("Korban dan terlapor"), ("victims", "suspects")),
        (_l("Kejadian"), INCIDENT),
        (
            _l("Persetujuan supervisor"),
            (
                *("approved_by", "approved_at", "emergency_reason", "reviewed_by"),
                *("reviewed_at", "review_note"),
            ),
        ),
        (_l("Lampiran"), ("attachments",)),
    )
    form_sections = (
        (_l("Kejadian"), ("risk", *INCIDENT), None),
        (_in("daftar", "Korban"), ("victims",), _l("Korban yang belum dikenal tetap dicatat.")),
        (_in("daftar", "Terlapor"), ("suspects",), _l("Tidak ada yang wajib diisi.")),
    )

    def row_class(self, row: Any) -> str:
        return "row-late" if narrow.late_case(row, datetime.now(UTC)) else ""


class PersonScreen(Screen):
    model, title, icon = m.Person, _in("daftar", "Orang"), "users"
    verbs = ("view", "edit", "export")
    details_template = "screens/person.html"
    column_list = (
        *("name", "alias", "sex", "birth_date", "estimated_age", "phone", "safe_contact", "region"),
    )
    search = (PEOPLE,)
    filters = (
        *(OneOf("sex"), OneOf("education"), OneOf("occupation"), OneOf("marital_status")),
        *(OneOf("disabilities"), ByRegion("region")),
    )
    WHO = ("name", "alias", "nik", "kk", "birth_place", "birth_date", "estimated_age", "sex")
    WHERE = ("address", "region", "phone", "email")
    LIFE = (
        *("education", "occupation", "religion", "marital_status", "children", "disabilities"),
        *("citizenship", "guardian", "guardian_relation", "notes"),
    )
    details_sections = (
        (_l("Identitas"), WHO),
        (_l("Tempat tinggal dan kontak"), (*WHERE, "safe_contact")),
        (_l("Keadaan"), LIFE),
        (_l("Tercatat dalam"), ("involved",)),
    )
    form_sections = (
        (_l("Identitas"), WHO, _l("Isi hanya yang diketahui.")),
        (_l("Tempat tinggal dan kontak"), WHERE, None),
        (_l("Keadaan"), LIFE, None),
    )


class VictimScreen(Screen):
    model, title, icon = m.Victim, _in("daftar", "Korban"), "heart-handshake"
    verbs = EVERYTHING
    column_list = ("person", "case", "report", "person.sex", "age_at_incident", "violence_kinds")
    column_export_list = (
        *("case", "report", "person.name", "person.sex", "age_at_incident", "gbvims_type"),
        *("violence_kinds", "tpks_kinds", "tppo_kinds", "needs", "person.education"),
        *("person.occupation", "person.marital_status", "person.disabilities", "person.region"),
    )
    search = (PEOPLE,)
    filters = (
        *(OneOf("violence_kinds"), OneOf("gbvims_type"), OneOf("needs"), OneOf("person.sex")),
        *(ByRegion("person.region", "region"), OneOf("case.status"), OfRow("case")),
    )
    HARM = ("age_at_incident", "gbvims_type", "violence_kinds", "tpks_kinds", "tppo_kinds")
    NEED = ("needs", "condition", "wishes")
    details_sections = (
        (_l("Korban"), ("person", "case", "report")),
        (_l("Kekerasan yang dialami"), HARM),
        (_l("Kebutuhan"), (*NEED, "consents")),
    )
    form_sections = (
        (_l("Korban"), ("person", "case"), _l("Orang baru dicatat pada formulir kasusnya.")),
        (_l("Kekerasan yang dialami"), HARM, None),
        (_l("Kebutuhan"), NEED, None),
    )
    create_only = ("person", "case")
    form_required = ("case",)


class SuspectScreen(Screen):
    model, title, icon = m.Suspect, _in("daftar", "Terlapor"), "user-x"
    verbs = EVERYTHING
    column_list = ("person", "case", "report", "relation", "same_household", "legal_process")
    column_export_list = (
        *("case", "report", "person.sex", "person.estimated_age", "relation", "same_household"),
        *("legal_process", "legal_process_on"),
    )
    search = (PEOPLE,)
    filters = (
        *(OneOf("relation"), YesNo("same_household"), OneOf("legal_process"), OfRow("case")),
        *period("legal_process_on"),
    )
    FACTS = ("relation", "same_household", "description", "legal_process", "legal_process_on")
    details_sections = (
        (_l("Terlapor"), ("person", "case", "report")),
        (_l("Yang diketahui"), FACTS),
    )
    form_sections = (
        (_l("Terlapor"), ("person", "case"), _l("Tidak ada yang wajib selain kasusnya.")),
        (_l("Yang diketahui"), FACTS, None),
    )
    create_only = ("case",)
    form_required = ("case",)


class SafeContactScreen(Screen):
    model, title, icon = m.SafeContact, _in("daftar", "Kontak aman"), "shield-lock"
    verbs = ("view", "create", "edit")
    column_list = ("person", "channel", "days", "from_time", "until_time", "shared_phone")
    search = (PEOPLE,)
    filters = (OneOf("channel"), YesNo("letter_allowed"), YesNo("visit_allowed"))
    HOW = ("channel", "address", "days", "from_time", "until_time", "code_word")
    LIMITS = ("shared_phone", "who_may_answer", "letter_allowed", "visit_allowed", "notes")
    details_sections = (
        (_l("Orang"), ("person",)),
        (_l("Cara menghubungi"), HOW),
        (_l("Batas"), LIMITS),
    )
    form_sections = (
        (_l("Orang"), ("person",), None),
        (_l("Cara menghubungi"), HOW, _l("Yang belum ditanyakan dianggap tidak boleh.")),
        (_l("Batas"), LIMITS, None),
    )
    create_only = ("person",)


class ContactAttemptScreen(ContactPage, Screen):
    model, title, icon = m.ContactAttempt, _in("daftar", "Upaya menghubungi"), "message-report"
    column_list = ("at", "person", "channel", "state", "outcome", "case", "report", "officer")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    search = (PEOPLE,)
    filters = (
        *(OneOf("channel"), OneOf("state"), OneOf("outcome"), ByOfficer("officer")),
        *(*period("at"), OfRow("case"), OfRow("report")),
    )
    details_sections = (
        (_l("Upaya"), ("person", "channel", "at", "officer", "case", "report")),
        (_l("Menurut kesepakatan"), ("state", "obstacles", "override_reason")),
        (_l("Hasil"), ("outcome", "note", "wording")),
    )


class ConsentScreen(ConsentPage, Screen):
    model, title, icon = m.Consent, _in("daftar", "Persetujuan"), "rubber-stamp"
    verbs = EVERYTHING
    column_list = (
        *("victim", "victim.case", "given_by", "given_on", "for_services", "for_sharing"),
        "withdrawn_at",
    )
    search = (PEOPLE,)
    filters = (
        *(OneOf("given_by"), YesNo("for_services"), YesNo("for_sharing"), OneOf("legal_basis")),
        *(YesNo("for_statistics"), Empty("withdrawn_at"), *period("given_on"), OfRow("victim")),
    )
    WHAT = ("for_services", "for_sharing", "partners", "for_statistics", "withhold")
    details_sections = (
        (_l("Persetujuan"), ("victim", "given_by", "giver_name", "given_on", "recorded_by")),
        (_l("Untuk apa"), WHAT),
        (_l("Dasar lain"), ("legal_basis",)),
        (_l("Pencabutan"), ("withdrawn", "withdrawn_at", "withdrawal_note")),
    )
    form_sections = (
        (_l("Persetujuan"), ("case", "victim", "given_by", "giver_name", "given_on"), None),
        (_l("Untuk apa"), WHAT, None),
        (_l("Dasar lain"), ("legal_basis",), None),
    )
    create_only = ("case", "victim")
    stamped = ("recorded_by",)


class AttachmentScreen(Attachments):
    model, title, icon = m.Attachment, _in("daftar", "Lampiran"), "paperclip"
    verbs = ("view", "create")
    column_list = ("filename", "kind", "case", "report", "size", "scan", "created_at", "download")
    filters = (OneOf("kind"), OneOf("scan"), OfRow("case"), OfRow("report"), OfRow("intervention"))
    details_sections = (
        (_l("Berkas"), ("filename", "kind", "mime", "size", "sha256", "download")),
        (_l("Pemeriksaan"), ("scan", "scanned_at", "flags")),
        (_l("Asal"), ("case", "report", "intervention", "outreach", "uploaded_by", "created_at")),
    )
    form_sections = (
        (_l("Berkas"), ("kind", "file"), None),
        (_l("Milik"), ("case", "intervention"), _l("Pilih kasusnya, atau salah satu layanannya.")),
    )


class CaseEventScreen(Screen):
    model, title, icon = m.CaseEvent, _in("daftar", "Perjalanan kasus"), "history"
    column_list = ("at", "kind", "case", "report", "from_status", "to_status", "actor")
    column_default_sort = ("at", True)
    column_sortable_list = ("at",)
    filters = (ByOfficer("actor"), *period("at"), OfRow("case"), OfRow("report"))
    details_sections = (
        (_l("Peristiwa"), ("at", "kind", "actor", "from_status", "to_status", "note")),
        (_l("Mengenai"), ("case", "report", "letter")),
    )


class ExclusionScreen(ActedPage, Screen):
    model, title, icon = m.Exclusion, _in("daftar", "Pengecualian petugas"), "user-off"
    column_list = ("officer", "kind", "case", "report", "automatic", "at", "lifted_at")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    filters = (
        *(ByOfficer("officer"), OneOf("kind"), YesNo("automatic"), Empty("lifted_at")),
        *(*period("at"), OfRow("case"), OfRow("report")),
    )
    details_sections = (
        (_l("Pengecualian"), ("officer", "kind", "automatic", "reason", "by", "at")),
        (_l("Mengenai"), ("case", "report")),
        (_l("Pencabutan"), ("lifted_at", "lifted_by", "lifted_reason")),
    )


class AccessGrantScreen(ActedPage, Screen):
    model, title, icon = m.AccessGrant, _in("daftar", "Catatan akses darurat"), "urgent"
    column_list = ("officer", "kind", "case", "at", "until", "ended_at")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    filters = (ByOfficer("officer"), OneOf("kind"), *period("at"), OfRow("case"))
    details_sections = (
        (_l("Akses"), ("officer", "kind", "case", "reason", "by", "at", "until")),
        (_l("Berakhir"), ("ended_at", "ended_by")),
    )


# --- handling -------------------------------------------------------------------------------


class OrderScreen(Screen):
    model, title, icon = m.Order, _in("daftar", "Surat perintah"), "file-certificate"
    verbs = ("view", "export")
    column_list = ("letter", "case", "assignments", "starts_on", "ends_on", "voided_at")
    column_sortable_list = ("starts_on", "ends_on")
    search = (PEOPLE,)
    filters = (
        *(ByOfficer("assignments.officer"), Empty("voided_at", "dibatalkan")),
        *(*period("starts_on"), OfRow("case")),
    )
    details_sections = (
        (_l("Surat perintah"), ("letter", "case", "assignments", "issued_by", "issued_at")),
        (_l("Tugas"), ("task", "place", "safe_meeting_point", "starts_on", "ends_on", "basis")),
        (_l("Pembatalan"), ("voided_at", "void_reason")),
    )


class OutreachScreen(Screen):
    model, title, icon = m.Outreach, _in("daftar", "Penjangkauan"), "walk"
    verbs = ("view", "export")
    column_list = ("order", "case", "state", "visited_on", "victim_met", "risk", "officer")
    search = (PEOPLE,)
    filters = (
        *(OneOf("state"), OneOf("risk"), ByOfficer("officer"), YesNo("victim_met")),
        *(OneOf("needs"), *period("visited_on"), OfRow("case")),
    )
    details_sections = (
        (_l("Penjangkauan"), ("case", "order", "state", "officer", "started_at", "reported_at")),
        (_l("Kunjungan"), ("visited_on", "victim_met", "place")),
        (_l("Hasil"), ("assessment", "risk", "needs", "plan", "attachments")),
    )


class InterventionScreen(Screen):
    model, title, icon = m.Intervention, _in("daftar", "Layanan"), "stethoscope"
    verbs = EVERYTHING
    column_list = (
        *("service", "victim", "case", "state", "officer", "partner", "planned_on", "done_on"),
    )
    search = (PEOPLE,)
    filters = (
        *(OneOf("service"), OneOf("state"), OneOf("uptd_function"), ByOfficer("officer")),
        *(*period("planned_on"), *period("done_on"), OfRow("case"), OfRow("victim")),
    )
    WHAT = ("service", "uptd_function", "goal")
    WHO = ("officer", "partner")
    HOW = ("state", "planned_on", "done_on", "result")
    details_sections = (
        (_l("Layanan"), ("case", "victim", *WHAT)),
        (_l("Pemberi layanan"), WHO),
        (_l("Pelaksanaan"), (*HOW, "attachments")),
    )
    form_sections = (
        (_l("Untuk siapa"), ("case", "victim"), None),
        (_l("Layanan"), WHAT, None),
        (_l("Pemberi layanan"), WHO, _l("Petugas sendiri, lembaga mitra, atau keduanya.")),
        (_l("Pelaksanaan"), HOW, None),
    )
    create_only = ("case",)


class ReferralScreen(Screen):
    model, title, icon = m.Referral, _in("daftar", "Rujukan"), "arrows-exchange"
    verbs = EVERYTHING
    column_list = ("partner", "victim", "case", "service", "state", "referred_on", "officer")
    column_sortable_list = ("referred_on",)
    column_default_sort = ("referred_on", True)
    search = (PEOPLE,)
    filters = (
        *(OneOf("service"), OneOf("state"), OneOf("answer"), ByOfficer("officer")),
        *(*period("referred_on"), OfRow("case"), OfRow("victim")),
    )
    WHAT = ("partner", "service", "purpose", "referred_on")
    GROUND = ("consent", "legal_basis")
    ANSWER = ("answer", "state", "state_reason", "answered_on", "result")
    details_sections = (
        (_l("Rujukan"), ("case", "victim", *WHAT, "officer")),
        (_l("Dasar"), GROUND),
        (_l("Jawaban lembaga"), ANSWER),
    )
    form_sections = (
        (_l("Untuk siapa"), ("case", "victim"), None),
        (_l("Rujukan"), WHAT, None),
        (_l("Dasar"), GROUND, _l("Tanpa persetujuan atau dasar hukum tidak ada rujukan.")),
        (_l("Jawaban lembaga"), ANSWER, None),
    )
    create_only = ("case", "victim")
    stamped = ("officer",)


class TerminationScreen(Screen):
    model, title, icon = m.Termination, _in("daftar", "Terminasi"), "flag"
    verbs = ("view", "export")
    column_list = ("case", "reason", "proposed_by", "proposed_at", "decision", "decided_by")
    column_sortable_list = ("proposed_at",)
    column_default_sort = ("proposed_at", True)
    search = (PEOPLE,)
    filters = (
        *(narrow.OPEN_PROPOSALS, OneOf("reason"), OneOf("decision"), OneOf("agreement")),
        *(ByOfficer("proposed_by"), *period("proposed_at"), OfRow("case")),
    )
    details_sections = (
        (_l("Usulan"), ("case", "proposed_by", "proposed_at", "reason", "summary")),
        (_l("Persetujuan korban"), ("agreement", "agreement_note")),
        (_l("Keputusan"), ("decision", "decided_by", "decided_at", "decision_reason")),
        (_l("Nota"), ("letter", "final_letter", "reopened_at")),
    )


class MonitoringScreen(MonitoringPage, Screen):
    model, title, icon = m.Monitoring, _in("daftar", "Monitoring"), "calendar-event"
    verbs = ("view", "export")
    column_list = ("victim", "case", "sequence", "due_on", "state", "safety", "officer")
    column_export_list = (
        *("case", "victim", "sequence", "due_on", "state", "done_on", "method", "wellbeing"),
        *("safety", "recurrence", "officer"),
    )
    column_sortable_list = ("due_on",)
    column_default_sort = ("due_on", False)
    search = (PEOPLE,)
    filters = (
        *(narrow.LATE_MONITORING, narrow.SOON_MONITORING, OneOf("state"), OneOf("safety")),
        *(ByOfficer("case.counsellor"), YesNo("recurrence"), *period("due_on"), OfRow("case")),
    )
    details_sections = (
        (_l("Monitoring"), ("victim", "case", "sequence", "due_on", "state", "officer")),
        (_l("Hasil"), ("done_on", "method", "wellbeing", "safety", "recurrence", "needs", "notes")),
        (_l("Ditiadakan"), ("excuse_reason",)),
    )

    def row_class(self, row: Any) -> str:
        return "row-late" if narrow.late_monitoring(row, datetime.now(UTC)) else ""


# --- complaints ------------------------------------------------------------------------------


class ServiceComplaintScreen(Complaints):
    model, title, icon = m.ServiceComplaint, _in("daftar", "Pengaduan layanan"), "message"
    verbs = EVERYTHING
    column_list = ("number", "status", "via", "received_at", "due", "answered_at", "answered_by")
    column_export_list = (
        *("number", "status", "via", "received_at", "due", "processed_at", "answered_at"),
        *("closed_at", "answered_by"),
    )
    column_sortable_list = ("number", "received_at")
    column_default_sort = ("received_at", True)
    search = ("number", PEOPLE)
    filters = (*(narrow.LATE_COMPLAINTS, OneOf("status"), OneOf("via"), *period("received_at")),)
    FACTS = ("via", "name", "contact", "body")
    details_sections = (
        (_l("Pengaduan"), ("number", "status", "received_at", "due", *FACTS)),
        (_l("Jawaban"), ("processed_at", "answer", "answered_at", "answered_by", "closed_at")),
    )
    form_sections = (
        (_l("Pengaduan"), FACTS, None),
        (_l("Jawaban"), ("answer", "step"), None),
    )
    create_only = ("body",)
    edit_only = ("answer", "step")


# --- rights and retention -------------------------------------------------------------------


class DutyScreen(Screen):
    model, title, icon = m.Duty, _in("daftar", "Jadwal piket"), "calendar-event"
    verbs, personal = EVERYTHING, False
    column_list = ("officer", "kind", "from_at", "until_at", "stands_for")
    column_sortable_list = ("from_at", "until_at")
    column_default_sort = ("from_at", True)
    filters = (narrow.ON_DUTY, OneOf("kind"), ByOfficer("officer"), *period("from_at"))
    FACTS = ("officer", "kind", "from_at", "until_at", "stands_for", "note")
    details_sections = ((_l("Jadwal"), FACTS),)
    form_sections = ((_l("Jadwal"), FACTS, None),)


class ClockPauseScreen(Screen):
    model, title, icon = m.ClockPause, _in("daftar", "Jeda waktu"), "hourglass"
    column_list = ("report", "cause", "from_at", "until_at", "by")
    filters = (OneOf("cause"), Empty("until_at"), ByOfficer("by"), *period("from_at"))
    details_sections = (
        (_l("Jeda waktu"), ("report", "cause", "note", "from_at", "until_at", "by")),
    )


class HandOverScreen(HandOverPage, Screen):
    model, title, icon = m.HandOver, _in("daftar", "Serah terima"), "clipboard-list"
    verbs, stamped = ("view", "create"), ("by",)
    column_list = ("at", "by", "to", "open_count", "accepted_at")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    filters = (narrow.UNACCEPTED, ByOfficer("by"), ByOfficer("to"), *period("at"))
    details_sections = ((_l("Serah terima"), ("at", "by", "to", "note", "accepted_at")),)
    form_sections = ((_l("Serah terima"), ("to", "note"), None),)


class DataRequestScreen(RequestPage, Screen):
    model, title, icon = m.DataRequest, _in("daftar", "Permohonan data"), "user-shield"
    verbs = EVERYTHING
    column_list = ("number", "kind", "state", "received_at", "due_at", "asked_by", "officer")
    column_sortable_list = ("number", "received_at", "due_at")
    column_default_sort = ("due_at", False)
    search = ("number",)
    filters = (
        *(narrow.LATE_REQUESTS, OneOf("kind"), OneOf("state"), OneOf("identity_check")),
        *period("received_at"),
    )
    ASKER = ("asked_by", "asker_name", "identity_check", "identity_note")
    details_sections = (
        (_l("Permohonan"), ("number", "kind", "state", "received_at", "due_at", "wish")),
        (_l("Pemohon"), (*ASKER, "officer")),
        (_l("Orang yang dimaksud"), ("person", "file_given_at")),
        (_l("Jawaban"), ("answer", "refusal_ground", "closed_at")),
    )
    form_sections = (
        (_l("Permohonan"), ("kind", "received_at", "wish"), None),
        (_l("Pemohon"), ASKER, None),
        (_l("Orang yang dimaksud"), ("person",), None),
    )
    create_only = ("kind", "received_at", "wish")
    form_required = ("wish", "asker_name")


class LegalHoldScreen(HoldPage, Screen):
    model, title, icon = m.LegalHold, _in("daftar", "Penahanan hukum"), "gavel"
    verbs = ("view", "create")
    column_list = ("case", "report", "complaint", "person", "created_at", "lifted_at")
    filters = (Empty("lifted_at"), *period("created_at"), OfRow("case"))
    ON = ("case", "report", "complaint", "person")
    details_sections = (
        (_l("Yang ditahan"), (*ON, "reason")),
        (_l("Penahanan"), ("placed_by", "created_at", "lifted_at", "lift_reason")),
    )
    form_sections = ((_l("Yang ditahan"), ON, None), (_l("Alasan"), ("reason",), None))
    stamped = ("placed_by",)


class RetentionClassScreen(Screen):
    model, title, icon = m.RetentionClass, _in("daftar", "Masa simpan"), "hourglass"
    verbs, personal = ("view", "edit", "export"), False
    column_list = ("label", "years", "starts", "outcome")
    FACTS = ("label", "years", "starts", "basis", "outcome")
    details_sections = ((_l("Masa simpan"), FACTS),)
    form_sections = ((_l("Masa simpan"), ("years", "basis"), None),)


class ErasureScreen(Screen):
    model, title, icon = m.Erasure, _in("daftar", "Penghapusan"), "eraser"
    verbs, personal = ("view", "export"), False
    column_list = ("at", "subject_table", "ground", "subject_uuid")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    filters = period("at")
    details_sections = ((_l("Penghapusan"), ("at", "subject_table", "ground", "subject_uuid")),)


class BreachScreen(BreachPage, Screen):
    model, title, icon = m.Breach, _in("daftar", "Kegagalan pelindungan data"), "alert-octagon"
    verbs = ("view", "create", "edit")
    column_list = ("number", "state", "risk", "found_at", "due_at", "people_affected")
    column_sortable_list = ("number", "found_at", "due_at")
    column_default_sort = ("found_at", True)
    search = ("number",)
    filters = (narrow.LATE_BREACHES, OneOf("state"), OneOf("risk"), *period("found_at"))
    FACTS = ("found_at", "happened", "data_kinds", "people_affected", "risk", "measures")
    TOLD = ("agency_told_at", "people_told_at", "told_how", "closed_at")
    details_sections = (
        (_l("Kegagalan pelindungan"), ("number", "state", "due_at", *FACTS, "recorded_by")),
        (_l("Pemberitahuan"), TOLD),
    )
    form_sections = ((_l("Kegagalan pelindungan"), FACTS, None),)
    create_only = ("found_at",)


# --- reference --------------------------------------------------------------------------------


class PartnerScreen(Screen):
    model, title, icon = m.PartnerInstitution, _in("daftar", "Lembaga mitra"), "building"
    verbs, personal = EVERYTHING, False
    column_list = ("name", "services", "phone", "contact_name", "active")
    column_sortable_list = ("name",)
    column_default_sort = ("name", False)
    search = ("name",)
    filters = (OneOf("services"), YesNo("active"))
    FACTS = ("name", "services", "address", "phone", "contact_name", "active")
    details_sections = ((_l("Lembaga"), FACTS),)
    form_sections = ((_l("Lembaga"), FACTS, None),)


class CannedAnswerScreen(Screen):
    model, title, icon = m.CannedAnswer, _in("daftar", "Jawaban siap pakai"), "message"
    verbs, personal = EVERYTHING, False
    column_list = ("title", "text", "template", "position", "active")
    column_sortable_list = ("title", "position")
    column_default_sort = ("position", False)
    search = ("title", "text")
    filters = (YesNo("active"),)
    FACTS = ("title", "text", "template", "language", "position", "active")
    details_sections = ((_l("Jawaban siap pakai"), FACTS),)
    form_sections = (
        (_l("Jawaban siap pakai"), FACTS, _l("Disisipkan petugas; tidak pernah terkirim sendiri.")),
    )


class RegionScreen(Screen):
    model, title, icon = m.Region, _in("daftar", "Wilayah"), "map-pin"
    verbs, personal = ("view", "export"), False
    column_list = ("code", "name", "level", "parent_code")
    column_sortable_list = ("code", "name")
    column_default_sort = ("code", False)
    search = ("code", "name")
    details_sections = ((_l("Wilayah"), ("code", "name", "level", "parent_code")),)


class CodeItemScreen(Screen):
    model, title, icon = m.CodeItem, _in("daftar", "Daftar kode"), "list-details"
    verbs, personal = EVERYTHING, False
    column_list = ("label", "list_name", "code", "label_en", "position", "active")
    column_sortable_list = ("list_name", "code", "label")
    column_default_sort = ("list_name", False)
    search = ("list_name", "code", "label")
    filters = (OneOf("list_name"), YesNo("active"))
    FACTS = ("list_name", "code", "label", "label_en", "position", "active")
    details_sections = ((_l("Kode"), FACTS),)
    form_sections = ((_l("Kode"), FACTS, _l("Kode yang pernah dipakai tidak dihapus.")),)
    create_only = ("list_name", "code")


class DayOffScreen(Screen):
    model, title, icon = m.DayOff, _in("daftar", "Hari libur"), "calendar"
    verbs, personal = EVERYTHING, False
    column_list = ("day", "name", "source")
    column_sortable_list = ("day",)
    column_default_sort = ("day", True)
    search = ("name",)
    filters = period("day")
    details_sections = ((_l("Hari libur"), ("day", "name", "source")),)
    form_sections = (
        (_l("Hari libur"), ("day", "name", "source"), _l("Dipakai untuk tanggal monitoring.")),
    )


class CueScreen(CuePage, Screen):
    model, title, icon = m.Cue, _in("daftar", "Kata mendesak"), "urgent"
    verbs, personal = EVERYTHING, False
    column_list = ("pattern", "category", "language", "hits", "accepted", "rejected", "active")
    column_sortable_list = ("pattern", "category")
    column_default_sort = ("category", False)
    search = ("pattern",)
    filters = (OneOf("category"), OneOf("language"), YesNo("active"))
    FACTS = ("pattern", "category", "language", "active")
    details_sections = (
        (_l("Kata mendesak"), FACTS),
        (_l("Penilaian petugas"), ("hits", "accepted", "rejected")),
    )
    form_sections = ((_l("Kata mendesak"), FACTS, None),)


# --- administration ---------------------------------------------------------------------------


class OfficerScreen(OfficerPage, OfficerAccess, Screen):
    model, title, icon = m.Officer, _in("daftar", "Petugas"), "user-check"
    verbs, personal = EVERYTHING, False
    column_list = ("name", "username", "role", "position", "active", "last_sign_in_at")
    column_sortable_list = ("name", "username")
    column_default_sort = ("name", False)
    search = ("name", "username")
    filters = (OneOf("role"), YesNo("active"))
    WHO = ("name", "username", "role", "email", "extension")
    LETTERS = ("nip", "rank", "position")
    details_sections = (
        (_l("Petugas"), (*WHO, "active", "last_sign_in_at", "disabled_at")),
        (_l("Pada surat dinas"), LETTERS),
    )
    form_sections = (
        (
            _l("Petugas"),
            WHO,
            _l(
                "Petugas baru aktif setelah admin kedua setuju; kata sandinya dibuat sendiri, "
                "lewat tautan yang dibuat admin yang menyetujuinya."
            ),
        ),
        (_l("Pada surat dinas"), LETTERS, None),
    )
    create_only = ("username", "name", "role")


class SettingScreen(Screen):
    model, title, icon = m.Setting, _in("daftar", "Pengaturan"), "settings"
    verbs, personal = ("view", "edit"), False
    column_list = ("label", "value", "help")
    column_sortable_list = ("label",)
    column_default_sort = ("id", False)
    search = ("label", "label_en", "key", "value")
    details_sections = ((_l("Pengaturan"), ("label", "value", "help", "key")),)
    form_sections = ((_l("Pengaturan"), ("value",), None),)


class ChannelDeliveryScreen(DeliveryPage, Screen):
    model, title, icon = m.ChannelDelivery, _l("Kiriman kanal"), "inbox"
    verbs, personal = ("view",), False
    column_list = ("received_at", "channel", "items", "seen", "attempts", "processed_at", "trouble")
    column_sortable_list = ("received_at",)
    column_default_sort = ("received_at", True)
    filters = (Empty("processed_at"), Empty("trouble"), *period("received_at"))
    details_sections = (
        (_l("Kiriman kanal"), ("channel", "items", "seen", "attempts", "trouble")),
        (_l("Waktu"), ("received_at", "last_seen_at", "processed_at", "purged_at")),
    )


class JobScreen(JobPage, Screen):
    model, title, icon = m.Job, _in("daftar", "Pekerjaan latar"), "activity"
    personal = False
    column_list = ("kind", "state", "attempts", "run_at", "finished_at", "error")
    filters = (OneOf("state"), *period("run_at"))
    details_sections = (
        (_l("Pekerjaan"), ("kind", "state", "payload", "attempts", "error")),
        (_l("Waktu"), ("created_at", "run_at", "claimed_at", "finished_at")),
    )


class AuditScreen(Screen):
    model, title, icon = m.AuditEntry, _in("daftar", "Catatan audit"), "shield-check"
    verbs, personal = ("view", "export"), False
    column_list = ("at", "event", "actor", "subject", "details")
    column_sortable_list = ("at",)
    column_default_sort = ("id", True)
    filters = (
        *(ByOfficer("actor"), ByEvent("event"), ByTable("subject_table"), ByNumber("subject_id")),
        *period("at"),
    )
    details_sections = ((_l("Catatan"), ("at", "event", "actor", "subject", "details")),)


class NoticeScreen(Notices):
    model, title, icon = m.Notice, _in("daftar", "Pemberitahuan"), "bell"
    verbs, personal = (), False
    column_list = ("kind", "conversation", "report", "case", "at")
    filters = (Empty("read_at"),)


class RoleChangeScreen(ActedPage, Screen):
    model, title, icon = m.RoleChange, _in("daftar", "Permintaan peran"), "user-question"
    verbs, personal = ("view", "export"), False
    column_list = ("officer", "kind", "role", "asked_by", "asked_at", "decision", "decided_by")
    column_sortable_list = ("asked_at",)
    column_default_sort = ("asked_at", True)
    filters = (narrow.OPEN_ROLE_CHANGES, OneOf("kind"), OneOf("decision"), ByOfficer("officer"))
    details_sections = (
        (_l("Permintaan"), ("officer", "kind", "role", "reason", "asked_by", "asked_at")),
        (_l("Keputusan"), ("decision", "decided_by", "decided_at")),
    )


# --- the menu ---------------------------------------------------------------------------------

MENU: Groups = (
    (_l("Pengaduan"), (ConversationScreen, CallScreen, VisitScreen, ReportScreen, ReporterScreen)),
    (
        _in("daftar", "Kasus"),
        (
            *(CaseScreen, VictimScreen, SuspectScreen, PersonScreen, SafeContactScreen),
            *(ContactAttemptScreen, ConsentScreen, AttachmentScreen, CaseEventScreen, NoticeScreen),
            *(ExclusionScreen, AccessGrantScreen),
        ),
    ),
    (
        _l("Penanganan"),
        (OrderScreen, OutreachScreen, InterventionScreen, ReferralScreen, TerminationScreen),
    ),
    (_l("Monitoring"), (MonitoringScreen,)),
    (_in("daftar", "Surat"), LETTERS),
    (_in("daftar", "Pengaduan layanan"), (ServiceComplaintScreen,)),
    (_l("Waktu dan piket"), (DutyScreen, HandOverScreen, ClockPauseScreen)),
    (
        _l("Hak dan penyimpanan"),
        (
            *(DataRequestScreen, LegalHoldScreen, RetentionClassScreen, ErasureScreen),
            BreachScreen,
        ),
    ),
    (
        _l("Data induk"),
        (
            *(PartnerScreen, CannedAnswerScreen, RegionScreen, CodeItemScreen, DayOffScreen),
            CueScreen,
        ),
    ),
    (
        _l("Administrasi"),
        (
            *(OfficerScreen, RoleChangeScreen, SettingScreen, ChannelDeliveryScreen, JobScreen),
            AuditScreen,
        ),
    ),
)


def register(admin: Admin) -> None:
    """Put every screen into `admin`, in the order of the menu."""
    add_groups(admin, MENU)
    add_own_pages(admin)
