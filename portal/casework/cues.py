"""Reading help: words that ask for haste raise what they stand in, and an officer judges them.

The rules are rows (`Cue`), read once and kept ready while they stay the same. A finding keeps the
words as they were written. It only raises the conversation; rejecting takes that back when nothing
else holds it, and how often a rule was right or wrong is counted for whoever edits the rules.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from models import Conversation, Cue, CueFinding, Message, Officer, Report
from portal.access import scope
from portal.casework.cue_words import Found, Reader, Rule
from portal.casework.threads import family, whole
from portal.protection import audit

MOST_FINDINGS, LONGEST_WORDS = 20, 200


class Count(NamedTuple):
    """How often a rule found something, and what officers said of it."""

    hits: int
    accepted: int
    rejected: int


# --- reading --------------------------------------------------------------------------------------


def read(session: Session, item: Message | Report, became: str | None = None) -> list[CueFinding]:
    """Look for urgent words in a message or a report's narrative, and raise it where there are any.

    Reading the same twice finds nothing twice. A report that says somebody is in danger now is
    raised without any words. The caller commits.

    Args:
        became: what a message says since it was edited.
    """
    session.flush()
    text = item.body if isinstance(item, Message) else item.narrative
    found = reader(session).read((became or text) or "")[:MOST_FINDINGS]
    new = [_finding(item, one) for one in _unknown(session, item, found)]
    session.add_all(new)
    talk = _talk(session, item)
    if talk is not None and (new or (isinstance(item, Report) and item.danger_now)):
        talk.urgent = True
    session.flush()
    return new


def reader(session: Session) -> Reader:
    """Whatever reads with the rules that are in force now."""
    wanted = select(Cue.id, Cue.category, Cue.pattern).where(Cue.active).order_by(Cue.id)
    return _prepared(tuple((one.id, one.category, one.pattern) for one in session.execute(wanted)))


@lru_cache(maxsize=4)
def _prepared(rules: tuple[tuple[int, str, str], ...]) -> Reader:
    return Reader(Rule(*one) for one in rules)


def _finding(item: Message | Report, one: Found) -> CueFinding:
    made = CueFinding(
        cue_id=one.rule.id, category=one.rule.category, words=one.words[:LONGEST_WORDS]
    )
    if isinstance(item, Message):
        made.message = item
    else:
        made.report = item
    return made


def _unknown(session: Session, item: Message | Report, found: Sequence[Found]) -> list[Found]:
    if not found:
        return []
    of = CueFinding.message_id if isinstance(item, Message) else CueFinding.report_id
    with scope.system(session):
        known = set(session.scalars(select(CueFinding.cue_id).where(of == item.id)))
    return [one for one in found if one.rule.id not in known]


def _talk(session: Session, item: Message | Report) -> Conversation | None:
    """The conversation that is raised: the one officers see, where several were merged."""
    if item.conversation is None:
        return None
    with scope.system(session):
        return whole(item.conversation)[-1]


# --- judging --------------------------------------------------------------------------------------


def of_message(message: Message) -> list[str]:
    """The words that still ask for haste: what a page marks."""
    return [one.words for one in message.findings if one.accepted is not False]


def of_report(session: Session, report: Report) -> list[CueFinding]:
    """What was found in the narrative of a report."""
    return list(
        session.scalars(select(CueFinding).filter_by(report_id=report.id).order_by(CueFinding.id))
    )


def decide(
    session: Session, finding: CueFinding, officer: Officer, accepted: bool, now: datetime
) -> None:
    """Say whether the words are urgent indeed; whoever decides later decides anew."""
    finding.accepted, finding.decided_by, finding.decided_at = accepted, officer, now
    audit.record(
        session, "cue_decided", officer, finding, category=finding.category, accepted=accepted
    )
    session.flush()
    item = finding.message or finding.report
    talk = _talk(session, item) if item else None
    if talk is not None:
        talk.urgent = accepted or holds(session, talk)
    session.flush()


def holds(session: Session, talk: Conversation) -> bool:
    """Whether anything that was not rejected keeps the thread of a conversation urgent."""
    with scope.system(session):
        thread = family(session, talk)
        if any(one.report is not None and one.report.danger_now for one in thread):
            return True
        said = Message.conversation_id.in_([one.id for one in thread])
        told = [one.report_id for one in thread if one.report_id is not None]
        about = or_(CueFinding.message.has(said), CueFinding.report_id.in_(told))
        standing = select(CueFinding.id).where(about, CueFinding.accepted.is_not(False))
        return session.scalar(standing.limit(1)) is not None


def counts(session: Session) -> dict[int, Count]:
    """By key of a cue, what became of its findings; figures alone, of everything there is."""
    rejected = func.sum(case((CueFinding.accepted.is_(False), 1), else_=0))
    accepted = func.sum(case((CueFinding.accepted.is_(True), 1), else_=0))
    wanted = select(CueFinding.cue_id, func.count(), accepted, rejected)
    wanted = wanted.where(CueFinding.cue_id.is_not(None)).group_by(CueFinding.cue_id)
    with scope.system(session):
        return {key: Count(*figures) for key, *figures in session.execute(wanted)}
