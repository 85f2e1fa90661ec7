"""The generated screens of the letters; a part of `admin_views`, which puts them into the menu."""

import models as m
from portal.screens.documents import Letters
from portal.screens.filters import ByOfficer, OfRow, OneOf, period
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
        (_l("Pembatalan"), ("void_reason", "voided_at")),
    )


LETTERS = (LetterScreen,)
