"""Acts on the clock of a report (pausing it, letting it run on, saying why a decision came late)
and on the hand-over of a shift."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import HandOver, Officer, Report
from portal.casework import handing_over, pauses
from portal.screens import act_doing as doing
from portal.screens import act_facts, checks
from portal.screens.act import Act, Obstacles, Words
from portal.screens.act_forms import ActForm, ConfirmForm, story
from portal.screens.choices import code_of
from portal.wording import lazy as _l


class PauseForm(ActForm):
    """Why the clock is stopped for a while."""

    cause = code_of(_l("Penyebab jeda"), "pause_cause", checks.required())
    note = story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)


class DelayForm(ActForm):
    """Why the decision came late."""

    cause = code_of(_l("Penyebab keterlambatan"), "delay_cause", checks.required())
    note = story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)


def _with_cause(act: Any) -> doing.Do:
    def do(
        db: Session, row: Report, who: Officer, at: datetime, form: Any, version: int | None
    ) -> Any:
        return act(db, row, who, at, form.cause.data, form.note.data, version)

    return do


REPORT_ACTS: dict[str, Act] = {
    "pause": Act(
        PauseForm,
        _with_cause(pauses.begin),
        _l(
            "Waktu 30 menit berhenti selama jeda, dengan penyebab yang tampil di lembar "
            "kepatuhan. Jeda berakhir sendiri bila pelapor mengirim pesan."
        ),
        act_facts.of_report,
    ),
    "go_on": Act(
        ConfirmForm,
        doing.bare(pauses.end),
        _l("Waktu 30 menit berjalan lagi; lamanya jeda tidak dihitung."),
        act_facts.of_report,
    ),
    "explain_delay": Act(
        DelayForm,
        _with_cause(pauses.explain),
        _l("Keputusan atas laporan ini lewat dari 30 menit. Penyebabnya masuk lembar kepatuhan."),
        act_facts.of_report,
    ),
}
ACTS: dict[str, dict[str, Act]] = {
    "hand_over": {
        "accept": Act(
            ConfirmForm,
            doing.bare(handing_over.accept),
            _l("Anda sudah membaca daftar ini dan melanjutkan dari sini."),
            lambda row, officer: {"facts": act_facts.as_facts(row, "at", "by", "to", "note")},
        ),
    }
}
WORDS: dict[str, dict[str, Words]] = {
    "hand_over": {"accept": Words(_l("Terima"), _l("Serah terima diterima"))}
}
OBSTACLES: dict[type[Any], Obstacles] = {
    HandOver: lambda row, act, officer: handing_over.obstacles(row, officer)
}
