"""What the demo shows of rights and retention: requests, a consent taken back, a hold, a breach."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from models import (
    Breach,
    Case,
    CaseStatus,
    Consent,
    DataRequest,
    LegalHold,
    Person,
    RequestKind,
    Risk,
    Suspect,
    Victim,
)
from portal.casework import breaches, consents, requests
from portal.protection import audit
from seed.stage import Stage, Story

HAPPENED = (
    "Buku catatan petugas (rekaan) tertinggal di angkutan umum dan ditemukan kembali dua jam "
    "kemudian. Tidak ada tanda bahwa isinya dibaca."
)
MEASURES = (
    "Buku ditarik dan isinya dipindahkan ke portal. Petugas tidak lagi membawa catatan kertas."
)
WISHES = {
    RequestKind.access: "Meminta salinan data yang disimpan tentang dirinya.",
    RequestKind.correction: "Alamatnya sudah berubah.",
}


def tell(stage: Stage, end: datetime) -> Iterator[Story]:
    """Each in its own time before `end`; what finds nobody is left out."""
    for days, act in ((12, _hold), (9, _refused), (4, _late), (1, _asked), (1, _breach)):
        yield _once(stage, end - timedelta(days=days, hours=-3), act)
    yield _once(stage, end - timedelta(hours=30), _taken_back)


def _once(stage: Stage, at: datetime, act: Callable[[Stage], None]) -> Story:
    yield at
    act(stage)


def _somebody(stage: Stage, *statuses: CaseStatus) -> Case | None:
    query = select(Case).where(Case.status.in_(statuses)).order_by(Case.id.desc()).limit(1)
    return stage.session.scalar(query)


def _request(stage: Stage, kind: RequestKind, person: Person, **facts: Any) -> DataRequest:
    number = requests.number(stage.session, stage.now)
    row = DataRequest(
        number=number,
        kind=kind,
        person=person,
        received_at=stage.now,
        asked_by="sendiri",
        wish=WISHES[kind],
        asker_name=person.name,
        identity_check="kartu_identitas",
        **facts,
    )
    requests.receive(stage.session, row, stage["petugas"])
    stage.session.add(row)
    stage.session.flush()
    audit.record(stage.session, "created", stage["petugas"], row)
    return row


def _asked(stage: Stage) -> None:
    """A victim asks for their data; two days are left."""
    if case := _somebody(stage, CaseStatus.handling):
        _request(stage, RequestKind.access, case.victims[0].person)


def _late(stage: Stage) -> None:
    """Somebody has been waiting longer than the law allows."""
    if case := _somebody(stage, CaseStatus.monitoring):
        _request(stage, RequestKind.correction, case.victims[0].person)


def _refused(stage: Stage) -> None:
    """The accused asked, and learnt nothing."""
    ended = Suspect.case.has(Case.status.in_((CaseStatus.closed, CaseStatus.monitoring)))
    query = select(Suspect).where(ended, Suspect.person_id.is_not(None)).order_by(Suspect.id)
    known = [one.person for one in stage.session.scalars(query)]
    accused = [person for person in known if person and person.name]
    if accused:
        row = _request(stage, RequestKind.access, accused[0])
        answer = "Permohonan tidak dapat dipenuhi (UU 27/2022 Pasal 33)."
        supervisor, ground = stage["supervisor"], "membahayakan"
        requests.refuse(stage.session, row, supervisor, stage.now, ground, answer)


def _taken_back(stage: Stage) -> None:
    """A victim no longer wants to be passed on."""
    query = select(Consent).join(Victim).join(Case).where(Case.status == CaseStatus.handling)
    consent = stage.session.scalar(query.order_by(Consent.id.desc()).limit(1))
    if consent and consent.victim.case and consent.victim.case.counsellor:
        said = consents.Withdrawal(["sharing"], stage.today, "Korban sendiri", "Telepon")
        counsellor = consent.victim.case.counsellor
        consents.withdraw(stage.session, consent, counsellor, stage.now, said)


def _hold(stage: Stage) -> None:
    """The police asked for a closed case."""
    if case := _somebody(stage, CaseStatus.closed):
        reason = "Permintaan penyidik (rekaan): perkara sedang diperiksa."
        row = LegalHold(case=case, reason=reason, placed_by=stage["supervisor"])
        stage.session.add(row)
        stage.session.flush()
        audit.record(stage.session, "created", stage["supervisor"], row)


def _breach(stage: Stage) -> None:
    """A notebook was lost and found; the clock runs."""
    row = Breach(
        number=breaches.number(stage.session, stage.now),
        found_at=stage.now,
        happened=HAPPENED,
        data_kinds=["kontak"],
        people_affected=3,
        risk=Risk.sedang,
        measures=MEASURES,
    )
    breaches.receive(stage.session, row, stage["admin"])
    stage.session.add(row)
    stage.session.flush()
    audit.record(stage.session, "created", stage["admin"], row)
