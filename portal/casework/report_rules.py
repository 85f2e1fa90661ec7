"""The life of a report as a table, as `rules` has that of a case: steps 2 and 3 of the standard."""

from models import ReportStatus
from portal.casework.conditions import (
    is_paused,
    late_without_cause,
    no_emergency,
    owns_the_report,
    runs,
    was_forwarded_here,
)
from portal.casework.rules import INTAKE, SUPERVISORS, Rule, on, table
from portal.wording import lazy

R = ReportStatus
ENDED_REPORT = on(R.joined, R.referred, R.information, R.duplicate, R.spam)

REPORT_RULES = table(
    Rule(
        "take",
        on(R.new),
        R.in_progress,
        INTAKE,
        lazy("Ambil laporan"),
        lazy("Laporan diambil"),
        bulk=True,
    ),
    Rule(
        "forward",
        on(R.new, R.in_progress),
        R.in_progress,
        INTAKE,
        lazy("Teruskan ke UPT PPA"),
        lazy("Laporan diteruskan ke UPT PPA"),
    ),
    Rule(
        "accept_forward",
        on(R.in_progress),
        None,
        INTAKE,
        lazy("Terima penerusan"),
        lazy("Penerusan laporan diterima"),
        requires=(was_forwarded_here,),
        quiet=True,
    ),
    Rule(
        "return_forward",
        on(R.in_progress),
        None,
        INTAKE,
        lazy("Kembalikan penerusan"),
        lazy("Penerusan laporan dikembalikan"),
        requires=(was_forwarded_here,),
        needs_reason=True,
        quiet=True,
    ),
    Rule(
        "identify",
        on(R.in_progress),
        R.identified,
        INTAKE,
        lazy("Identifikasi: kasus baru"),
        lazy("Laporan diidentifikasi sebagai kasus baru"),
        requires=(owns_the_report,),
    ),
    Rule(
        "join",
        on(R.in_progress),
        R.joined,
        INTAKE,
        lazy("Gabungkan ke kasus lama"),
        lazy("Laporan digabungkan ke kasus lama"),
        requires=(owns_the_report,),
    ),
    *(
        Rule(
            f"dismiss_{status.value}",
            on(R.in_progress),
            status,
            INTAKE,
            label,
            done,
            requires=(owns_the_report,),
            needs_reason=True,
        )
        for status, label, done in (
            (R.referred, lazy("Rujuk ke luar"), lazy("Laporan dirujuk ke lembaga lain")),
            (
                R.information,
                lazy("Permintaan informasi"),
                lazy("Laporan dijawab sebagai informasi"),
            ),
            (R.duplicate, lazy("Laporan ganda"), lazy("Laporan ditandai sebagai laporan ganda")),
            (R.spam, lazy("Bukan pengaduan"), lazy("Laporan ditandai bukan pengaduan")),
        )
    ),
    Rule(
        "pause",
        on(R.in_progress),
        None,
        INTAKE,
        lazy("Jeda waktu"),
        lazy("Waktu dijeda"),
        requires=(owns_the_report, no_emergency, runs),
        quiet=True,
    ),
    Rule(
        "go_on",
        on(R.in_progress),
        None,
        INTAKE,
        lazy("Lanjutkan waktu"),
        lazy("Waktu dilanjutkan"),
        requires=(owns_the_report, is_paused),
        quiet=True,
    ),
    Rule(
        "explain_delay",
        frozenset(R) - on(R.new, R.in_progress),
        None,
        INTAKE,
        lazy("Catat penyebab keterlambatan"),
        lazy("Penyebab keterlambatan dicatat"),
        requires=(late_without_cause,),
        quiet=True,
    ),
    Rule(
        "resume",
        ENDED_REPORT,
        R.in_progress,
        SUPERVISORS,
        lazy("Buka kembali laporan"),
        lazy("Laporan dibuka kembali"),
        needs_reason=True,
    ),
    Rule(
        "exclude",
        frozenset(R) - on(R.identified, R.joined),
        None,
        INTAKE,
        lazy("Kecualikan petugas"),
        lazy("Petugas dikecualikan"),
        requires=(owns_the_report,),
    ),
)
