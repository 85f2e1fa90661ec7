"""How long a certificate still serves, and how far a letter is, as lists and pages show it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from models import Letter, LetterStep, SigningCertificate
from portal import labels
from portal.casework import signing_certificates
from portal.indonesia import dates
from portal.screens import links
from portal.wording import _

EXPORT = "export"


def _state(row: SigningCertificate, style: str) -> Any:
    """In force, ending soon, over or withdrawn."""
    text, tone = _told(row, datetime.now(UTC))
    return text if style == EXPORT else links.badge(text, tone)


def _told(row: SigningCertificate, now: datetime) -> tuple[str, str]:
    if row.withdrawn_at is not None:
        return _("dicabut"), "neutral"
    if row.valid_until is not None and row.valid_until < now:
        return _("kedaluwarsa"), "danger"
    if signing_certificates.ends_soon(row, now):
        left = max((row.valid_until - now).days, 0) if row.valid_until else 0
        return _("berakhir dalam %(n)s hari", n=left), "warning"
    return _("berlaku"), "success"


def _steps(row: Letter, style: str) -> Any:
    """Paraf and signature in their order: by whom, when and how; a reason why not."""
    told = [_step(one) for one in row.steps]
    return "; ".join(told) if style == EXPORT else Markup("<br>").join(told) or None


def _step(step: LetterStep) -> str:
    who = f"{labels.label(step.part)}: {step.officer.name}"
    if step.done_at and step.method:
        how = (dates.moment(step.done_at), labels.label(step.method), step.certificate)
        return ", ".join((who, *(part for part in how if part)))
    if step.returned_at:
        when = dates.moment(step.returned_at)
        return _(
            "%(who)s, dikembalikan %(when)s: %(why)s", who=who, when=when, why=step.return_reason
        )
    return _("%(who)s, belum", who=who)


def _scans(row: Letter, style: str) -> Any:
    """What was signed by hand, as far as this officer may open it."""
    if style == EXPORT:
        return None
    return Markup("<br>").join(links.link(one, one.filename) for one in row.scans) or None


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "SigningCertificate.in_force": _state,
    "Letter.signing": _steps,
    "Letter.signed_scans": _scans,
}
