"""The generated screens of the letters; a part of `admin_views`, which puts them into the menu."""

import models as m
from portal.screens.certificate_page import CertificatePage
from portal.screens.documents import Letters
from portal.screens.filters import ByOfficer, Empty, OfRow, OneOf, period
from portal.screens.invitation_page import InvitationPage
from portal.screens.letter_books import LetterBooks
from portal.screens.letter_filters import ByProgress, OfYear
from portal.screens.letter_issue import LetterIssue
from portal.screens.letter_page import LetterPage
from portal.screens.letter_print import LetterPrint
from portal.screens.listing import PEOPLE
from portal.screens.monthly_page import MonthlyPage
from portal.screens.screen import Screen
from portal.wording import lazy as _l
from portal.wording import lazy_in as _in

# --- the register -------------------------------------------------------------------------------


class LetterScreen(MonthlyPage, LetterBooks, LetterPage, LetterIssue, LetterPrint, Letters):
    model, title, icon = m.Letter, _in("daftar", "Register surat"), "mail"
    verbs = ("view", "export")
    column_list = ("printed", "kind", "dated", "about", "signatory", "state", "signature")
    column_export_list = (
        *("year", "number", "printed", "kind", "dated", "about", "issued_by", "signatory"),
        *("addressee", "state", "signature", "signed_at", "replaces", "replaced_by", "verified_at"),
    )
    column_sortable_list = ("printed", "dated")
    search = ("printed",)
    filters = (
        *(OneOf("kind"), OfYear("year"), OneOf("state"), ByProgress("signature")),
        *(ByOfficer("signatory"), *period("dated"), OfRow("case")),
    )
    details_sections = (
        (_l("Surat"), ("printed", "kind", "number", "dated", "state", "download")),
        (_l("Mengenai"), ("about", "signatory", "addressee", "issued_by", "issued_at")),
        (_l("Tanda tangan"), ("signature", "signing", "signed_at", "signed_scans")),
        (_l("Keaslian"), ("verified_at", "versions")),
        (_l("Pembatalan"), ("void_reason", "voided_by", "voided_at", "replaces", "replaced_by")),
    )


# --- who signs, and what with


class SignatoryScreen(Screen):
    model, title, icon = m.Signatory, _in("daftar", "Penandatangan"), "user-check"
    verbs, personal = ("view", "create", "edit", "export"), False
    column_list = (
        *("officer", "today", "kind", "part", "capacity", "title", "valid_from", "valid_until"),
    )
    column_sortable_list = ("valid_from",)
    column_default_sort = ("valid_from", True)
    filters = (OneOf("kind"), OneOf("part"), OneOf("capacity"), ByOfficer("officer"))
    FACTS = ("kind", "part", "position", "officer", "capacity", "title")
    details_sections = (
        (_l("Penandatangan"), FACTS),
        (_l("Masa berlaku"), ("valid_from", "valid_until", "today")),
    )
    form_sections = (
        (_l("Penandatangan"), FACTS, None),
        (_l("Masa berlaku"), ("valid_from", "valid_until"), None),
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


class InvitationScreen(InvitationPage, Screen):
    model, title, icon = m.Invitation, _in("daftar", "Undangan"), "calendar-user"
    verbs = ("view", "create", "edit", "export")
    column_list = ("invitee", "form", "case", "at", "handing", "officer", "cancelled_at")
    column_export_list = ("form", "case", "at", "handing", "officer", "cancelled_at")
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    search = (PEOPLE,)
    filters = (
        *(OneOf("form"), OneOf("handing"), Empty("cancelled_at", "dibatalkan")),
        *(ByOfficer("officer"), *period("at"), OfRow("case")),
    )
    WHOM = ("form", "victim", "suspect", "partner", "invitee", "address")
    WHAT = ("at", "place", "purpose", "bring")
    details_sections = (
        (_l("Yang diundang"), ("case", *WHOM)),
        (_l("Acara"), WHAT),
        (_l("Penyampaian"), ("handing", "officer")),
        (_l("Pembatalan"), ("cancelled_at", "cancel_reason")),
    )
    form_sections = (
        (_l("Yang diundang"), ("case", *WHOM), None),
        (_l("Acara"), ("at", "outside_hours", "place", "purpose", "bring"), None),
        (_l("Penyampaian"), ("handing", "contact_reason"), None),
    )
    create_only = ("case", "victim", "suspect")


LETTERS = (LetterScreen, InvitationScreen, SignatoryScreen, SigningCertificateScreen)
