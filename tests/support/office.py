"""An office at work: reports and cases brought to any state by the acts themselves.

Everybody and everything here is invented. Times go forward by a minute an act.
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from models import (
    Agreement,
    Case,
    CaseStatus,
    Conflict,
    Intervention,
    InterventionState,
    Monitoring,
    MonitoringState,
    Report,
    Risk,
    Safety,
)
from portal.casework import cases, conflicts, intake, monitoring, outreach, reports, termination
from portal.casework.arrival import Accused, Arrival, ContactFacts, Harmed, PersonFacts
from portal.indonesia.dates import local_date
from portal.letters import register
from tests.support.cast import Cast

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 09.00 in Malang
NARRATIVE = "Kejadian rekaan untuk uji coba: pelapor mendengar pertengkaran."

# The shortest way to each state, an act at a time.
PATHS = {
    CaseStatus.identified: (),
    CaseStatus.returned: ("return",),
    CaseStatus.rejected: ("reject",),
    CaseStatus.referred: ("refer",),
    CaseStatus.approved: ("approve",),
    CaseStatus.outreach: ("approve", "start_outreach"),
    CaseStatus.handling: ("approve", "start_outreach", "report_outreach"),
    CaseStatus.termination_proposed: (
        "approve",
        "start_outreach",
        "report_outreach",
        "propose_termination",
    ),
    CaseStatus.monitoring: (
        "approve",
        "start_outreach",
        "report_outreach",
        "propose_termination",
        "terminate",
    ),
    CaseStatus.closed: (
        "approve",
        "start_outreach",
        "report_outreach",
        "propose_termination",
        "terminate",
        "close",
    ),
}


def arrival(channel: str = "website", **more: object) -> Arrival:
    """A report about Bunga, told by Wati."""
    plain = {
        "channel": channel,
        "reporter": PersonFacts(name="Wati Rekaan", phone="+628120000001"),
        "relation": "tetangga",
        "safe_contact": ContactFacts(channel="whatsapp", shared_phone=True),
        "victims": [Harmed(person=PersonFacts(name="Bunga Rekaan", sex="perempuan"))],
        "suspects": [Accused(person=PersonFacts(name="Tono Rekaan"), relation="orang_tua")],
        "narrative": NARRATIVE,
        "violence_kinds": ["fisik"],
    }
    return Arrival(**(plain | more))


class Office:
    """The acts, with sensible answers filled in, by whoever usually does them."""

    def __init__(self, session: Session, cast: Cast, now: datetime = START) -> None:
        self.session, self.cast, self.now = session, cast, now

    def tick(self, length: timedelta = timedelta(minutes=1)) -> datetime:
        """A minute later."""
        self.now += length
        return self.now

    def report(self, **more: object) -> Report:
        """A new report in the inbox."""
        receipt = intake.receive(self.session, arrival(**more), now=self.tick())
        self.session.commit()
        return self.session.get_one(Report, receipt.report_id)

    def taken(self, **more: object) -> Report:
        """A report Sari has taken."""
        report = self.report(**more)
        reports.take(self.session, report, self.cast.sari, self.tick())
        return report

    def case(self, status: CaseStatus = CaseStatus.identified, risk: Risk = Risk.sedang) -> Case:
        """A case Sari identified, brought to `status`.

        Its letters are not typeset on trial, which takes longer than all acts: `do` tries them.
        """
        found = reports.Identification(risk=risk)
        case = reports.identify(self.session, self.taken(), self.cast.sari, self.tick(), found)
        with register.untried():
            for act in PATHS[status]:
                self.do(act, case)
        self.session.commit()
        return case

    def do(self, act: str, case: Case) -> None:
        """Do `act` as the officer who usually does it, with its usual answers."""
        getattr(self, act if act != "return" else "give_back")(case)

    def approve(self, case: Case) -> None:
        """Budi approves: Joko goes, Maya leads."""
        cases.approve(self.session, case, self.cast.budi, self.tick(), self.plan())

    def plan(self) -> cases.OrderPlan:
        """An order for Joko under Maya's lead, from tomorrow for three days."""
        day = local_date(self.now)
        return cases.OrderPlan(
            officers=[self.cast.joko],
            counsellor=self.cast.maya,
            task="Menemui korban dan menilai keamanannya",
            place="Balai RW rekaan",
            safe_meeting_point=True,
            starts_on=day,
            ends_on=day + timedelta(days=3),
            basis="Undang-Undang Nomor 12 Tahun 2022",
        )

    def give_back(self, case: Case) -> None:
        cases.give_back(self.session, case, self.cast.budi, self.tick(), "Lengkapi alamat")

    def correct(self, case: Case) -> None:
        cases.correct(self.session, case, self.cast.sari, self.tick())

    def reject(self, case: Case) -> None:
        cases.decline(self.session, case, self.cast.budi, self.tick(), "reject", "Bukan kewenangan")

    def refer(self, case: Case) -> None:
        cases.decline(self.session, case, self.cast.budi, self.tick(), "refer", "Di luar kota")

    def reconsider(self, case: Case) -> None:
        cases.reconsider(self.session, case, self.cast.budi, self.tick(), "Ada keterangan baru")

    def withdraw_order(self, case: Case) -> None:
        cases.withdraw_order(self.session, case, self.cast.budi, self.tick(), "Petugas sakit")

    def start_outreach(self, case: Case) -> None:
        outreach.start_outreach(self.session, case, self.cast.joko, self.tick())

    def report_outreach(self, case: Case) -> None:
        found = outreach.Findings(
            visited_on=local_date(self.now),
            victim_met=True,
            assessment="Korban aman di rumah kerabat",
            risk=Risk.sedang,
            needs=["kesehatan"],
            plan="Pendampingan dan pemeriksaan kesehatan",
        )
        today = local_date(self.now)
        outreach.report_outreach(self.session, case, self.cast.joko, self.tick(), found, today)

    def serve(self, case: Case) -> Intervention:
        """Maya gives one service and writes down what came of it."""
        service = Intervention(
            case=case,
            victim=case.victims[0],
            service="kesehatan",
            officer=self.cast.maya,
            state=InterventionState.done,
            done_on=local_date(self.now),
            result="Pemeriksaan selesai",
        )
        self.session.add(service)
        self.session.flush()
        return service

    def propose_termination(self, case: Case) -> None:
        self.serve(case)
        proposal = termination.Proposal(
            reason="tujuan_tercapai",
            summary="Korban pulih dan aman",
            agreement=Agreement.setuju,
        )
        termination.propose(self.session, case, self.cast.maya, self.tick(), proposal)

    def refuse_termination(self, case: Case) -> None:
        termination.refuse(self.session, case, self.cast.budi, self.tick(), "Belum pulih")

    def terminate(self, case: Case) -> None:
        termination.terminate(self.session, case, self.cast.budi, self.tick())

    def visit(self, contact: Monitoring, safety: Safety = Safety.aman) -> None:
        """Maya records one contact on its day."""
        day = contact.due_on
        seen = monitoring.Visit(done_on=day, method="kantor", wellbeing="baik", safety=safety)
        monitoring.record(self.session, contact, self.cast.maya, self.tick(), seen, today=day)

    def close(self, case: Case) -> None:
        for contact in case.monitorings:
            if contact.state is MonitoringState.scheduled:
                self.visit(contact)
        last = max((_noon(one.due_on) for one in case.monitorings), default=self.now)
        self.now = max(self.now, last)
        termination.close(self.session, case, self.cast.maya, self.tick())

    def exclude(self, case: Case) -> None:
        relative, why = self.cast.ratna, "Ipar terlapor"
        kind = Conflict.kerabat
        conflicts.exclude(self.session, case, self.cast.budi, self.tick(), relative, kind, why)

    def reopen(self, case: Case) -> None:
        termination.reopen(self.session, case, self.cast.budi, self.tick(), "Kekerasan terulang")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
