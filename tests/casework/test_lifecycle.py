"""The lifecycle as a machine: whatever officers try, in whatever order, the table holds."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from models import AuditEntry, Case, CaseEvent, CaseStatus, Letter, LetterState, Role
from portal.casework.lifecycle import Refused, obstacles, offers
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES
from tests.support.office import Office

ACTS = sorted(CASE_RULES.keys() - {"hand_over", "review_emergency", "exclude"})
STATES = {(source, rule.target) for rule in CASE_RULES.values() for source in rule.sources}


def machine(session, cast):
    class CaseMachine(RuleBasedStateMachine):
        @initialize()
        def a_case_arrives(self):
            self.office = Office(session, cast)
            self.case = self.office.case()
            self.moves = 0

        @rule(act=st.sampled_from(ACTS))
        def somebody_tries(self, act):
            before, events = self.case.status, self._events()
            allowed = before in CASE_RULES[act].sources
            try:
                self.office.do(act, self.case)
            except Refused as refusal:
                assert not allowed
                assert refusal.sentences
                session.rollback()
                assert (self.case.status, self._events()) == (before, events)
            else:
                session.commit()
                assert allowed
                assert self.case.status is CASE_RULES[act].target
                assert self._events() > events

        def _events(self):
            count = select(func.count()).select_from(CaseEvent).filter_by(case_id=self.case.id)
            return session.scalar(count)

        @invariant()
        def every_move_stands_in_the_table(self):
            for event in self.case.events if hasattr(self, "case") else []:
                if event.kind in CASE_RULES:
                    move = CaseStatus(event.from_status), CaseStatus(event.to_status)
                    assert move in STATES

        @invariant()
        def one_order_at_most_is_in_force(self):
            if hasattr(self, "case"):
                assert sum(order.voided_at is None for order in self.case.orders) <= 1

        @invariant()
        def letters_have_every_number_once(self):
            numbers: dict[tuple[str, int], list[int]] = {}
            for letter in session.scalars(select(Letter)):
                numbers.setdefault((letter.kind, letter.year), []).append(letter.number)
            for taken in numbers.values():
                assert sorted(taken) == list(range(1, len(taken) + 1))

    return CaseMachine


def test_no_order_of_acts_leads_where_the_table_does_not(session, cast):
    run_state_machine_as_test(
        machine(session, cast),
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_state_can_be_reached_and_left_as_the_contract_says():
    targets = {rule.target for rule in CASE_RULES.values() if rule.target}
    assert targets | {CaseStatus.identified} == set(CaseStatus)
    left = {source for rule in CASE_RULES.values() if rule.target for source in rule.sources}
    assert left == set(CaseStatus)


def test_no_act_is_open_to_admin_auditor_or_head():
    closed = {Role.admin, Role.auditor, Role.pimpinan}
    for rule_ in (*CASE_RULES.values(), *REPORT_RULES.values()):
        assert not rule_.who & closed, rule_.act


def test_a_grey_button_and_a_refusal_say_the_same(session, cast):
    office = Office(session, cast)
    case = office.case(CaseStatus.monitoring)
    [close] = [one for one in offers(case, cast.maya) if one.rule.act == "close"]
    assert close.obstacles == ["Masih ada 3 monitoring yang belum selesai."]
    assert obstacles(case, "close", cast.maya) == close.obstacles


def test_every_move_writes_its_audit_entry_and_event(session, cast):
    case = Office(session, cast).case(CaseStatus.closed)
    acts = [event.kind for event in case.events if event.kind in CASE_RULES]
    entries = session.scalars(select(AuditEntry).filter_by(event="act", subject_id=case.id)).all()
    assert acts == [
        "approve",
        "start_outreach",
        "report_outreach",
        "propose_termination",
        "terminate",
        "close",
    ]
    cases = [entry for entry in entries if entry.subject_table == Case.__tablename__]
    assert len(cases) == len(acts)


def test_a_withdrawn_order_keeps_its_number_and_reason(session, cast):
    office = Office(session, cast)
    case = office.case(CaseStatus.approved)
    office.withdraw_order(case)
    office.approve(case)
    session.commit()
    first, second = case.letters
    assert (first.number, first.state, first.void_reason) == (1, LetterState.void, "Petugas sakit")
    assert (second.number, second.state) == (2, LetterState.valid)


def test_a_review_is_offered_only_where_an_emergency_approval_waits_for_one(session, cast):
    case = Office(session, cast).case(CaseStatus.handling)
    assert "review_emergency" not in [one.rule.act for one in offers(case, cast.dewi)]
