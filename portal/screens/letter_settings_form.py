"""The form of the letter settings: a field for each key, judged by the rule of `setting_rules`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from models import LetterKind
from portal.casework import letter_settings
from portal.letters import setting_rules
from portal.letters.kinds import FULL, INITIALS
from portal.letters.said import GENERAL, OF_A_KIND, key_of
from portal.screens.fields import ScreenForm
from portal.wording import _
from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "kop_government": _l("Pemerintah daerah"),
    "kop_office": _l("Perangkat daerah"),
    "kop_unit": _l("Unit"),
    "kop_address": _l("Alamat"),
    "kop_contact": _l("Telepon, laman, pos-el"),
    "letter_paper": _l("Ukuran kertas"),
    "letter_city": _l("Tempat penetapan"),
    "letter_sifat": _l("Sifat naskah"),
    "letter_number_pattern": _l("Pola nomor"),
    "letter_unit_code": _l("Kode unit"),
    "letter_considering": _l("Menimbang"),
    "letter_basis": _l("Dasar"),
    "classification": _l("Klasifikasi arsip"),
    "start": _l("Nomor awal"),
    "opening": _l("Pembuka"),
    "closing": _l("Penutup"),
    "copies": _l("Tembusan"),
    "names": _l("Nama korban"),
}
HELPS: dict[str, Any] = {
    "kop_unit": _l("Kosongkan bila tidak dipakai."),
    "letter_number_pattern": _l(
        "Wajib: {klasifikasi}, {nomor}, {tahun}. Boleh: {unit}, {bulan} (angka Romawi)."
    ),
    "letter_considering": _l("Satu butir setiap baris."),
    "letter_basis": _l("Satu butir setiap baris; dapat diubah pada setiap surat perintah."),
    "classification": _l("Setiap jenis surat memerlukan kode yang berbeda."),
    "start": _l("Bila kantor mulai memakai portal di tengah tahun; tetap sesudah surat pertama."),
    "copies": _l("Satu penerima setiap baris; kosongkan bila tanpa tembusan."),
    "names": _l("Inisial untuk surat yang keluar dari kantor."),
}
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "letter_paper": [("A4", "A4 (210 x 297 mm)"), ("F4", "F4 (215 x 330 mm)")],
    "names": [(FULL, _l("Nama lengkap")), (INITIALS, _l("Inisial saja"))],
}
STORIES = {"kop_contact", *letter_settings.OF_ORDERS, "opening", "closing", "copies"}


class SettingsForm(ScreenForm):
    """Fields are added by kind; `seen` marks what was set when the page was opened."""

    seen = HiddenField()
    session: Session

    def validate(self, extra_validators: Any = None) -> bool:
        """All values together: what one says may collide with another."""
        valid = super().validate(extra_validators)
        wrong = setting_rules.faults(self.session, values_of(self))
        for key, sentence in wrong.items():
            self[key].errors = [*self[key].errors, sentence]
        return valid and not wrong


def form_of(session: Session, kind: LetterKind, posted: Any) -> SettingsForm:
    """The form of a kind, with what is set or what was posted."""
    stored = letter_settings.stored(session, kind)
    made: dict[str, Any] = {key: _field(key) for key in stored}
    form: SettingsForm = type("SettingsForm", (SettingsForm,), made)(
        posted, data={"seen": letter_settings.mark(stored), **_choosable(stored)}
    )
    form.session = session
    return form


def values_of(form: Any) -> dict[str, str]:
    """The values of the form by key, without blanks around them."""
    return {
        name: (field.data or "").strip() for name, field in form._fields.items() if name in KEYS
    }


def sections(kind: LetterKind) -> Sequence[tuple[Any, Sequence[str], Any]]:
    """The parts of the form: what all letters share, and what this kind says."""
    keys = letter_settings.keys(kind)
    head = [key for key in keys if key.startswith("kop_")]
    own = [key for key in keys if key not in GENERAL or key in letter_settings.OF_ORDERS]
    rest = [key for key in keys if key not in head and key not in own]
    return (
        (_("Hanya jenis ini"), own, None),
        (_("Semua surat"), rest, None),
        (_("Kop semua surat"), head, None),
    )


KEYS = {*GENERAL, *(key_of(part, kind) for kind in LetterKind for part in OF_A_KIND)}


def _short(key: str) -> str:
    """What the tables above call it."""
    return setting_rules.PARTS[key][0] if key in setting_rules.PARTS else key


def _field(key: str) -> Any:
    short = _short(key)
    common = {"label": LABELS[short], "description": HELPS.get(short, "")}
    if short in CHOICES:
        offered = [SelectChoice(code, text) for code, text in CHOICES[short]]
        return SelectField(choices=offered, validate_choice=False, **common)
    if short in STORIES:
        return TextAreaField(render_kw={"rows": 3}, **common)
    return StringField(render_kw={"autocomplete": "off"}, **common)


def _choosable(stored: dict[str, str]) -> dict[str, str]:
    """What is stored in other capitals is one of the choices all the same."""
    case = {"letter_paper": str.upper, **{k: str.lower for k in stored if _short(k) == "names"}}
    return {key: case.get(key, str)(value.strip()) for key, value in stored.items()}
