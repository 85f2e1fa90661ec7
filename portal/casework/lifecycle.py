"""May this act be done, and the one place where a status changes.

`portal.casework.rules` says what leads where; `obstacles` asks it, `advance`
moves a case or a report along one rule, with its timeline and audit entry.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from models import Case, CaseEvent, CaseStatus, Letter, Officer, Report, ReportStatus, Versioned
from portal.casework import talk_follow
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES, Rule
from portal.protection import audit
from portal.wording import _

Subject = Case | Report


class Refused(Exception):
    """The act may not be done now; `sentences` say why, for the person who tried."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = list(sentences)


class Stale(Refused):
    """Somebody else changed the row since the form was opened."""


def rules_for(subject: Subject) -> dict[str, Rule]:
    """The rules that apply to this kind of row."""
    return CASE_RULES if isinstance(subject, Case) else REPORT_RULES


def obstacles(subject: Subject, act: str, officer: Officer) -> list[str]:
    """Why `officer` may not do `act` to `subject` now; empty when they may.

    The same sentences stand under a grey button and in a refusal. Raises
    KeyError for an act that does not exist.
    """
    rule = rules_for(subject)[act]
    if not officer.active or officer.role not in rule.who:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if subject.status not in rule.sources or subject.erased_at is not None:
        return [_("Tindakan ini tidak berlaku untuk keadaan sekarang.")]
    sentences = (require(subject, officer) for require in rule.requires)
    return [sentence for sentence in sentences if sentence]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act this officer could do here, and what stands in the way (nothing: go ahead)."""

    rule: Rule
    obstacles: list[str]


def offers(subject: Subject, officer: Officer) -> list[Offer]:
    """The acts that belong to this state and this officer's role, in the order of the rules."""
    rules = [one for one in rules_for(subject).values() if officer.role in one.who]
    here = [one for one in rules if subject.status in one.sources]
    offered = [Offer(one, obstacles(subject, one.act, officer)) for one in here]
    return [one for one in offered if not (one.rule.quiet and one.obstacles)]


# PostgreSQL's FOR NO KEY UPDATE: writers of the row wait, rows that only refer to it do not. A
# plain FOR UPDATE would stop whoever logs something about the case, and dead-lock with them.
WRITERS_WAIT: dict[str, Any] = {"key_share": True}


def lock(session: Session, subject: Versioned, version: int | None = None) -> None:
    """Lock the row until the end of the transaction; with `version`, refuse a stale form.

    Raises Stale when the row has changed since `version` was shown. Unflushed
    changes are flushed first, or the refresh would throw them away.
    """
    session.flush()
    try:
        session.refresh(subject, with_for_update=WRITERS_WAIT)
    except InvalidRequestError:  # out of this officer's sight since it was fetched
        raise Stale(_("Data ini baru saja diambil atau diputuskan petugas lain.")) from None
    if version is not None and subject.version_id != version:
        raise Stale(_("Data ini baru saja diubah petugas lain. Periksa keadaan terbaru dahulu."))


def permit(
    session: Session, subject: Subject, act: str, actor: Officer, version: int | None = None
) -> Rule:
    """Lock `subject` and return the rule of `act`; raises Refused or Stale if it may not be."""
    lock(session, subject, version)
    return ask(subject, act, actor)


def ask(subject: Subject, act: str, actor: Officer) -> Rule:
    """The rule of `act` if nothing stands in its way; raises Refused. Locks nothing yet."""
    sentences = obstacles(subject, act, actor)
    if sentences:
        raise Refused(*sentences)
    return rules_for(subject)[act]


def advance(
    session: Session,
    subject: Subject,
    rule: Rule,
    actor: Officer | None,
    now: datetime,
    *,
    note: str | None = None,
    letter: Letter | None = None,
) -> CaseEvent:
    """Move `subject` along `rule`: status, timeline and audit entry together.

    `note` is the written reason; a rule that needs one is refused without it.
    """
    if rule.needs_reason and not (note or "").strip():
        raise Refused(_("Tuliskan alasannya."))
    before = subject.status
    _set_status(subject, rule, now, note)
    event = CaseEvent(
        at=now,
        kind=rule.act,
        actor=actor,
        from_status=before.value,
        to_status=subject.status.value,
        note=note,
        letter=letter,
        case=subject if isinstance(subject, Case) else None,
        report=subject if isinstance(subject, Report) else None,
    )
    session.add(event)
    audit.record(session, "act", actor, subject, act=rule.act, to=subject.status.value)
    talk_follow.follow(session, subject, rule.act)
    session.flush()
    return event


WITH_REASON = {CaseStatus.returned, CaseStatus.rejected, CaseStatus.referred}


def _set_status(subject: Subject, rule: Rule, now: datetime, note: str | None) -> None:
    if rule.target is None:
        return
    if isinstance(subject, Case):
        subject.status = CaseStatus(rule.target)
        subject.status_since = now
        subject.status_reason = note if rule.target in WITH_REASON else None
        subject.closed_at = now if rule.target is CaseStatus.closed else None
    else:
        subject.status = ReportStatus(rule.target)
