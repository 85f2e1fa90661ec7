"""The table of acts: for each its form, the function of the casework that does it, and what
whoever is about to do it should know.

States, roles and labels are not here: they stand in `portal.casework.rules`.
"""

from typing import Any

from models import Case, Monitoring, Officer, Report
from portal.casework import cases, forwards, lifecycle, monitoring, reports, termination
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from portal.screens import (
    access_acts,
    act_facts,
    act_forms,
    clock_acts,
    contact_forms,
    invitation_acts,
    joining,
    letter_act_table,
    signing_acts,
)
from portal.screens import act_doing as doing
from portal.screens.act import Act, Obstacles, Words, words_of
from portal.wording import lazy as _l

# --- the table ----------------------------------------------------------------------------------

CASE_ACTS: dict[str, Act] = {
    "approve": Act(
        act_forms.ApproveForm,
        doing.approve,
        _l(
            "Dengan melengkapi surat perintah ini kasus disetujui: nomor surat diambil dari "
            "register, isinya dibekukan, dan petugas yang disebut dapat membuka kasusnya."
        ),
        act_facts.of_verification,
    ),
    "return": Act(
        act_forms.ReasonForm,
        doing.with_why(cases.give_back),
        _l("Kasus kembali kepada petugas yang mengidentifikasinya untuk dilengkapi."),
        act_facts.of_case,
    ),
    "reject": Act(
        act_forms.RejectForm,
        doing.with_why(cases.decline, "reject"),
        _l("Kasus tidak ditangani. Supervisor dapat mempertimbangkannya kembali."),
        act_facts.of_case,
    ),
    "refer": Act(
        act_forms.ReferForm,
        doing.with_why(cases.decline, "refer"),
        _l("Kasus menjadi urusan lembaga lain. Supervisor dapat mempertimbangkannya kembali."),
        act_facts.of_case,
    ),
    "correct": Act(
        act_forms.NoteForm,
        doing.with_note(cases.correct),
        _l("Kasus menunggu verifikasi lagi. Lengkapi dahulu datanya sebelum mengirim kembali."),
        act_facts.of_case,
    ),
    "reconsider": Act(
        act_forms.ReasonForm,
        doing.with_why(cases.reconsider),
        _l("Kasus menunggu verifikasi lagi."),
        act_facts.of_case,
    ),
    "withdraw_order": Act(
        act_forms.ReasonForm,
        doing.with_why(cases.withdraw_order),
        _l("Surat perintah menjadi batal; nomor dan alasannya tetap tercatat di register."),
        act_facts.of_case,
    ),
    "review_emergency": Act(
        act_forms.ReviewForm,
        doing.with_why(cases.review_emergency),
        _l("Persetujuan darurat oleh supervisor yang mengidentifikasinya sendiri."),
        act_facts.of_emergency,
    ),
    "start_outreach": Act(
        contact_forms.DepartureForm,
        doing.set_out,
        _l("Catat bahwa Anda berangkat. Periksa dahulu cara menghubungi yang aman."),
        act_facts.of_order,
    ),
    "report_outreach": Act(
        act_forms.OutreachForm,
        doing.report_outreach,
        _l("Hasil penjangkauan menjadi dasar penanganan; konselor dan supervisor diberi tahu."),
        act_facts.of_order,
    ),
    "propose_termination": Act(
        act_forms.ProposalForm,
        doing.propose,
        _l("Supervisor memutuskan usulan ini. Ringkasan dan alasannya masuk ke nota dinas."),
        act_facts.of_case,
    ),
    "terminate": Act(
        act_forms.NoteForm,
        doing.with_note(termination.terminate),
        _l(
            "Nota dinas terminasi terbit dengan nomor dari register, dan monitoring setiap korban "
            "dijadwalkan pada bulan ke-1, ke-2, dan ke-3."
        ),
        act_facts.of_termination,
    ),
    "refuse_termination": Act(
        act_forms.ReasonForm,
        doing.with_why(termination.refuse),
        _l("Penanganan berlanjut; konselor membaca alasannya."),
        act_facts.of_proposal,
    ),
    "close": Act(
        act_forms.NoteForm,
        doing.with_note(termination.close),
        _l("Nota akhir dengan tabel hasil monitoring terbit dan kasus selesai."),
        act_facts.of_closing,
    ),
    "reopen": Act(
        act_forms.ReasonForm,
        doing.with_why(termination.reopen),
        _l("Kasus kembali ke penanganan; monitoring yang belum dilakukan dibatalkan."),
        act_facts.of_case,
    ),
    "hand_over": Act(
        act_forms.HandOverForm,
        doing.hand_over,
        _l("Konselor baru memimpin kasus ini. Konselor lama tidak lagi melihatnya."),
        act_facts.of_case,
    ),
    "exclude": access_acts.EXCLUDE,
}

REPORT_ACTS: dict[str, Act] = {
    "take": Act(
        act_forms.ConfirmForm,
        doing.bare(reports.take),
        _l("Laporan menjadi tanggung jawab Anda dan hilang dari kotak masuk petugas lain."),
        act_facts.of_report,
    ),
    "forward": Act(
        act_forms.ForwardForm,
        doing.forward,
        _l("Petugas yang dipilih diberi tahu dan menerima laporan ini."),
        act_facts.of_report,
    ),
    "accept_forward": Act(
        act_forms.ConfirmForm,
        doing.bare(reports.accept_forward),
        _l("Laporan menjadi tanggung jawab Anda."),
        act_facts.of_report,
    ),
    "return_forward": Act(
        act_forms.ReasonForm,
        doing.with_why(forwards.return_forward),
        _l("Laporan kembali kepada petugas yang meneruskannya, yang diberi tahu alasannya."),
        act_facts.of_report,
    ),
    "identify": Act(
        act_forms.IdentifyForm,
        doing.identify,
        _l("Laporan menjadi kasus baru yang menunggu verifikasi supervisor."),
        act_facts.of_report,
    ),
    "join": Act(
        act_forms.JoinForm,
        joining.do,
        _l("Orang, berkas, dan ceritanya menjadi bagian dari kasus lama itu."),
        act_facts.of_report,
    ),
    **{
        f"dismiss_{outcome}": Act(
            act_forms.ReferForm if outcome == "referred" else act_forms.ReasonForm,
            doing.with_why(reports.dismiss, outcome),
            explains,
            act_facts.of_report,
        )
        for outcome, explains in (
            ("referred", _l("Laporan menjadi urusan lembaga lain.")),
            ("information", _l("Laporan selesai sebagai permintaan informasi.")),
            ("duplicate", _l("Sebutkan nomor laporan yang sama dalam alasannya.")),
            ("spam", _l("Laporan ditutup sebagai bukan pengaduan.")),
        )
    },
    "resume": Act(
        act_forms.ReasonForm,
        doing.with_why(reports.resume),
        _l("Laporan kembali diidentifikasi."),
        act_facts.of_report,
    ),
    "exclude": access_acts.EXCLUDE,
    **clock_acts.REPORT_ACTS,
}

MONITORING_ACTS: dict[str, Act] = {
    "record": Act(
        contact_forms.VisitForm,
        doing.record,
        _l("Hasilnya masuk ke nota akhir. Bila korban dalam bahaya, supervisor diberi tahu."),
        act_facts.of_contact,
    ),
    "excuse": Act(
        act_forms.ReasonForm,
        doing.with_why(monitoring.excuse),
        _l("Monitoring ini tidak dilakukan; alasannya tercantum dalam nota akhir."),
        act_facts.of_contact,
    ),
}


# --- what the rules say of an act ---------------------------------------------------------------


MONITORING_WORDS = {
    "record": Words(_l("Catat monitoring"), _l("Monitoring dicatat")),
    "excuse": Words(_l("Tiadakan dengan alasan"), _l("Monitoring ditiadakan dengan alasan")),
}


ACTS: dict[str, dict[str, Act]] = {
    "case": CASE_ACTS,
    "report": REPORT_ACTS,
    "monitoring": MONITORING_ACTS,
    **access_acts.ACTS,
    **clock_acts.ACTS,
    **letter_act_table.ACTS,
    **signing_acts.ACTS,
    **invitation_acts.ACTS,
}
WORDS: dict[str, dict[str, Words]] = {
    "case": words_of(CASE_RULES),
    "report": words_of(REPORT_RULES),
    "monitoring": MONITORING_WORDS,
    **access_acts.WORDS,
    **clock_acts.WORDS,
    **letter_act_table.WORDS,
    **signing_acts.WORDS,
    **invitation_acts.WORDS,
}


OBSTACLES: dict[type[Any], Obstacles] = {
    Case: lifecycle.obstacles,
    Report: lifecycle.obstacles,
    Monitoring: lambda row, act, officer: monitoring.obstacles(row, officer),
    **access_acts.OBSTACLES,
    **clock_acts.OBSTACLES,
    **letter_act_table.OBSTACLES,
    **signing_acts.OBSTACLES,
    **invitation_acts.OBSTACLES,
}


def obstacles(subject: Any, act: str, officer: Officer) -> list[str]:
    """Why this officer may not do this now, as sentences; empty when they may."""
    return OBSTACLES[type(subject)](subject, act, officer)
