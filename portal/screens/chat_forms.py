"""The forms of an import: which file; and, once it was read, who is who in it."""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.channels.chat_export import ORDERS, Export
from portal.indonesia import phone
from portal.screens import checks
from portal.screens.fields import ScreenForm, TelephoneField
from portal.wording import _
from portal.wording import lazy as _l

MEGABYTE = 1_000_000
LARGEST = 60 * MEGABYTE
NONE = ""
ORDER_NAMES: dict[str, Any] = {
    "dmy": _l("hari/bulan/tahun (25/11/26)"),
    "mdy": _l("bulan/hari/tahun (11/25/26)"),
    "ymd": _l("tahun/bulan/hari (2026/11/25)"),
}


class UploadForm(ScreenForm):
    """One file, as the telephone or the mail program saved it."""

    file = FileField(
        _l("Berkas"),
        description=_l(
            "Ekspor percakapan WhatsApp (.txt atau .zip, dari menu Ekspor chat) atau satu surel "
            "(.eml). Paling besar 60 MB; bila lebih, ekspor tanpa media."
        ),
        render_kw={"accept": ".txt,.zip,.eml"},
    )

    def validate_file(self, field: Any) -> None:
        """There is one, and it is not too large."""
        given = field.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise ValidationError(_("Pilih berkasnya."))
        self.given_name = given.filename
        self.given = given.stream.read(LARGEST + 1)
        if not self.given:
            raise ValidationError(_("Berkas ini kosong."))
        if len(self.given) > LARGEST:
            raise ValidationError(_("Berkas ini terlalu besar: paling besar %(n)s MB.", n=60))

    given: bytes = b""
    given_name: str = ""


class WhoForm(ScreenForm):
    """Who is who in an export, and how its dates are read."""

    other = SelectField(
        _l("Lawan bicara di percakapan ini"), [checks.required()], validate_choice=True
    )
    office = SelectField(
        _l("Nama telepon kantor"),
        description=_l("Pesan dari nama ini adalah jawaban kantor."),
        validate_choice=True,
    )
    phone = TelephoneField(
        _l("Nomor telepon lawan bicara"),
        filters=[checks.tidy],
        description=_l(
            "Bila diisi, percakapan digabungkan dengan percakapan WhatsApp nomor itu. Kosongkan "
            "bila tidak diketahui."
        ),
    )
    title = StringField(
        _l("Nama untuk percakapan ini"),
        [checks.NotLonger(100)],
        filters=[checks.tidy],
        description=_l("Bila kosong, nama lawan bicara dipakai."),
    )
    order = SelectField(_l("Urutan tanggal di berkas ini"), validate_choice=True)

    def offer(self, export: Export) -> None:
        """The names of this export, and the orders its dates may have."""
        names = [SelectChoice(str(n), name) for n, name in enumerate(export.senders)]
        nobody = SelectChoice(NONE, _("Tidak ada pesan dari kantor"))
        self.other.choices = names
        self.office.choices = [nobody, *names]
        likely = [*export.orders, *(name for name in ORDERS if name not in export.orders)]
        self.order.choices = [SelectChoice(name, str(ORDER_NAMES[name])) for name in likely]

    def validate_office(self, field: Any) -> None:
        """Nobody speaks with themselves."""
        if field.data != NONE and field.data == self.other.data:
            raise ValidationError(_("Lawan bicara dan kantor tidak mungkin nama yang sama."))

    def validate_phone(self, field: Any) -> None:
        """A number, if anything."""
        if field.data:
            phone.normalise(field.data)
