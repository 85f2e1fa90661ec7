"""What a row is called where it stands for itself: in a link, a look-up, a heading.

On a page an officer may see, never in an address or a page title of the browser.
"""

from collections.abc import Callable
from typing import Any

import models as m
from portal import labels
from portal.indonesia import dates
from portal.screens import codes
from portal.wording import _, language

Title = Callable[[Any], str]


def of(row: Any) -> str:
    """The title of a row, an empty text for none."""
    return "" if row is None else TITLES.get(type(row), str)(row)


def stand_in(row: Any) -> str:
    """What a row is called in its list, and above its page, where its first column is empty."""
    return of(row) if type(row) in TITLES else "–"


def _person(row: m.Person) -> str:
    if row.erased_at is not None:
        return _("Dihapus (%(id)s)", id=row.id)
    return row.name or row.alias or _("Tanpa nama (%(id)s)", id=row.id)


def _suspect(row: m.Suspect) -> str:
    return _person(row.person) if row.person else _("Tidak dikenal (%(id)s)", id=row.id)


def _consent(row: m.Consent) -> str:
    giver = codes.name("consent_giver", row.given_by)
    given = dates.short_date(row.given_on) if row.given_on else _("tanpa persetujuan")
    return f"{giver}, {given}"


def _order(row: m.Order) -> str:
    return row.letter.printed if row.letter else _("Surat perintah %(id)s", id=row.id)


def _monitoring(row: m.Monitoring) -> str:
    return _("Monitoring ke-%(n)s, %(name)s", n=row.sequence, name=of(row.victim))


def _hold(row: m.LegalHold) -> str:
    on = row.case or row.report or row.complaint or row.person
    return _("Penahanan: %(what)s", what=of(on))


def _invitation(row: m.Invitation) -> str:
    return f"{labels.label(row.form)}, {dates.short_date(dates.local_date(row.at))}"


def labelled(row: m.CodeItem | m.Setting | m.RetentionClass) -> str:
    """What the office calls it, in the language in force."""
    return row.label_en if language() == "en" and row.label_en else row.label


TITLES: dict[type[Any], Title] = {
    m.Person: _person,
    m.Victim: lambda row: of(row.person),
    m.Suspect: _suspect,
    m.Reporter: lambda row: of(row.person),
    m.SafeContact: lambda row: codes.name("contact_channel", row.channel),
    m.ContactAttempt: lambda row: codes.name("contact_channel", row.channel),
    m.Consent: _consent,
    m.Order: _order,
    m.OrderOfficer: lambda row: of(row.officer),
    m.Outreach: lambda row: of(row.order),
    m.Intervention: lambda row: codes.name("jenis_pelayanan", row.service),
    m.Referral: lambda row: of(row.partner),
    m.Invitation: _invitation,
    m.Termination: lambda row: codes.name("termination_reason", row.reason),
    m.Monitoring: _monitoring,
    m.LegalHold: _hold,
    m.RetentionClass: labelled,
    m.CodeItem: labelled,
    m.Setting: labelled,
}

# The relations a title reads, so that a list can load them for all of its rows at once.
READS: dict[type[Any], tuple[str, ...]] = {
    m.Victim: ("person",),
    m.Suspect: ("person",),
    m.Reporter: ("person",),
    m.Order: ("letter",),
    m.OrderOfficer: ("officer",),
    m.Outreach: ("order.letter",),
    m.Referral: ("partner",),
    m.Monitoring: ("victim.person",),
    m.LegalHold: ("case", "report", "complaint", "person"),
}
