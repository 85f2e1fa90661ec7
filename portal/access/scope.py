"""Which rows an officer meets, put under every statement of the session.

One listener adds the viewer's conditions to every ORM statement: lists,
counts, look-ups by id, related rows, exports, updates. A session without a
viewer meets no personal row at all. `portal.access.reach` says what the
conditions are made of.

Intake sees reports nobody has taken, its own until identification, and what was returned to
it; ordered officers, counsellors, companions and whoever gives a service see their cases;
supervisors see reports without a case, what waits for a supervisor, and what they decided on;
the head only letters addressed to or signed by them; `admin` and auditor no case at all (need
to know, UU 27/2022 art. 16). A case can be granted besides (`AccessGrant`); an `Exclusion`
lies beneath everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, event, false, func, select, true, union_all
from sqlalchemy.orm import ORMExecuteState, Session

import models as m
from models import Base, Officer, Role
from portal.access import reach, reach_talks, work
from portal.access.reach import Membership, Reach, Rule
from portal.access.scope_option import ScopeOption

Condition = ColumnElement[bool]
T = TypeVar("T", bound=Base)


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf a session reads: an officer, or the system itself.

    Of who meets a large part of all rows `each` row is asked; to others all of theirs are told.
    """

    officer_id: int | None = None
    role: Role | None = None
    system: bool = False
    each: bool = False


SYSTEM = Viewer(system=True)
NOBODY = Viewer()


class NotVisible(LookupError):
    """The row does not exist for this officer (they must not learn the difference)."""


SCOPES: dict[type[Base], Rule] = {
    m.Officer: reach.for_roles(*Role),
    m.OfficerSession: reach.own,
    m.SecondFactor: reach.own,
    m.OfficerLink: reach.for_roles(),
    m.SignInDelay: reach.for_roles(),
    m.Case: reach.cases,
    m.Report: reach.reports,
    m.Person: reach.persons,
    m.SafeContact: reach.by_person,
    m.Reporter: reach.in_reports,
    m.Correspondent: reach_talks.correspondents,
    m.Alias: reach_talks.by_correspondent,
    m.Conversation: reach_talks.talks,
    m.ConversationLink: reach_talks.in_talks,
    m.Seat: reach_talks.in_talks,
    m.Message: reach_talks.in_talks,
    m.MessageMark: reach.for_roles(),
    m.Sending: reach_talks.by_message,
    m.RemoteFile: reach_talks.by_message,
    m.ChannelDelivery: reach.for_roles(Role.admin),
    m.ChannelItem: reach.for_roles(Role.admin),
    m.Call: reach_talks.in_talks,
    m.Visit: reach.visits,
    m.CueFinding: reach_talks.findings,
    m.SurveyAnswer: reach.for_roles(Role.supervisor, Role.pimpinan),
    m.ClockPause: reach.in_reports,
    m.ClockAlarm: reach.for_roles(Role.supervisor),
    m.Duty: reach.for_roles(*Role),
    m.HandOver: reach.for_roles(Role.petugas, Role.supervisor),
    m.Draft: reach.own,
    m.ServiceComplaint: reach.for_roles(Role.petugas, Role.supervisor, Role.pimpinan),
    m.Victim: reach.in_either,
    m.Suspect: reach.in_either,
    m.Consent: reach.by_victim,
    m.CaseEvent: reach.in_either,
    m.ContactAttempt: reach_talks.in_any,
    m.Order: reach.in_cases,
    m.OrderOfficer: reach.by_order,
    m.Outreach: reach.in_cases,
    m.Intervention: reach.in_cases,
    m.Referral: reach.in_cases,
    m.Termination: reach.in_cases,
    m.Monitoring: reach.in_cases,
    m.Letter: reach.letters,
    m.LetterFile: reach.of_letters,
    m.LetterStep: reach.of_letters,
    m.Invitation: reach.in_cases,
    m.Signatory: reach.for_roles(Role.supervisor, Role.pimpinan, Role.admin),
    m.SigningCertificate: reach.certificates,
    m.Attachment: reach_talks.files,
    m.DataRequest: reach.requests,
    m.LegalHold: reach.holds,
    m.PastVictim: reach.for_roles(Role.supervisor, Role.pimpinan),
    m.Erasure: reach.for_roles(Role.supervisor, Role.admin, Role.auditor),
    m.Breach: reach.for_roles(Role.supervisor, Role.pimpinan, Role.admin),
    m.AuditEntry: reach.log,
    m.AuditHead: reach.for_roles(Role.auditor),
    m.AuditKey: reach.for_roles(),
    m.Notice: reach_talks.notices,
    m.Job: reach.for_roles(Role.admin),
    m.PersonToken: reach.for_roles(),
    m.ComplaintToken: reach.for_roles(),
    m.Exclusion: reach.in_either,
    m.AccessGrant: reach.grants,
    m.RoleChange: reach.for_roles(Role.admin),
}
OPEN: frozenset[type[Base]] = frozenset(
    {
        m.CodeItem,
        m.Region,
        m.PartnerInstitution,
        m.DayOff,
        m.Setting,
        m.RetentionClass,
        m.RegisterCounter,
        m.Logo,
        m.ConsentPartner,
        m.ChannelCursor,
        m.CannedAnswer,
        m.Cue,
    }
)


def condition(
    model: type[Base],
    viewer: Viewer,
    among: Membership = reach.listed,
    me: BindParameter[int] | None = None,
) -> Condition:
    """The SQL condition under which `viewer` meets rows of `model`; `me` stands for their number.

    Raises KeyError for a table that is neither scoped nor declared open.
    """
    if viewer.system or model in OPEN:
        return true()
    rule = SCOPES[model]
    if viewer.officer_id is None or viewer.role is None:
        return false()
    return rule(model, Reach(viewer.officer_id if me is None else me, viewer.role, among))


def viewer_of(officer: Officer | None) -> Viewer:
    """The viewer that `officer` is; nobody when signed out or disabled."""
    if officer is None or not officer.active:
        return NOBODY
    return Viewer(officer.id, officer.role)


def view_as(session: Session, officer: Officer | None) -> None:
    """From here on `session` shows what `officer` may see (nothing when None)."""
    viewer = viewer_of(officer)
    many = viewer.role is Role.supervisor and _meets_many(session, viewer)
    session.info["viewer"] = replace(viewer, each=many)


MANY = 2_000


def _meets_many(session: Session, viewer: Viewer) -> bool:
    """Whether so much waits for this supervisor, or was decided by them, that a list of it all
    would be slow."""
    keys = reach.case_keys(Reach(viewer.officer_id or 0, Role.supervisor, reach.listed))
    some = union_all(*keys).limit(MANY).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) >= MANY


def visible(model: type[Base], officer: Officer | None) -> Condition:
    """`condition` for an officer: for the few rows that a statement names itself."""
    return condition(model, viewer_of(officer), reach.asked)


@contextmanager
def system(session: Session) -> Iterator[None]:
    """Read without a scope inside the block: jobs, receipts, numbers, old-or-new answers.

    Whatever is shown to a person afterwards must be chosen by a rule of its own.
    """
    with _looking(session, SYSTEM):
        yield


@contextmanager
def _looking(session: Session, viewer: Viewer) -> Iterator[None]:
    before = session.info.get("viewer", NOBODY)
    session.info["viewer"] = viewer
    try:
        yield
    finally:
        session.info["viewer"] = before


def sees(session: Session, officer: Officer | None, row: Base) -> bool:
    """Whether `officer` meets this one stored row; whoever the session looks for otherwise."""
    model: Any = type(row)
    wanted = select(model.id).where(model.id == row.id)  # type: ignore[attr-defined]
    with _looking(session, replace(viewer_of(officer), each=True)):
        return session.scalar(wanted) is not None


def keeps(session: Session, officer: Officer, case: m.Case) -> bool:
    """Whether `officer` meets this case by their work, not by an emergency access alone."""
    viewer = viewer_of(officer)
    if viewer.officer_id is None or viewer.role is None:
        return False
    met = reach.lasting(m.Case, Reach(viewer.officer_id, viewer.role, reach.asked))
    with system(session):
        return session.scalar(select(m.Case.id).where(m.Case.id == case.id, met)) is not None


def answers_for(supervisor: Officer) -> Condition:
    """The cases a supervisor has decided something on, whoever else waits for a decision."""
    return reach.listed(m.Case.id, work.answered(supervisor.id))


def fetch(session: Session, model: type[T], row_id: int) -> T:
    """The row with this id if the session's viewer meets it.

    Raises NotVisible otherwise: absent and forbidden look the same.
    """
    row = session.scalar(select(model).filter_by(id=row_id))
    if row is None:
        raise NotVisible(model.__tablename__)
    return row


# --- under every statement --------------------------------------------------------------------


@lru_cache(maxsize=512)
def option(viewer: Viewer, among: Membership) -> ScopeOption:
    """What is put under a statement of `viewer`.

    Writing the conditions of one officer down takes a tenth of a second: each is written once.
    """
    return ScopeOption(
        (viewer.role, among),
        viewer.officer_id,
        SCOPES,
        lambda model, me: condition(model, viewer, among, me),
    )


def _put_under(state: ORMExecuteState) -> None:
    viewer = state.session.info.get("viewer", NOBODY)
    if viewer.system or state.is_column_load:
        return
    each = state.is_relationship_load or viewer.each
    among = reach.asked if each else reach.listed
    state.statement = state.statement.options(option(replace(viewer, each=False), among))


def attach(session_class: Any) -> None:
    """Put the scope under every ORM statement of sessions made by `session_class`."""
    if not event.contains(session_class, "do_orm_execute", _put_under):
        event.listen(session_class, "do_orm_execute", _put_under)
