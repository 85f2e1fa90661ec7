"""Conversations follow the work: whoever is in charge of a report has its conversation, and nobody
who has left or must not meet a matter keeps one.

Called by the acts on reports and cases (`lifecycle.advance`), by leaving and by exclusion.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Case,
    CaseStatus,
    Conversation,
    ConversationLink,
    Direction,
    Message,
    Officer,
    Report,
    ReportStatus,
    Role,
    TalkState,
)
from portal.access import scope
from portal.casework.threads import family, note
from portal.notices import tell_on_duty
from portal.protection import audit
from portal.wording import _

# A sentence that ends with a name that ends with a title: "Diambil Sari Wulandari, S.Sos.."
TWO_DOTS = re.compile(r"(?<!\.)\.\.(?=\s|$)")

INTAKE = (Role.petugas, Role.supervisor)
UNDECIDED = {CaseStatus.identified, CaseStatus.returned}
OPEN = {ReportStatus.new, ReportStatus.in_progress}
# Acts after which somebody else is in charge.
PASSES_ON = {
    *("take", "forward", "accept_forward", "identify", "join", "resume", "approve", "hand_over"),
    *("reopen", "return", "withdraw_order"),
}


def happened(
    session: Session,
    talk: Conversation,
    act: str,
    officer: Officer | None,
    text: str,
    now: datetime,
) -> None:
    """A line between the messages, and an entry of the log."""
    note(session, talk, None, TWO_DOTS.sub(".", text), now)
    audit.record(session, "talk_act", officer, talk, act=act)
    session.flush()


def give(session: Session, talk: Conversation, to: Officer | None) -> None:
    """Whose it is from here on, everything that was merged into it included."""
    with scope.system(session):
        for one in family(session, talk):
            one.owner = to
            if one.state is TalkState.new and to is not None:
                one.state = TalkState.open
            elif one.state in (TalkState.open, TalkState.waiting) and to is None:
                one.state = TalkState.new
        session.flush()


# --- with its report ----------------------------------------------------------------------------


def in_charge(session: Session, report: Report) -> Officer | None:
    """Who works on a report and can open it and its conversation: owner, identifier or counsellor,
    as far as it has come; None where that is nobody in particular."""
    case = report.case
    if case is None:
        working = report.owner
    else:
        working = case.identified_by if case.status in UNDECIDED else case.counsellor
    if working is None or not scope.sees(session, working, report):
        return None
    said = select(Conversation).where(Conversation.report_id == report.id)
    with scope.system(session):  # it may be about another matter besides that they are kept from
        talk = session.scalar(said)
    return working if talk is None or scope.sees(session, working, talk) else None


def unanswered_since(session: Session, talk: Conversation) -> datetime | None:
    """When the first message came that nobody answered; None where nobody waits."""
    here, way = Message.conversation_id == talk.id, Message.direction
    answered = session.scalar(select(func.max(Message.id)).where(here, way == Direction.keluar))
    waiting = select(func.min(Message.created_at))
    return session.scalar(waiting.where(here, way == Direction.masuk, Message.id > (answered or 0)))


def follow(session: Session, subject: Case | Report, act: str) -> None:
    """After `act` the conversations of a report, or of a case's reports, are where they belong.

    A report that was decided ends its conversation, unless the reporter waits for an answer.
    """
    with scope.system(session):
        for report in [subject] if isinstance(subject, Report) else list(subject.reports):
            if report.conversation is not None:
                _settle(session, report, report.conversation, act)


def _settle(session: Session, report: Report, talk: Conversation, act: str) -> None:
    if act in PASSES_ON:
        session.flush()
        give(session, talk, in_charge(session, report))
    if report.status in OPEN:
        if talk.state is TalkState.done:
            talk.state = TalkState.open if talk.owner_id else TalkState.new
    elif talk.state is not TalkState.done:
        talk.waiting_since = unanswered_since(session, talk)
        if talk.waiting_since is None:
            talk.state = TalkState.done
            talk.snooze_until = talk.snooze_reason = None


def before_hearing(session: Session, report: Report, talk: Conversation) -> None:
    """The reporter writes: it comes to whoever is in charge now, not to who once was."""
    with scope.system(session):
        if talk.owner is None or not scope.sees(session, talk.owner, talk):
            give(session, talk, in_charge(session, report))


# --- without an officer -------------------------------------------------------------------------


def release(session: Session, leaver: Officer, now: datetime) -> int:
    """Whatever conversations somebody who leaves had wait for a colleague; how many there were.

    Those of reports go where the reports went.
    """
    with scope.system(session):
        theirs = select(Conversation).where(Conversation.owner_id == leaver.id)
        found = list(session.scalars(theirs.order_by(Conversation.id)))
        for talk in found:
            _without(session, talk, now)
    return len(found)


def _without(session: Session, talk: Conversation, now: datetime) -> None:
    heir = in_charge(session, talk.report) if talk.report is not None else None
    if heir is not None and heir.id != talk.owner_id:
        give(session, talk, heir)
        return
    give(session, talk, None)
    note(session, talk, None, _("Kembali ke antrean: petugasnya tidak lagi memegangnya."), now)
    if talk.state is not TalkState.done and talk.merged_into_id is None:
        tell_on_duty(session, INTAKE, "talk_returned", now, conversation=talk)


def release_about(
    session: Session, subject: Case | Report, kept: Iterable[Officer], now: datetime
) -> None:
    """Officers who must not meet `subject` do not keep the conversations that are about it."""
    reports = [subject.id] if isinstance(subject, Report) else [one.id for one in subject.reports]
    cases = [subject.id] if isinstance(subject, Case) else []
    linked = select(ConversationLink.conversation_id).where(
        ConversationLink.case_id.in_(cases) | ConversationLink.report_id.in_(reports)
    )
    own = Conversation.report_id.in_(reports)
    wanted = select(Conversation).where(
        Conversation.owner_id.in_([one.id for one in kept]), Conversation.id.in_(linked) | own
    )
    with scope.system(session):
        for talk in list(session.scalars(wanted)):
            _without(session, talk, now)


def release_kept(session: Session, talk: Conversation, now: datetime) -> None:
    """Its officer must not meet what it turned out to be about: it waits for a colleague."""
    if talk.owner is not None and not scope.sees(session, talk.owner, talk):
        with scope.system(session):
            _without(session, talk, now)
