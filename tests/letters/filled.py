"""One invented report with everything a form can ask, as rows, for tests of the forms."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Case,
    CaseEvent,
    CaseStatus,
    Channel,
    Consent,
    IdentityCard,
    Outreach,
    OutreachState,
    PartnerInstitution,
    Person,
    Region,
    Report,
    Reporter,
    ReportStatus,
    Risk,
    SafeContact,
    Suspect,
    Victim,
)
from tests.letters import story
from tests.support.cast import Cast

ARRIVED = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
STORY = "Pelapor mendengar pertengkaran di rumah sebelah.\nPagi harinya korban meminta tolong."


def make_report(session: Session, cast: Cast, **changes: Any) -> Report:
    """A report that Sari took: a neighbour tells of a mother and her child."""
    village = session.scalars(select(Region).where(Region.level == "kelurahan").limit(1)).first()
    mother = Person(
        name="Melati Puspa",
        nik="3573014107950001",
        kk="3573010101100001",
        birth_place="Malang",
        birth_date=date(1995, 7, 1),
        sex="perempuan",
        address="Gang Rekaan 7",
        region=village,
        phone="+628120000077",
        religion="islam",
        education="sma",
        disabilities=[],
    )
    child = Person(
        alias="Kenanga",
        sex="perempuan",
        estimated_age=9,
        guardian=mother,
        guardian_relation="ibu",
    )
    mother.guardian = None
    values: dict[str, Any] = {
        "number": "LP-2026-00077",
        "channel": Channel.telepon,
        "status": ReportStatus.in_progress,
        "received_at": ARRIVED,
        "owner": cast.sari,
        "danger_now": False,
        "identity_card": IdentityCard.menyusul,
        "identity_card_reason": "Kartu tertinggal di rumah",
        "consents_to_processing": True,
        "narrative": STORY,
        "wishes": "Ingin aman bersama anaknya",
        "incident_date": date(2026, 11, 22),
        "incident_precision": "hari",
        "incident_time": "malam",
        "place_kind": "rumah_tangga",
        "place": "Rumah kontrakan Blok C",
        "region": village,
        "violence_kinds": ["fisik", "psikis"],
        "previously_reported": ["rt_rw_kelurahan"],
    }
    report = Report(**values | changes)
    neighbour = Person(name="Wati Rekaan", phone="+628120000001", nik="3573015507800002")
    session.add_all(
        [
            report,
            Reporter(report=report, person=neighbour, relation="tetangga"),
            SafeContact(
                person=neighbour,
                channel="whatsapp",
                address="+628120000002",
                days=["senin", "rabu"],
                from_time=time(9),
                until_time=time(12, 30),
                code_word="kembang kol",
                shared_phone=True,
                who_may_answer="Adik perempuan",
                letter_allowed=False,
            ),
            Victim(
                person=mother,
                report=report,
                age_at_incident=31,
                violence_kinds=["fisik"],
                gbvims_type="physical_assault",
                needs=["konseling", "tempat_aman"],
                condition="Memar di lengan kiri.",
            ),
            Victim(person=child, report=report, age_at_incident=9),
            Suspect(
                report=report,
                person=Person(name="Tono Rekaan", sex="laki_laki"),
                relation="suami_istri",
                same_household=True,
                description="Berambut cepak",
            ),
        ]
    )
    session.commit()
    return report


def bare_report(session: Session, cast: Cast) -> Report:
    """A report that says nothing, by nobody about nobody."""
    report = Report(
        number="LP-2026-00078",
        channel=Channel.telepon,
        status=ReportStatus.in_progress,
        received_at=ARRIVED,
        owner=cast.sari,
    )
    session.add(report)
    session.commit()
    return report


def add_file(session: Session, report: Report, name: str = "foto-memar.jpg") -> None:
    """A file that came with the report."""
    session.add(
        Attachment(
            report=report,
            kind="bukti",
            filename=name,
            mime="image/jpeg",
            size=1,
            sha256="0" * 64,
            storage_key=f"uji/{name}",
            created_at=ARRIVED,
        )
    )
    session.commit()


def identify(session: Session, report: Report, cast: Cast, **changes: Any) -> Case:
    """The report as a new case that Budi approved, as identification and approval leave it."""
    case = Case(
        **{
            "number": "KS-2026-00077",
            "status": CaseStatus.approved,
            "status_since": ARRIVED,
            "risk": Risk.tinggi,
            "opened_at": ARRIVED,
            "identified_by": cast.sari,
            "approved_by": cast.budi,
            "approved_at": ARRIVED,
            "counsellor": cast.maya,
            "violence_kinds": report.violence_kinds,
        }
        | changes
    )
    report.status, report.case = ReportStatus.identified, case
    for one in (*report.victims, *report.suspects):
        one.case = case
    told = CaseEvent(report=report, case=case, at=ARRIVED, kind="identify", actor=cast.sari)
    told.note = "Korban mengenal terlapor"
    session.add_all([case, told])
    session.commit()
    return case


def visit(session: Session, case: Case, cast: Cast, **changes: Any) -> Outreach:
    """What Joko found on a surat perintah."""
    values: dict[str, Any] = {
        "state": OutreachState.reported,
        "reported_at": ARRIVED,
        "officer": cast.joko,
        "visited_on": date(2026, 11, 24),
        "victim_met": True,
        "place": "Balai RW rekaan",
        "assessment": "Korban tenang dan mau bercerita.",
        "risk": Risk.sedang,
        "needs": ["konseling", "visum"],
        "plan": "Pendampingan ke rumah sakit besok pagi.",
    }
    made = Outreach(case=case, order=story.add_order(session, case, cast), **values | changes)
    session.add(made)
    session.commit()
    return made


def agree(session: Session, victim: Victim, cast: Cast, **changes: Any) -> Consent:
    """What a victim agreed to: services, and one institution; no statistics."""
    values: dict[str, Any] = {
        "given_by": "sendiri",
        "given_on": date(2026, 11, 24),
        "for_services": True,
        "for_sharing": True,
        "withhold": "Alamat jangan diberitahukan kepada keluarga terlapor.",
        "recorded_by": cast.sari,
        "partners": [PartnerInstitution(name="WCC Contoh")],
    }
    consent = Consent(victim=victim, **values | changes)
    session.add(consent)
    session.commit()
    return consent
