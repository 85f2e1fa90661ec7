"""What a victim agreed to, what they took back, and what then stops (UU 27/2022 art. 9, 20, 40).

A consent says what holds now; what was taken back is remembered beside it and never comes to
hold again: whoever changes their mind gives a new one. Taken back, it stops services that rest
on it, referrals and any other sharing, and counting in statistics.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models import Case, CaseEvent, Consent, Officer, Referral, ReferralState, Report, Victim
from portal import notices
from portal.casework.lifecycle import Refused, lock
from portal.indonesia import dates
from portal.letters.sharing import SHARING
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

SERVICES, STATISTICS = "services", "statistics"
# purpose → its column, what people call it
FLAGS = {SERVICES: "for_services", SHARING: "for_sharing", STATISTICS: "for_statistics"}
PURPOSES = {
    SERVICES: _l("Layanan"),
    SHARING: _l("Dibagikan kepada lembaga"),
    STATISTICS: _l("Statistik tanpa identitas"),
}
OPEN_REFERRALS = (ReferralState.diajukan, ReferralState.diterima)


@dataclass(frozen=True)
class Withdrawal:
    """What is taken back; the day it was said, by whom and how, in words the office uses."""

    purposes: Collection[str]
    told_on: date
    told_by: str
    told_via: str
    reason: str | None = None


def held(consent: Consent) -> list[str]:
    """The purposes that a consent still covers."""
    return [purpose for purpose, flag in FLAGS.items() if getattr(consent, flag)]


def obstacles(consent: Consent) -> list[str]:
    """Why nothing of a consent can be taken back; empty when something can."""
    if not held(consent):
        return [_("Tidak ada lagi yang dapat dicabut dari persetujuan ini.")]
    return []


def withdraw(
    session: Session,
    consent: Consent,
    actor: Officer,
    now: datetime,
    said: Withdrawal,
    version: int | None = None,
) -> None:
    """Take back all or part of a consent; who leads the case and who referred is told.

    Raises Refused for a purpose that does not hold, for none, and for a day still to come.
    """
    lock(session, consent, version)
    _check(consent, said, dates.local_date(now))
    for purpose in said.purposes:
        setattr(consent, FLAGS[purpose], False)
    consent.withdrawn = [*consent.withdrawn, *(p for p in PURPOSES if p in said.purposes)]
    consent.withdrawn_at = None if held(consent) else now
    note = _note(said)
    consent.withdrawal_note = "\n".join(part for part in (consent.withdrawal_note, note) if part)
    victim = consent.victim
    event = CaseEvent(at=now, kind="consent_withdrawn", actor=actor, note=note)
    event.case, event.report = victim.case, None if victim.case else victim.report
    session.add(event)
    purposes = sorted(said.purposes)
    audit.record(session, "consent_withdrawn", actor, consent, purposes=purposes)
    _tell(session, consent, actor)
    session.flush()


def _check(consent: Consent, said: Withdrawal, today: date) -> None:
    if stops := obstacles(consent):
        raise Refused(*stops)
    if not said.purposes or not set(said.purposes) <= set(held(consent)):
        raise Refused(_("Pilih yang dicabut dari yang masih berlaku."))
    if said.told_on > today:
        raise Refused(_("Tanggal ini belum terjadi."))


def _note(said: Withdrawal) -> str:
    what = ", ".join(str(text).lower() for code, text in PURPOSES.items() if code in said.purposes)
    told = _(
        "Dicabut: %(what)s. Disampaikan %(day)s oleh %(who)s, %(how)s.",
        what=what,
        day=dates.long_date(said.told_on),
        who=said.told_by.lower(),
        how=said.told_via.lower(),
    )
    return f"{told} {said.reason}" if said.reason else told


def _tell(session: Session, consent: Consent, actor: Officer) -> None:
    """Who leads the case, and who made the referrals that rested on what was taken back."""
    case = consent.victim.case
    if case is None:
        return
    concerned = [case.counsellor, *(one.officer for one in open_referrals(session, consent))]
    notices.tell(session, concerned, "consent_withdrawn", case=case, but=actor)


def open_referrals(session: Session, consent: Consent) -> list[Referral]:
    """Referrals on this consent that the partner has not finished or refused."""
    mine = select(Referral).where(
        Referral.consent_id == consent.id, Referral.state.in_(OPEN_REFERRALS)
    )
    return list(session.scalars(mine.order_by(Referral.id)))


# --- what follows ---------------------------------------------------------------------------


def stopped(victim: Victim, purpose: str) -> bool:
    """Whether a victim took `purpose` back and has neither agreed anew nor a legal basis stands."""
    taken_back = any(purpose in one.withdrawn for one in victim.consents)
    still = any(getattr(one, FLAGS[purpose]) or one.legal_basis for one in victim.consents)
    return taken_back and not still


def counted(victim: Victim) -> bool:
    """Whether a victim may stand in non-identifiable statistics: not asked, or asked and agreed."""
    asked = [one for one in victim.consents if one.given_on]
    return not asked or any(one.for_statistics for one in asked)


def counted_condition() -> ColumnElement[bool]:
    """`counted` as a condition on rows of `Victim`."""
    asked = Victim.consents.any(Consent.given_on.is_not(None))
    agreed = Victim.consents.any(Consent.given_on.is_not(None) & Consent.for_statistics)
    return or_(~asked, agreed)


def rests_on_nothing(referral: Referral) -> bool:
    """Whether an open referral has lost the consent it was made on."""
    consent = referral.consent
    lost = consent is not None and SHARING in consent.withdrawn and not consent.for_sharing
    return lost and not referral.legal_basis and referral.state in OPEN_REFERRALS


def warnings(row: object) -> list[str]:
    """Sentences for the page of a victim, case, report, consent or referral; nobody is named."""
    if isinstance(row, Referral):
        return [str(LOST)] if rests_on_nothing(row) else []
    victims = row.victims if isinstance(row, Case | Report) else [row]
    found = [_of_victim(one) for one in victims if isinstance(one, Victim)]
    lost = [one for one in row.referrals if rests_on_nothing(one)] if isinstance(row, Case) else []
    return [sentence for sentence in found if sentence] + ([str(LOST)] if lost else [])


LOST = _l(
    "Rujukan yang masih berjalan kehilangan dasarnya: persetujuan untuk berbagi telah dicabut. "
    "Hentikan berbagi, beri tahu lembaganya, dan catat hasilnya."
)


def _of_victim(victim: Victim) -> str:
    gone = [str(text).lower() for code, text in PURPOSES.items() if stopped(victim, code)]
    if not gone:
        return ""
    return _("Persetujuan seorang korban telah dicabut untuk: %(what)s.", what=", ".join(gone))
