"""The forms of signing: what is chosen, the passphrase, a certificate, a scan.

A passphrase is never shown again, kept, or logged.
"""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import Length

from portal.letters.certificates import LARGEST
from portal.screens import checks
from portal.screens.act_forms import ActForm
from portal.screens.fields import ScreenForm
from portal.screens.uploads import FilesField
from portal.wording import _
from portal.wording import lazy as _l

PICTURED = ("pdf", "picture")
SECRET = {"autocomplete": "off", "spellcheck": "false"}


class SignForm(ScreenForm):
    """The passphrase for everything that was ticked."""

    passphrase = PasswordField(
        _l("Kata sandi sertifikat (passphrase)"),
        [Length(max=1000)],
        description=_l("Satu kali untuk semua surat yang dicentang. Tidak disimpan."),
        render_kw=SECRET,
    )


class UploadForm(ScreenForm):
    """A PKCS#12 file and its passphrase."""

    file = FileField(
        _l("Berkas sertifikat (.p12 atau .pfx)"),
        render_kw={"accept": ".p12,.pfx,application/x-pkcs12"},
    )
    passphrase = PasswordField(
        _l("Kata sandi sertifikat (passphrase)"),
        [checks.required(), Length(max=1000)],
        description=_l("Hanya untuk memeriksa berkas ini. Diminta lagi setiap menandatangani."),
        render_kw=SECRET,
    )
    given: bytes = b""

    def validate_file(self, field: Any) -> None:
        """There is one; what it is says the certificate itself."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(_("Pilih berkasnya."))
        self.given = field.data.stream.read(LARGEST + 1)


class ServiceForm(ScreenForm):
    """Under which NIK the signing service knows the officer."""

    identity = StringField(
        _l("NIK yang terdaftar di layanan tanda tangan"),
        [checks.required(), checks.NotLonger(30)],
        filters=[checks.tidy],
        description=_l("16 angka. Disimpan tersegel dan hanya dikirim ke layanan itu."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class ScanForm(ActForm):
    """What was signed by hand, scanned."""

    files = FilesField(
        _l("Pindaian surat bertanda tangan"),
        [checks.required()],
        description=_l("PDF atau foto dari semua halaman."),
    )

    def validate_files(self, field: Any) -> None:
        """Paper, as it looks."""
        if any(one.kind not in PICTURED for one in field.checked):
            raise ValidationError(_("Unggah PDF atau foto dari surat itu."))
