"""Two officers at the same moment: one act is done, the other is refused, nothing is half done."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from models import (
    Case,
    CaseEvent,
    CaseStatus,
    Letter,
    Monitoring,
    MonitoringState,
    Officer,
    Order,
    Report,
    ReportStatus,
    Risk,
    Safety,
)
from portal.access import scope
from portal.casework import cases, clock, lifecycle, monitoring, reports, termination, tracking
from portal.casework.lifecycle import Refused
from tests.support.at_once import Attempt, RequestSession, at_once
from tests.support.databases import both_engines, on_postgres
from tests.support.office import Office

LOST = (Refused, StaleDataError, scope.NotVisible)


@pytest.fixture
def office(session, cast):
    return Office(session, cast)


def one_wins(outcomes):
    """Exactly one attempt was committed, every other refused in words or as stale."""
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert len(refused) == len(outcomes) - 1, outcomes
    assert all(isinstance(outcome, LOST) for outcome in refused), refused


def count(session, model, **by):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).filter_by(**by))


@both_engines
def test_two_officers_take_the_same_report(office, session, cast, engine):
    report = office.report()

    def take(own, row, officer, version):
        reports.take(own, row, officer, office.now, version)

    one_wins(
        at_once(
            engine, *(Attempt(who.id, Report, report.id, take) for who in (cast.sari, cast.ratna))
        )
    )
    assert count(session, CaseEvent, kind="take") == 1
    assert report.owner in (cast.sari, cast.ratna)


@both_engines
def test_one_report_identified_twice_makes_one_case(office, session, cast, engine):
    report = office.taken()
    session.commit()

    def identify(own, row, officer, version):
        found = reports.Identification(risk=Risk.sedang)
        reports.identify(own, row, officer, office.now, found, version)

    who = (cast.sari, cast.budi)
    one_wins(at_once(engine, *(Attempt(one.id, Report, report.id, identify) for one in who)))
    assert count(session, Case) == 1
    assert report.status is ReportStatus.identified


@both_engines
def test_two_supervisors_approve_the_same_case(office, session, cast, engine):
    case = office.case()
    plan = office.plan()
    people = [one.id for one in plan.officers], plan.counsellor.id

    def approve(own, row, officer, version):
        mine = _own(own, plan, *people)
        cases.approve(own, row, officer, office.now, mine, version)

    who = (cast.budi, cast.dewi)
    one_wins(at_once(engine, *(Attempt(one.id, Case, case.id, approve) for one in who)))
    assert count(session, Order) == count(session, Letter) == 1
    assert case.status is CaseStatus.approved


def _own(session, plan, officers, counsellor):
    """The same order in the words of another session."""
    get = session.get_one
    facts = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    facts["officers"] = [get(type(plan.counsellor), key) for key in officers]
    return cases.OrderPlan(**facts | {"counsellor": get(type(plan.counsellor), counsellor)})


@both_engines
def test_two_supervisors_terminate_the_same_case(office, session, cast, engine):
    case = office.case(CaseStatus.termination_proposed)

    def terminate(own, row, officer, version):
        termination.terminate(own, row, officer, office.now, version=version)

    who = (cast.budi, cast.dewi)
    one_wins(at_once(engine, *(Attempt(one.id, Case, case.id, terminate) for one in who)))
    assert count(session, Monitoring) == 3
    assert count(session, Letter, kind="nota_terminasi") == 1


@both_engines
def test_a_contact_is_recorded_once(office, session, cast, engine):
    case = office.case(CaseStatus.monitoring)
    first = case.monitorings[0]

    def record(own, row, officer, version):
        seen = monitoring.Visit(row.due_on, "kantor", "baik", Safety.aman)
        monitoring.record(own, row, officer, office.now, seen, row.due_on, version)

    who = (cast.maya, cast.budi)
    one_wins(at_once(engine, *(Attempt(one.id, Monitoring, first.id, record) for one in who)))
    assert count(session, Monitoring, state=MonitoringState.done) == 1
    assert count(session, CaseEvent, kind="monitoring_done") == 1


def everything(engine):
    """A session as a request has it, that sees every row."""
    scope.attach(RequestSession)
    return RequestSession(engine, info={"viewer": scope.SYSTEM})


@on_postgres
def test_no_report_joins_a_case_that_is_being_closed(office, session, cast, engine):
    case = office.case(CaseStatus.monitoring)
    for contact in case.monitorings:
        office.visit(contact)
    report = office.taken(channel="telepon")
    session.commit()
    case_id, report_id, sari_id, maya_id = case.id, report.id, cast.sari.id, cast.maya.id

    def join():
        with everything(engine) as own:
            row, target = own.get_one(Report, report_id), own.get_one(Case, case_id)
            with pytest.raises(Refused, match="sudah berakhir"):
                reports.join(own, row, own.get_one(Officer, sari_id), office.now, target)

    with everything(engine) as own, ThreadPoolExecutor(1) as pool:
        closing = own.get_one(Case, case_id)
        termination.close(own, closing, own.get_one(Officer, maya_id), office.now)
        joining = pool.submit(join)
        wait([joining], timeout=1)
        own.commit()
        joining.result(timeout=30)


@on_postgres
def test_a_message_from_the_reporter_does_not_lock_out_the_approval(office, session, cast, engine):
    """Case before report, or neither: the reporter writes while a supervisor decides."""
    case = office.case()
    case_id, report_id, now = case.id, case.reports[0].id, office.now
    session.rollback()

    def write():
        with everything(engine) as own:
            tracking.add(own, report_id, "Saya masih menunggu", now)
            own.commit()

    with everything(engine) as own, ThreadPoolExecutor(1) as pool:
        row = own.get_one(Case, case_id)
        lifecycle.lock(own, row)
        written = pool.submit(write)
        wait([written], timeout=1)
        clock.stop_for(own, row, now)
        own.commit()
        written.result(timeout=30)
