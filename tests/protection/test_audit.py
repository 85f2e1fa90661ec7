"""The audit log's vocabulary and its place in the transaction."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Case, CaseStatus, Intervention, Officer, Risk
from portal.protection import audit
from tests.support.cast import Cast

PORTAL = Path(audit.__file__).parent.parent


@pytest.fixture
def sari(cast: Cast) -> Officer:
    return cast.sari


def _case(officer: Officer) -> Case:
    now = datetime.now(UTC)
    return Case(
        number="K-1",
        status=CaseStatus.identified,
        status_since=now,
        opened_at=now,
        risk=Risk.sedang,
        identified_by=officer,
    )


def _last(session: Session) -> AuditEntry:
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_an_entry_says_who_did_what_to_which_row(session: Session, sari: Officer) -> None:
    case = _case(sari)
    session.add(case)
    audit.record(
        session,
        "changed",
        sari,
        case,
        fields=["risk"],
    )
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.actor_id, entry.subject_table) == ("changed", sari.id, "case")
    assert (entry.subject_id, entry.case_id) == (case.id, case.id)
    assert audit.details_of(entry) == {"fields": ["risk"]}


def test_what_belongs_to_a_case_is_found_with_it(session: Session, sari: Officer) -> None:
    case = _case(sari)
    session.add(case)
    session.flush()
    service = Intervention(case_id=case.id, service="kesehatan")
    session.add(service)
    audit.record(session, "viewed", sari, service)
    session.commit()
    assert _last(session).case_id == case.id


def test_details_are_sealed(session: Session, sari: Officer) -> None:
    audit.record(session, "searched", sari, table="case", found="kelurahan")
    session.commit()
    stored = session.scalar(text("SELECT details FROM audit_entry"))
    assert b"kelurahan" not in bytes(stored)


def test_an_entry_goes_with_its_transaction(session: Session, sari: Officer) -> None:
    audit.record(session, "sign_out", sari)
    session.rollback()
    assert not session.scalars(select(AuditEntry)).all()


def test_dates_and_codes_can_be_details(session: Session, sari: Officer) -> None:
    audit.record(session, "act", sari, act="approve", to=date(2026, 11, 24))
    session.commit()
    assert audit.details_of(_last(session)) == {"act": "approve", "to": "2026-11-24"}


def test_without_an_actor_it_was_the_public(session: Session) -> None:
    audit.record(session, "message_received", None)
    session.commit()
    assert _last(session).actor_id is None


def test_an_unknown_event_raises(session: Session) -> None:
    with pytest.raises(ValueError, match="no audit event"):
        audit.record(session, "teleported", None)


@pytest.mark.parametrize("details", [{}, {"act": "approve"}, {"act": "a", "to": "b", "nik": "1"}])
def test_an_event_carries_exactly_its_details(session: Session, details: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="exactly"):
        audit.record(session, "act", None, **details)


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in [*PORTAL.rglob("*.py"), PORTAL.parent / "admin_views.py"]:
        for node in ast.walk(ast.parse(path.read_text())) if path.exists() else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield f"{path.name}:{node.lineno}", node


def test_every_call_in_the_portal_speaks_the_vocabulary() -> None:
    wrong = []
    for place, call in _calls():
        events = [node.value for node in ast.walk(call.args[1]) if isinstance(node, ast.Constant)]
        given = {word.arg for word in call.keywords}
        known = [event for event in events if event in audit.EVENTS]
        if isinstance(call.args[1], ast.Constant) and not known:
            wrong.append(f"{place}: {events} is not in EVENTS")
        elif None not in given and any(audit.EVENTS[event] != given for event in known):
            wrong.append(f"{place}: {known} carries {sorted(audit.EVENTS[known[0]])}")
    assert not wrong
