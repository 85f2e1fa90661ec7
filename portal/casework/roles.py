"""A change of roles, and the activation of a new officer: one admin asks, another one decides.

Nothing changes before the decision. Whoever operates the server may add an officer alone
(`flask officer create`), which is in the log as well. A link for a password is part of it: with
it alone one signs in as somebody who has no second factor yet.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Decision, Officer, Role, RoleChange, RoleRequest
from portal.access import factors, links
from portal.casework import leaving
from portal.casework.lifecycle import Refused, lock
from portal.notices import all_in, tell
from portal.protection import audit
from portal.wording import _


def ask_for_role(
    session: Session, officer: Officer, actor: Officer, now: datetime, role: Role, reason: str
) -> RoleChange:
    """Ask for another role; raises Refused for oneself, for the role they have, for nothing new."""
    if role is officer.role:
        raise Refused(_("Petugas ini sudah mempunyai peran itu."))
    return _ask(session, officer, actor, now, RoleRequest.peran, role, reason)


def ask_for_activation(
    session: Session, officer: Officer, actor: Officer, now: datetime, reason: str | None = None
) -> RoleChange:
    """Ask that an officer who is not active may sign in."""
    if officer.active:
        raise Refused(_("Petugas ini sudah aktif."))
    return _ask(session, officer, actor, now, RoleRequest.aktivasi, officer.role, reason)


def _ask(
    session: Session,
    officer: Officer,
    actor: Officer,
    now: datetime,
    kind: RoleRequest,
    role: Role,
    reason: str | None,
) -> RoleChange:
    _refuse_others(actor, officer)
    if officer.id is not None and open_request(session, officer) is not None:
        raise Refused(_("Masih ada permintaan untuk petugas ini yang belum diputuskan."))
    change = RoleChange(
        officer=officer, kind=kind, role=role, reason=reason, asked_by=actor, asked_at=now
    )
    session.add(change)
    audit.record(session, "role_asked", actor, officer, kind=kind.value, role=role.value)
    tell(session, all_in(session, Role.admin), "role_asked", but=actor)
    return change


def _refuse_others(actor: Officer, officer: Officer) -> None:
    if not actor.active or actor.role is not Role.admin:
        raise Refused(_("Peran Anda tidak dapat melakukan tindakan ini."))
    if actor.id == officer.id:
        raise Refused(_("Anda tidak dapat mengubah peran Anda sendiri."))


def open_request(session: Session, officer: Officer) -> RoleChange | None:
    """What is asked for this officer and not decided yet."""
    waiting = (RoleChange.officer_id == officer.id, RoleChange.decision.is_(None))
    return session.scalar(select(RoleChange).where(*waiting))


def obstacles(change: RoleChange, officer: Officer) -> list[str]:
    """Why `officer` may not decide on this request; empty when they may."""
    if not officer.active or officer.role is not Role.admin:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if change.decision is not None:
        return [_("Permintaan ini sudah diputuskan.")]
    if officer.id in (change.asked_by_id, change.officer_id):
        return [_("Diputuskan oleh admin lain: bukan yang meminta dan bukan yang bersangkutan.")]
    return []


def officer_obstacles(officer: Officer, act: str, actor: Officer) -> list[str]:
    """Why `actor` may not disable, activate or move `officer` to another role; empty: they may."""
    if not actor.active or actor.role is not Role.admin:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if actor.id == officer.id:
        return [_("Diputuskan oleh admin lain, bukan oleh yang bersangkutan.")]
    if act == "activate":
        return [_("Petugas ini sudah aktif.")] if officer.active else []
    return [] if officer.active else [_("Petugas ini tidak aktif.")]


def decide(
    session: Session,
    change: RoleChange,
    actor: Officer,
    now: datetime,
    decision: Decision,
    version: int | None = None,
) -> None:
    """A second admin approves or refuses; only then the role changes or the officer signs in.

    Who changes roles hands over the open work of the old one, like a leaver.
    """
    lock(session, change, version)
    if sentences := obstacles(change, actor):
        raise Refused(*sentences)
    change.decision, change.decided_by, change.decided_at = decision, actor, now
    officer = change.officer
    if decision is Decision.approved and change.kind is RoleRequest.aktivasi:
        officer.active, officer.disabled_at = True, None
    elif decision is Decision.approved:
        leaving.hand_over_work(session, officer, actor, now)
        officer.role = change.role
        leaving.sign_no_more(session, officer, actor, now)
    said = {"kind": change.kind.value, "role": change.role.value, "to": decision.value}
    audit.record(session, "role_decided", actor, officer, **said)
    tell(session, [change.asked_by], "role_decided", but=actor)
    session.flush()


# --- the link for a password ----------------------------------------------------------------------


def link_obstacles(session: Session, officer: Officer, actor: Officer) -> list[str]:
    """Why `actor` may not issue a link for the password of `officer`; empty when they may.

    Whoever has no second factor yet is whoever opens the link first. So the admin who asked for
    the account or its role does not issue it, and no admin makes themselves a second one.
    """
    if not actor.active or actor.role is not Role.admin:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if not officer.active:
        return [_("Petugas ini tidak aktif.")]
    if actor.id == officer.id or factors.of(session, officer):
        return []
    if officer.role is Role.admin:
        return [_("Tautan untuk admin tanpa langkah kedua hanya dibuat oleh pengelola server.")]
    asked = (RoleChange.officer_id == officer.id, RoleChange.asked_by_id == actor.id)
    done = RoleChange.decision == Decision.approved
    if session.scalar(select(RoleChange.id).where(*asked, done).limit(1)) is not None:
        return [_("Anda yang meminta akun atau peran ini: tautannya dibuat oleh admin lain.")]
    return []


def issue_link(session: Session, officer: Officer, actor: Officer | None, now: datetime) -> str:
    """The token of a link with which `officer` sets a password; they and all admins are told.

    `actor` is None for the operator of the server. Raises Refused for an admin who may not.
    """
    if actor is not None and (sentences := link_obstacles(session, officer, actor)):
        raise Refused(*sentences)
    token = links.issue(session, officer, actor, now)
    tell(session, [officer, *all_in(session, Role.admin)], "link_issued", but=actor)
    return token
