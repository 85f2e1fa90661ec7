"""What becomes of a file after it was added: scanned, given out, kept back, destroyed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, Job, JobState, Officer, Role, Scan
from portal.notices import all_in, tell
from portal.protection import audit, files, scanning
from portal.queue import enqueue
from portal.wording import lazy as _l

SCAN, DESTROY = scanning.JOB, "destroy_infected"
BATCH = 200
PATIENCE = timedelta(minutes=10)
KEPT_BACK: dict[Scan, Any] = {
    Scan.quarantined: _l("Menunggu pemeriksaan virus. Dapat diunduh sesudah dinyatakan aman."),
    Scan.infected: _l("Virus ditemukan di berkas ini. Isinya telah dihapus."),
}


class KeptBack(Exception):
    """A file nobody may have; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def why_kept_back(row: Attachment) -> str:
    """Why nobody may have this file now; empty when it may be given out."""
    return str(KEPT_BACK.get(row.scan, ""))


def content(row: Attachment) -> bytes:
    """The file of a row. Raises KeptBack while it is in quarantine or when it was infected."""
    if sentence := why_kept_back(row):
        raise KeptBack(sentence)
    return files.read(row.storage_key)


def scan(session: Session, payload: dict[str, Any]) -> None:
    """Have a file scanned; what is infected is told, and destroyed by a job of its own.

    Raises Away while the scanner is; the job waits for it, however long that takes.
    """
    row = session.get(Attachment, payload["attachment_id"])
    if row is None or row.scan in (Scan.clean, Scan.infected):
        return
    if not scanning.on():
        row.scan = Scan.unscanned  # there was a scanner once; the office has done away with it
        return
    verdict = scanning.examine(files.read(row.storage_key))
    row.scan, row.scanned_at = verdict.state, datetime.now(UTC)
    if verdict.state is Scan.infected:
        _infected(session, row, verdict.name)


def _infected(session: Session, row: Attachment, name: str) -> None:
    audit.record(session, "file_infected", None, row, signature=name)
    tell(session, _keepers(session, row), "file_infected", report=row.report, case=row.case)
    tell(session, all_in(session, Role.admin), "file_infected_admin")
    enqueue(session, DESTROY, {"attachment_id": row.id})


def _keepers(session: Session, row: Attachment) -> list[Officer]:
    """Who must know: whoever added the file or has its report or case; else all of intake."""
    owners = [row.uploaded_by, row.report.owner if row.report else None]
    if row.case:
        owners += [row.case.counsellor, row.case.identified_by]
    return [one for one in owners if one is not None] or all_in(session, Role.petugas)


def destroy(session: Session, payload: dict[str, Any]) -> None:
    """Take the bytes of an infected file away; its row stays and says what it was."""
    row = session.get(Attachment, payload["attachment_id"])
    if row is not None and row.scan is Scan.infected:
        files.remove(row.storage_key)


def rescan(session: Session, now: datetime) -> int:
    """Ask again for files whose scan was lost, and for those older than the scanner; how many."""
    if not scanning.on():
        return 0
    waiting = (Scan.quarantined, Scan.unscanned)
    rows = select(Attachment.id).where(
        Attachment.scan.in_(waiting), Attachment.created_at < now - PATIENCE
    )
    live = select(Job.payload).where(
        Job.kind == SCAN, Job.state.in_((JobState.waiting, JobState.running))
    )
    asked = {payload["attachment_id"] for payload in session.scalars(live)}
    lost = [key for key in session.scalars(rows.order_by(Attachment.id)) if key not in asked]
    for key in lost[:BATCH]:
        enqueue(session, SCAN, {"attachment_id": key})
    return len(lost[:BATCH])
