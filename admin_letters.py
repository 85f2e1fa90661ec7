"""The generated screens of the letters; a part of `admin_views`, which puts them into the menu."""

import models as m
from portal.screens.certificate_page import CertificatePage
from portal.screens.documents import Letters
from portal.screens.filters import ByOfficer, Empty, OfRow, OneOf, period
from portal.screens.screen import Screen
from portal.wording import lazy as _l
from portal.wording import lazy_in as _in

# --- the register -------------------------------------------------------------------------------


class LetterScreen(Letters):
    model, title, icon = m.Letter, _in("daftar", "Register surat"), "mail"
    verbs = ("view", "export")
    column_list = ("printed", "kind", "dated", "case", "signatory", "state", "download")
    column_export_list = (
        *("printed", "kind", "dated", "case", "issued_by", "signatory", "addressee", "state"),
    )
    column_sortable_list = ("printed", "dated")
    search = ("printed",)
    filters = (
        *(OneOf("kind"), OneOf("state"), ByOfficer("signatory"), *period("dated")),
        OfRow("case"),
    )
    details_sections = (
        (_l("Surat"), ("printed", "kind", "dated", "state", "download")),
        (_l("Mengenai"), ("case", "signatory", "addressee", "issued_by", "issued_at")),
        (_l("Tanda tangan"), ("signing", "signed_at", "signed_scans")),
        (_l("Pembatalan"), ("void_reason", "voided_at")),
    )


# --- what officers sign with --------------------------------------------------------------------


class SigningCertificateScreen(CertificatePage, Screen):
    model, title, icon = m.SigningCertificate, _l("Sertifikat tanda tangan"), "file-certificate"
    verbs, personal = ("view",), False
    column_list = ("officer", "subject", "issuer", "valid_until", "in_force")
    filters = (ByOfficer("officer"), Empty("withdrawn_at"))
    details_sections = (
        (_l("Sertifikat"), ("officer", "subject", "issuer", "serial", "fingerprint")),
        (_l("Masa berlaku"), ("valid_from", "valid_until", "in_force")),
        (_l("Pencabutan"), ("withdrawn_at", "withdrawn_by")),
    )


LETTERS = (LetterScreen, SigningCertificateScreen)
