"""How each act is answered in the tests, and by whom it is usually done."""

from datetime import timedelta
from typing import Any

from models import Case, CaseStatus, Monitoring, Report
from portal.indonesia import dates
from tests.screens.generated.conftest import House

C = CaseStatus
REASON = "Alasan rekaan dengan lebih dari satu kata."

# act → state it is done from, user name, state afterwards
CASE_ACTS: dict[str, tuple[CaseStatus, str, CaseStatus]] = {
    "approve": (C.identified, "supervisor", C.approved),
    "return": (C.identified, "supervisor", C.returned),
    "reject": (C.identified, "supervisor", C.rejected),
    "refer": (C.identified, "supervisor", C.referred),
    "correct": (C.returned, "petugas", C.identified),
    "reconsider": (C.rejected, "supervisor", C.identified),
    "withdraw_order": (C.approved, "supervisor", C.identified),
    "start_outreach": (C.approved, "penjangkau", C.outreach),
    "report_outreach": (C.outreach, "penjangkau", C.handling),
    "propose_termination": (C.handling, "konselor", C.termination_proposed),
    "terminate": (C.termination_proposed, "supervisor", C.monitoring),
    "refuse_termination": (C.termination_proposed, "supervisor", C.handling),
    "close": (C.monitoring, "konselor", C.closed),
    "reopen": (C.monitoring, "supervisor", C.handling),
    "hand_over": (C.handling, "konselor", C.handling),
    "exclude": (C.handling, "supervisor", C.handling),
}


def case_answers(house: House, act: str) -> dict[str, Any]:
    """What is typed into the form of an act on a case."""
    cast, today = house.cast, dates.today()
    order = {
        "officers": [cast.joko.id],
        "counsellor": cast.maya.id,
        "task": "Menemui korban dan menilai keamanannya",
        "place": "Balai RW rekaan",
        "safe_meeting_point": "y",
        "starts_on": today,
        "ends_on": today + timedelta(days=2),
        "basis": "Undang-Undang Nomor 12 Tahun 2022",
    }
    found = {
        "visited_on": today,
        "victim_met": "ya",
        "assessment": "Korban aman di rumah kerabat",
        "risk": "sedang",
        "needs": ["konseling"],
        "plan": "Pendampingan dan pemeriksaan kesehatan",
    }
    proposal = {
        "reason": "tujuan_tercapai",
        "summary": "Korban pulih dan aman",
        "agreement": "setuju",
    }
    listed = {"kind": "lainnya", "reason": REASON}
    answers: dict[str, dict[str, Any]] = {
        "approve": order,
        "report_outreach": found,
        "propose_termination": proposal,
        "reject": listed,
        "refer": listed,
        "hand_over": {"to": cast.lestari.id, "reason": REASON},
        **{name: {"note": "Catatan rekaan"} for name in ("correct", "terminate", "close")},
        "exclude": {"officer": cast.ratna.id, "kind": "kerabat", "reason": REASON},
        "start_outreach": {},
    }
    return answers.get(act, {"reason": REASON})


def page_of(row: Case | Report | Monitoring, act: str) -> str:
    """Where the form of an act stands."""
    return f"/admin/{row.__tablename__}/tindakan/{act}/?id={row.id}"


def again(house: House, row: Any) -> Any:
    """The row as it is stored now."""
    house.session.rollback()
    house.session.refresh(row)
    return row
