"""What a consent lets out to a partner (UU 27/2022 art. 20), and what stays in the house."""

from models import Consent, PartnerInstitution, Referral, Victim
from portal.wording import _

SHARING = "sharing"


def against(consent: Consent, partner: PartnerInstitution) -> str:
    """Why nothing may be shared with `partner` on this consent; "" where something may."""
    if SHARING in consent.withdrawn or consent.withdrawn_at is not None:
        return _("Persetujuan ini sudah dicabut.")
    if not consent.for_sharing or (consent.partners and partner not in consent.partners):
        return _("Persetujuan ini tidak mencakup lembaga tersebut.")
    return ""


def refusal(referral: Referral) -> str:
    """Why nothing may be shared for `referral`; "" where a consent or a recorded basis allows it.

    A legal basis stands by itself; a consent must be the victim's own.
    """
    consent = referral.consent
    if referral.legal_basis:
        return ""
    if consent is None or consent.victim_id != referral.victim_id:
        return _("Pilih persetujuan korban, atau isi dasar hukum tanpa persetujuan.")
    return against(consent, referral.partner)


def withheld(victim: Victim) -> bool:
    """Whether the victim asked to keep something back, in words that no rule can read.

    Then a letter says no more of them than initials.
    """
    return any((one.withhold or "").strip() for one in victim.consents)
