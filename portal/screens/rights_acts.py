"""The acts on consents, requests, holds and breaches: form, function, and what they are called.

As `act_table` for cases and reports; states and conditions stand in the casework.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from wtforms import DateField

import models as m
from models import Breach, Consent, DataRequest, LegalHold, Officer
from portal.casework import breaches, consents, holds, requests
from portal.indonesia import dates
from portal.screens import act_facts, act_forms, checks
from portal.screens.act import Act, Facts, Words
from portal.screens.act_forms import ActForm, story
from portal.screens.choices import code_of
from portal.screens.widgets import LocalDateTimeField, MultiCheckbox, offered
from portal.wording import lazy as _l

# --- forms --------------------------------------------------------------------------------------


class WithdrawForm(ActForm):
    """What is taken back, when and how it was said."""

    purposes = MultiCheckbox(_l("Yang dicabut"), [checks.required()], choices=[])
    told_on = DateField(_l("Disampaikan tanggal"), [checks.required(), checks.possible_day])
    told_by = code_of(_l("Disampaikan oleh"), "consent_giver", checks.required())
    told_via = code_of(_l("Cara menyampaikan"), "channel", checks.required())
    reason = story(_l("Alasan"), help=_l("Boleh dikosongkan: alasan tidak wajib."), rows=3)

    def prepare(self, subject: Consent, officer: Officer) -> None:
        """What still holds; nothing is ticked, so that nothing is taken back by mistake."""
        held = consents.held(subject)
        self.purposes.choices = offered((one, consents.PURPOSES[one]) for one in held)
        if not self.is_submitted:
            self.purposes.data, self.told_on.data = [], dates.today()


class AnswerForm(ActForm):
    """What was done, in words the person can read."""

    answer = story(_l("Jawaban kepada pemohon"), required=True)


class RefuseForm(AnswerForm):
    """Why the law lets the office say no."""

    ground = code_of(_l("Dasar penolakan"), "refusal_ground", checks.required())


class ToldForm(ActForm):
    """When and how somebody was told of a breach."""

    told_at = LocalDateTimeField(
        _l("Diberitahukan pada"), [checks.required(), checks.possible_moment, checks.not_ahead]
    )
    how = story(_l("Kepada siapa dan bagaimana"), required=True, rows=3)

    def prepare(self, subject: Breach, officer: Officer) -> None:
        """Now, unless one says otherwise."""
        if not self.is_submitted:
            self.told_at.data = dates.now()


class CloseForm(ActForm):
    """How it ended."""

    how = story(
        _l("Catatan penutup"),
        required=True,
        help=_l("Bila tidak semua diberi tahu, tuliskan mengapa."),
    )


# --- from form to function ------------------------------------------------------------------------


def _withdraw(
    db: Session, consent: Consent, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    said = consents.Withdrawal(
        purposes=form.purposes.data,
        told_on=form.told_on.data,
        told_by=_chosen(form.told_by),
        told_via=_chosen(form.told_via),
        reason=form.reason.data,
    )
    consents.withdraw(db, consent, who, at, said, version)


def _chosen(field: Any) -> str:
    """What the office calls the code that was chosen."""
    return str({one.value: one.label for one in field.choices}[field.data])


def _lift_hold(
    db: Session, hold: LegalHold, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    holds.lift(db, hold, who, at, form.why, version)


def _bare(act: Callable[..., Any]) -> Any:
    return lambda db, row, who, at, form, version: act(db, row, who, at, version)


def _fulfil(
    db: Session, row: DataRequest, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    requests.fulfil(db, row, who, at, form.answer.data, version)


def _refuse(
    db: Session, row: DataRequest, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    requests.refuse(db, row, who, at, form.ground.data, form.answer.data, version)


def _told(act: str) -> Any:
    def do(
        db: Session, row: Breach, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        breaches.tell(db, row, who, act, form.told_at.data, form.how.data, version)

    return do


def _close(
    db: Session, row: Breach, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    breaches.close(db, row, who, at, form.how.data, version)


# --- the table ------------------------------------------------------------------------------------


def _facts(*names: str) -> Facts:
    return lambda row, officer: {"facts": act_facts.as_facts(row, *names)}


OF_CONSENT = _facts("victim", "given_by", "given_on", "for_services", "for_sharing", "partners")
OF_REQUEST = _facts("kind", "person", "due_at", "asked_by", "asker_name", "identity_check", "wish")
OF_BREACH = _facts("found_at", "due_at", "happened", "data_kinds", "told_how")

ACTS: dict[str, dict[str, Act]] = {
    "consent": {
        "withdraw": Act(
            WithdrawForm,
            _withdraw,
            _l(
                "Yang dicabut berhenti sejak sekarang: layanan atas persetujuan ini, berbagi "
                "dengan lembaga, atau ikut dihitung dalam statistik. Konselor diberi tahu tentang "
                "rujukan yang masih berjalan."
            ),
            OF_CONSENT,
        )
    },
    "data_request": {
        "start": Act(
            act_forms.ConfirmForm,
            _bare(requests.start),
            _l("Catat bahwa permohonan ini sedang ditangani."),
            OF_REQUEST,
        ),
        "fulfil": Act(
            AnswerForm,
            _fulfil,
            _l(
                "Permohonan dinyatakan dipenuhi dan dijawab. Permohonan penghapusan menghapus data "
                "orangnya seketika; hal itu tidak dapat dibatalkan."
            ),
            OF_REQUEST,
        ),
        "refuse": Act(
            RefuseForm,
            _refuse,
            _l("Penolakan memerlukan dasar hukum dan jawaban kepada pemohon."),
            OF_REQUEST,
        ),
        "lift": Act(
            act_forms.ConfirmForm,
            _bare(requests.lift),
            _l("Data orang ini boleh diproses lagi."),
            OF_REQUEST,
        ),
    },
    "legal_hold": {
        "lift": Act(
            act_forms.ReasonForm,
            _lift_hold,
            _l("Data ini dihapus lagi menurut masa simpannya."),
            _facts("case", "report", "complaint", "person", "reason", "placed_by"),
        )
    },
    "breach": {
        "tell_agency": Act(
            ToldForm,
            _told("tell_agency"),
            _l("Catat pemberitahuan tertulis kepada lembaga (UU 27/2022 Pasal 46)."),
            OF_BREACH,
        ),
        "tell_people": Act(
            ToldForm,
            _told("tell_people"),
            _l("Catat pemberitahuan tertulis kepada orang yang datanya terkena, dengan cara aman."),
            OF_BREACH,
        ),
        "close": Act(
            CloseForm,
            _close,
            _l("Tidak ada lagi yang harus dilakukan."),
            OF_BREACH,
        ),
    },
}


def _words(rules: Mapping[str, Any]) -> dict[str, Words]:
    return {name: Words(one.label, one.done, one.grave) for name, one in rules.items()}


WORDS: dict[str, dict[str, Words]] = {
    "consent": {"withdraw": Words(_l("Cabut persetujuan"), _l("Persetujuan dicabut"), True)},
    "data_request": _words(requests.RULES),
    "legal_hold": {"lift": Words(_l("Cabut penahanan"), _l("Penahanan dicabut"), True)},
    "breach": _words(breaches.RULES),
}


def _of_consent(row: Consent, act: str, officer: Officer) -> list[str]:
    return consents.obstacles(row)


def _of_hold(row: LegalHold, act: str, officer: Officer) -> list[str]:
    return holds.obstacles(row)


OBSTACLES: dict[type[Any], Callable[[Any, str, Officer], list[str]]] = {
    m.Consent: _of_consent,
    m.DataRequest: requests.obstacles,
    m.LegalHold: _of_hold,
    m.Breach: breaches.obstacles,
}


@dataclass(frozen=True)
class Named:
    """An act as the buttons of a page want it."""

    act: str
    label: Any
    grave: bool


@dataclass(frozen=True)
class Offer:
    """A button, and what stands in the way."""

    rule: Named
    obstacles: list[str]


def offers(row: Any, officer: Officer) -> list[Offer]:
    """The acts of a row's table; those that are over for its state are left out."""
    words = WORDS[row.__tablename__].items()
    named = [Named(name, one.label, one.grave) for name, one in words]
    found = [Offer(one, OBSTACLES[type(row)](row, one.act, officer)) for one in named]
    hidden = {str(one) for one in (NOT_NOW, NOT_YOURS)}
    return [one for one in found if not hidden.intersection(one.obstacles)]


# Such a button is not grey but absent.
NOT_NOW = _l("Tindakan ini tidak berlaku untuk keadaan sekarang.")
NOT_YOURS = _l("Peran Anda tidak dapat melakukan tindakan ini.")
