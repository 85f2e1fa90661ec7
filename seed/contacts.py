"""Attempts to reach the people of a demo case: let through, held back, or made with a reason."""

from models import Case, ContactState
from portal.casework import contact
from portal.casework.contact_words import OUTGOING
from seed import texts
from seed.services import leader
from seed.stage import Stage

EVERY = 3


def tried(stage: Stage, case: Case, number: int) -> None:
    """In every third case the counsellor reaches for the telephone, whatever was agreed."""
    if number % EVERY:
        return
    reports = [report for report in case.reports if report.reporter]
    person = reports[0].reporter.person if reports and reports[0].reporter else None
    if person is None:
        return
    agreed = person.safe_contact.channel if person.safe_contact else ""
    wanted = agreed if agreed in OUTGOING and number % 2 else "telepon"
    reason = texts.CONTACT_REASON if number % (2 * EVERY) else None
    officer, now = leader(case), stage.now
    try:
        attempt = contact.permit(stage.session, person, wanted, officer, now, reason, about=case)
    except contact.NotPermitted as held:
        wish = contact.Wish(person, wanted, officer, now, case)
        contact.refuse(stage.session, wish, held.obstacles)
        return
    told = "tersambung" if attempt.state is ContactState.permitted else "tidak_dijawab"
    contact.conclude(stage.session, attempt, officer, told, texts.CONTACT_OUTCOME)
