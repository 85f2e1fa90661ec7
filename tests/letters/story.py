"""One invented case as rows, as far as its last contact after termination, for tests of letters."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Agreement,
    Case,
    CaseStatus,
    Channel,
    CodeItem,
    Consent,
    Decision,
    Intervention,
    InterventionState,
    LetterKind,
    Monitoring,
    MonitoringState,
    Order,
    OrderOfficer,
    Outreach,
    OutreachState,
    PartnerInstitution,
    Person,
    Referral,
    Report,
    ReportStatus,
    Risk,
    Safety,
    Suspect,
    Termination,
    Victim,
)
from portal.letters import nota_terminasi, register, surat_perintah
from portal.letters.entry import About
from tests.support.cast import Cast

ARRIVED = datetime(2026, 8, 24, 2, 0, tzinfo=UTC)
APPROVED = ARRIVED + timedelta(minutes=25)
DECIDED = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CLOSED = datetime(2027, 2, 25, 3, 0, tzinfo=UTC)
DUE = (date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 24))
LABELS = {
    ("sex", "perempuan"): "Perempuan",
    ("channel", "telepon"): "Telepon",
    ("bentuk_kekerasan", "fisik"): "Kekerasan fisik",
    ("bentuk_kekerasan", "psikis"): "Kekerasan psikis",
    ("tempat_kejadian", "rumah_tangga"): "Rumah tangga",
    ("hubungan_pelaku", "suami_istri"): "Suami/istri",
    ("jenis_pelayanan", "rehabilitasi_sosial"): "Rehabilitasi sosial",
    ("jenis_pelayanan", "bantuan_hukum"): "Bantuan hukum",
    ("jenis_pelayanan", "kesehatan"): "Kesehatan",
    ("referral_state", "diterima"): "Diterima",
    ("termination_reason", "tujuan_tercapai"): "Tujuan penanganan tercapai",
    ("monitoring_method", "telepon"): "Telepon",
    ("wellbeing", "membaik"): "Membaik",
    ("safety", "aman"): "Aman",
}


def make_case(session: Session, cast: Cast, number: str = "KS-2026-00012") -> Case:
    """An approved case with two victims, not yet stored order or letter."""
    case = Case(
        number=number,
        status=CaseStatus.approved,
        status_since=APPROVED,
        risk=Risk.tinggi,
        opened_at=ARRIVED,
        identified_by=cast.sari,
        approved_by=cast.budi,
        approved_at=APPROVED,
        counsellor=cast.maya,
        incident_date=date(2026, 8, 1),
        incident_precision="bulan",
        place_kind="rumah_tangga",
        violence_kinds=["psikis"],
    )
    session.add(case)
    report = Report(
        number=f"LP-{number}",
        channel=Channel.telepon,
        status=ReportStatus.identified,
        received_at=ARRIVED,
        owner=cast.sari,
        case=case,
    )
    mother = Person(name="Melati Puspa", sex="perempuan")
    child = Person(alias="Kenanga", sex="perempuan")
    session.add_all(
        [
            report,
            Victim(person=mother, case=case, age_at_incident=31, violence_kinds=["fisik"]),
            Victim(person=child, case=case, age_at_incident=9),
            Suspect(case=case, relation="suami_istri"),
        ]
    )
    session.commit()
    return case


def add_labels(session: Session) -> None:
    """The labels this story needs, as the reference lists have them."""
    session.add_all(
        CodeItem(list_name=name, code=code, label=label, label_en=label)
        for (name, code), label in LABELS.items()
    )
    session.commit()


def order(cast: Cast, **changes: Any) -> Order:
    """An order that is not stored yet."""
    values: dict[str, Any] = {
        "task": "Menjangkau korban dan menilai keadaannya\nMemastikan korban aman;",
        "place": "Ruang konseling Puskesmas Contoh",
        "safe_meeting_point": True,
        "starts_on": date(2026, 8, 24),
        "ends_on": date(2026, 8, 26),
        "basis": "Undang-Undang Nomor 23 Tahun 2004\nUndang-Undang Nomor 12 Tahun 2022.",
        "issued_by": cast.budi,
        "issued_at": APPROVED,
    }
    return Order(**values | changes)


def add_order(session: Session, case: Case, cast: Cast) -> Order:
    """The order with its letter, as approving the case leaves them."""
    written = order(cast, assignments=[OrderOfficer(officer=cast.joko)])
    content = surat_perintah.content(session, case, written, [cast.joko], cast.maya, cast.budi)
    written.case = case
    session.add(written)
    written.letter = register.issue(
        session,
        LetterKind.surat_perintah,
        content,
        About(case),
        cast.budi,
        APPROVED,
        source=written,
    )
    session.commit()
    return written


def add_services(session: Session, case: Case, cast: Cast, written: Order) -> None:
    """An outreach, a counselling, a planned service and a referral."""
    mother = case.victims[0]
    clinic = PartnerInstitution(name="WCC Contoh")
    consent = Consent(victim=mother, given_by="sendiri", given_on=date(2026, 9, 1))
    session.add_all(
        [
            Outreach(
                case=case,
                order=written,
                state=OutreachState.reported,
                reported_at=APPROVED,
                officer=cast.joko,
                visited_on=date(2026, 8, 25),
                victim_met=True,
                assessment="Korban aman di rumah orang tuanya.",
            ),
            Intervention(
                case=case,
                victim=mother,
                service="rehabilitasi_sosial",
                officer=cast.maya,
                state=InterventionState.done,
                done_on=date(2026, 9, 20),
                result="Enam sesi konseling selesai.",
            ),
            Intervention(case=case, service="kesehatan", officer=cast.maya),
            Referral(
                case=case,
                victim=mother,
                partner=clinic,
                service="bantuan_hukum",
                state="diterima",
                referred_on=date(2026, 9, 10),
                consent=consent,
                officer=cast.maya,
            ),
        ]
    )
    session.commit()


def add_termination(session: Session, case: Case, cast: Cast) -> Termination:
    """A proposal that nobody has decided."""
    proposal = Termination(
        case=case,
        proposed_by=cast.maya,
        proposed_at=DECIDED - timedelta(days=1),
        reason="tujuan_tercapai",
        summary="Korban tinggal di rumah orang tuanya.\nIa merasa aman.",
        agreement=Agreement.setuju,
        agreement_note="Disampaikan pada sesi terakhir.",
    )
    session.add(proposal)
    session.commit()
    return proposal


def plan(case: Case) -> list[tuple[Victim, int, date]]:
    """Three contacts with every victim."""
    return [(victim, n, due) for victim in case.victims for n, due in enumerate(DUE, 1)]


def decide(session: Session, case: Case, proposal: Termination, cast: Cast) -> None:
    """The proposal approved: nota issued, contacts open."""
    content = nota_terminasi.content(session, case, proposal, plan(case), cast.budi)
    proposal.decision, proposal.decided_by = Decision.approved, cast.budi
    proposal.decided_at = DECIDED
    proposal.letter = register.issue(
        session,
        LetterKind.nota_terminasi,
        content,
        About(case),
        cast.budi,
        DECIDED,
        source=proposal,
    )
    session.add_all(
        Monitoring(case=case, victim=victim, termination=proposal, sequence=n, due_on=due)
        for victim, n, due in plan(case)
    )
    session.commit()


def visit_all(session: Session, proposal: Termination, cast: Cast) -> None:
    """Every contact done, but the last one of the second victim, which is excused."""
    for contact in proposal.monitorings:
        contact.state = MonitoringState.done
        contact.done_on, contact.officer = contact.due_on, cast.maya
        contact.method, contact.wellbeing, contact.safety = "telepon", "membaik", Safety.aman
        contact.recurrence = False
    contact.state, contact.excuse_reason = MonitoringState.excused, "Pindah ke luar kota"
    session.commit()


def whole_story(session: Session, cast: Cast) -> tuple[Case, Termination]:
    """The case with everything up to the last contact."""
    add_labels(session)
    case = make_case(session, cast)
    add_services(session, case, cast, add_order(session, case, cast))
    proposal = add_termination(session, case, cast)
    decide(session, case, proposal, cast)
    visit_all(session, proposal, cast)
    return case, proposal
