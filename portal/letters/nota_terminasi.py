"""What the nota dinas about the end of a case says: the service's only product.

Issued at termination with the monitoring plan, and again at the end, in its final form, with what
the monitoring found. Form and order: Permendagri 1/2023 (nota dinas).
"""

from typing import Any

from sqlalchemy.orm import Session

from models import (
    Agreement,
    Case,
    Letter,
    LetterKind,
    LetterState,
    Officer,
    Report,
    Role,
    Termination,
)
from portal.indonesia.dates import date_as_known, local_date, long_date
from portal.letters import LetterError, contacts, office
from portal.letters.contacts import Plan
from portal.letters.entry import About, Entry
from portal.letters.gaps import Gap
from portal.letters.office import Labels
from portal.letters.said import Said, lines, texts
from portal.letters.services import given, some_given
from portal.letters.signatories import Signer, signer, today, unsigned
from portal.wording import _, speaking

AGREEMENTS = {
    Agreement.setuju: "Korban menyetujui terminasi.",
    Agreement.tidak_setuju: "Korban tidak menyetujui terminasi.",
    Agreement.tidak_dapat_dimintai: "Persetujuan korban tidak dapat dimintai.",
}


def content(
    session: Session, case: Case, termination: Termination, plan: Plan, actor: Officer
) -> dict[str, Any]:
    """The nota terminasi but for number and date, which `register.issue` adds.

    `plan` are the contacts to come: victim, 1 to 3, due date. `actor` decides, and signs unless
    the list of signatories names somebody. Raises LetterError where it names nobody active.
    """
    said = texts(session, LetterKind.nota_terminasi)
    with speaking("id"):
        shared = _shared(session, said, LetterKind.nota_terminasi, case, termination, actor)
        return shared | {
            "subject": f"Terminasi Kasus Nomor {case.number}",
            "plan": contacts.plan_rows(plan, said),
        }


def final_content(
    session: Session, case: Case, termination: Termination, actor: Officer
) -> dict[str, Any]:
    """The final nota but for number and date: what was said at termination, and what came of it.

    Raises LetterError as `content` does, and where `termination` has no nota yet.
    """
    nota = termination.letter
    if nota is None:
        raise LetterError(_("Nota terminasi untuk kasus ini belum terbit."))
    said, held = texts(session, LetterKind.nota_akhir), termination.monitorings
    with speaking("id"):
        shared = _shared(session, said, LetterKind.nota_akhir, case, termination, actor)
        return shared | {
            "subject": f"Hasil Monitoring dan Penutupan Kasus Nomor {case.number}",
            "termination_number": nota.printed,
            "termination_dated": nota.dated.isoformat(),
            "results": contacts.result_rows(held, Labels(session), said),
            "conclusion": contacts.conclusion(held, case.number),
        }


def signing(session: Session, kind: LetterKind, termination: Termination, actor: Officer) -> Signer:
    """Who signs a nota: who the list names (LetterError if they are not active), else the
    supervisor who acts or, where a counsellor closes the case, who decided its termination."""
    decider = actor if actor.role is Role.supervisor else termination.decided_by or actor
    return signer(session, kind, termination.case, decider, today(session))


def missing(session: Session, termination: Termination, actor: Officer) -> list[Gap]:
    """What the nota terminasi still lacks, a sentence for each part; empty when it can be signed.

    `actor` is who would decide. No sentence names a person who was harmed.
    """
    return _missing(session, LetterKind.nota_terminasi, termination, actor)


def final_missing(session: Session, termination: Termination, actor: Officer) -> list[Gap]:
    """What the final nota lacks: all that `missing` asks, a valid nota, and every contact."""
    gaps = _missing(session, LetterKind.nota_akhir, termination, actor)
    if not _is_valid(termination.letter):
        gaps.append(Gap(_("Nota terminasi yang berlaku belum ada.")))
    return gaps + contacts.missing(termination.monitorings)


def _missing(
    session: Session, kind: LetterKind, termination: Termination, actor: Officer
) -> list[Gap]:
    case, key = termination.case, termination.case_id
    absent = {
        Gap(_("Korban belum dicatat."), "victim", "create", key): not case.victims,
        Gap(_("Surat perintah yang berlaku belum ada."), "case", "view", key): not _orders(case),
        Gap(_("Ringkasan kasus belum ditulis."), "case", "view", key): not (
            termination.summary or ""
        ).strip(),
        Gap(
            _("Pelayanan yang diberikan belum dicatat."), "intervention", "create", key
        ): not some_given(case),
        Gap(_("Alasan terminasi belum dipilih."), "case", "view", key): not termination.reason,
        Gap(_("Persetujuan korban belum dicatat."), "case", "view", key): not termination.agreement,
        Gap(_("Konselor penanggung jawab belum ditetapkan."), "case", "view", key): case.counsellor
        is None,
    }
    gaps = [gap for gap, is_absent in absent.items() if is_absent]
    return gaps + unsigned(lambda: signing(session, kind, termination, actor))


# --- the parts that both forms share --------------------------------------------------------


def _shared(
    session: Session,
    said: Said,
    kind: LetterKind,
    case: Case,
    termination: Termination,
    actor: Officer,
) -> dict[str, Any]:
    labels = Labels(session)
    counsellor = case.counsellor.name if case.counsellor else "konselor"
    return {
        **office.common(said),
        **_addressee(session, said, case),
        "signatory": signing(session, kind, termination, actor).printed(),
        "copy_to": lines(said["copies"]),
        "enclosure": "-",
        "opening": said["opening"],
        "closing": said["closing"],
        "facts": _facts(case, labels),
        "victims": _victims(case, labels, said),
        "summary": termination.summary,
        "services": given(case, labels, said),
        "reason": _reason(termination, labels),
        "agreement": _agreement(termination),
        "counsellor": counsellor,
    }


def _addressee(session: Session, said: Said, case: Case) -> dict[str, Any]:
    head = office.head(session, case)
    position = head.position if head else None
    return {
        "addressee": position or f"Kepala {said['kop_office']}",
        "addressee_id": head.id if head else None,
    }


def _facts(case: Case, labels: Labels) -> list[list[str]]:
    relations = dict.fromkeys(labels("hubungan_pelaku", one.relation) for one in case.suspects)
    orders = [f"{one.printed} tanggal {long_date(one.dated)}" for one in _orders(case)]
    return [
        ["Nomor kasus", case.number],
        ["Pengaduan", "; ".join(_report(one, labels) for one in case.reports) or "-"],
        ["Waktu kejadian", date_as_known(case.incident_date, case.incident_precision)],
        ["Tempat kejadian", office.place(case, labels)],
        ["Hubungan pelaku", "; ".join(relations) or "-"],
        ["Surat perintah", "; ".join(orders) or "-"],
        ["Konselor", case.counsellor.name if case.counsellor else "-"],
    ]


def _report(report: Report, labels: Labels) -> str:
    arrived = long_date(local_date(report.received_at))
    return f"Nomor {report.number} tanggal {arrived} ({labels('channel', report.channel.value)})"


def _orders(case: Case) -> list[Letter]:
    letters = (order.letter for order in case.orders if order.voided_at is None)
    return [letter for letter in letters if letter is not None and _is_valid(letter)]


def _is_valid(letter: Letter | None) -> bool:
    return letter is not None and letter.state is LetterState.valid


def _victims(case: Case, labels: Labels, said: Said) -> list[list[str]]:
    """Rows `[no., name, sex, age, kinds of violence]`; the case's kinds where a victim has none."""
    return [
        [
            f"{number}.",
            office.victim_name(victim, said),
            labels("sex", victim.person.sex),
            office.age(victim),
            labels.all("bentuk_kekerasan", victim.violence_kinds or case.violence_kinds),
        ]
        for number, victim in enumerate(case.victims, 1)
    ]


def _reason(termination: Termination, labels: Labels) -> str:
    proposed = long_date(local_date(termination.proposed_at))
    return (
        f"{labels('termination_reason', termination.reason)}.\n"
        f"Terminasi diusulkan oleh {termination.proposed_by.name} pada tanggal {proposed}."
    )


def _agreement(termination: Termination) -> str:
    note = termination.agreement_note
    return "\n".join(part for part in (AGREEMENTS[termination.agreement], note) if part)


# --- what the register knows of both ----------------------------------------------------------


def _again(session: Session, termination: Termination, actor: Officer) -> dict[str, Any]:
    """The nota terminasi once more, with the contacts as they were planned."""
    planned = [(one.victim, one.sequence, one.due_on) for one in termination.monitorings]
    return content(session, termination.case, termination, planned, actor)


def _final_again(session: Session, termination: Termination, actor: Officer) -> dict[str, Any]:
    return final_content(session, termination.case, termination, actor)


def _about(termination: Termination) -> About:
    return About(termination.case)


ENTRY = Entry(LetterKind.nota_terminasi, Termination, _again, missing, _about)
FINAL = Entry(LetterKind.nota_akhir, Termination, _final_again, final_missing, _about)
