"""The forms of a call: what is noted while one talks, what is added later, calling back."""

from wtforms import BooleanField, StringField

import models as m
from models import Call
from portal.casework.contact_words import Obstacle
from portal.indonesia import phone
from portal.screens import act_forms, checks
from portal.screens.choices import code_of
from portal.screens.fields import ScreenForm, make
from portal.wording import _
from portal.wording import lazy as _l


class CallForm(ScreenForm):
    """What is noted during a call. Everything may stay empty but, at the end, what it was."""

    notes = act_forms.story(
        _l("Catatan"), help=_l("Tersimpan sendiri sambil diketik, tersegel."), rows=10
    )
    number = StringField(
        _l("Nomor penelepon"),
        [checks.NotLonger(40)],
        filters=[checks.tidy],
        description=_l("Kosongkan bila nomornya disembunyikan."),
        render_kw={"autocomplete": "off", "inputmode": "tel", "dir": "auto"},
    )
    kind = make(m.Call, "kind", required=False)
    danger = BooleanField(_l("Penelepon atau korban sedang dalam bahaya"))

    @classmethod
    def of(cls, call: Call) -> "CallForm":
        """As the call stands."""
        return cls(
            None,
            notes=call.notes,
            number=phone.display(call.number) if call.number else None,
            kind=call.kind,
            danger=call.conversation.urgent,
        )

    def demand_kind(self) -> bool:
        """At the end one must say what kind of call it was; whether it is said."""
        if self.kind.data:
            return True
        self.kind.errors = [*self.kind.errors, _("Pilih jenis panggilannya.")]
        return False


class SupplementForm(ScreenForm):
    """Something more about a call that has ended."""

    text = act_forms.story(
        _l("Catatan susulan"),
        required=True,
        help=_l("Catatan panggilan tidak diubah lagi; yang ditambahkan berdiri di sampingnya."),
        rows=3,
    )


class PermitForm(ScreenForm):
    """Why calling back all the same, where the agreement is against it."""

    reason = act_forms.reason_against(
        _l("Wajib bila belum disepakati atau di luar kesepakatan. Tercatat dan diaudit.")
    )

    def tell(self, against: list[Obstacle]) -> None:
        """What stands against it, beside the field."""
        told = dict.fromkeys(one.sentence for one in against)
        self.reason.errors = [*told, _("Tuliskan alasannya bila tetap perlu.")]


class OutcomeForm(ScreenForm):
    """How calling back went."""

    outcome = code_of(_l("Hasil"), "contact_outcome", checks.required())
    note = act_forms.story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)


class LeaveForm(ScreenForm):
    """Why a missed call is not called back."""

    why = act_forms.story(_l("Mengapa tidak dihubungi"), required=True, rows=2)
