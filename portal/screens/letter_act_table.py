"""What a supervisor can still do with a letter that went out, as a table."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Letter, Officer
from portal.casework import letter_acts
from portal.screens import act_facts, act_forms, edge, missing_parts
from portal.screens.act import Act, Obstacles, Words
from portal.wording import lazy as _l


def _void(
    db: Session, row: Letter, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    letter_acts.void(db, row, form.why, who, at, version)


def _replace(
    db: Session, row: Letter, who: Officer, at: datetime, form: Any, version: int | None
) -> Letter:
    return letter_acts.replace(db, row, form.why, who, at, version)


def _facts(letter: Letter, officer: Officer) -> dict[str, Any]:
    names = ("printed", "kind", "dated", "about", "signatory", "state", "signature")
    return {"facts": act_facts.as_facts(letter, *names)}


def _with_gaps(letter: Letter, officer: Officer) -> dict[str, Any]:
    absent = letter_acts.lacking(edge.session(), letter, officer)
    return _facts(letter, officer) | {"missing": missing_parts.with_links(absent)}


ACTS: dict[str, dict[str, Act]] = {
    "letter": {
        "replace": Act(
            act_forms.ReasonForm,
            _replace,
            _l(
                "Surat baru terbit dari data hari ini dengan nomornya sendiri. Surat lama tetap "
                "tersimpan dan dapat diunduh, tetapi dinyatakan batal dan saling bertautan."
            ),
            _with_gaps,
        ),
        "void": Act(
            act_forms.ReasonForm,
            _void,
            _l(
                "Surat dinyatakan batal; nomor, isi, dan berkasnya tetap tersimpan beserta "
                "alasannya."
            ),
            _facts,
        ),
    },
}
WORDS: dict[str, dict[str, Words]] = {
    "letter": {
        "replace": Words(_l("Ganti surat"), _l("Surat diganti"), grave=True),
        "void": Words(_l("Batalkan surat"), _l("Surat dibatalkan"), grave=True),
    },
}
OBSTACLES: dict[type[Any], Obstacles] = {Letter: letter_acts.obstacles}
