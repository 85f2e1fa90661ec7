"""What the demo shows of signing: pens in former years, certificates of its own since last month.

The certificates open with the password of the demo, and nobody else trusts their authority.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Letter,
    LetterKind,
    LetterState,
    LetterStep,
    Officer,
    Signatory,
    SignedBy,
    StepPart,
)
from portal.casework import signing, signing_by_hand, signing_certificates
from portal.casework.letter_acts import next_step
from portal.indonesia.dates import local_date
from portal.letters import progress, signature, signers, versions
from portal.letters.certificates import CertificateError, Key, open_certificate, open_key
from portal.protection import files
from seed.authority import Authority
from seed.stage import MINUTE, Stage, Story

NAME = "Otoritas Sertifikat Demo"
CERTIFIED = ("supervisor", "supervisor2", "pimpinan")
FIRST = "supervisor"  # initials what the head of the office signs
SINCE, DAY = timedelta(days=30), timedelta(days=1)
LEFT = 5  # so many of the newest wait at the desks, at one step or another
SCANNED = 2


def tell(stage: Stage, end: datetime, password: str) -> Story:
    """A month ago came the certificates; an hour ago everything but the newest was signed."""
    began = end - (SINCE if password else DAY)
    yield began
    if password:
        certify(stage.session, stage.officers, password, stage.now)
        _initialled(stage.session, stage[FIRST], local_date(stage.now))
    yield end - 60 * MINUTE
    if stage.with_files:
        _scan(stage, began)
    _by_pen(stage.session, began)
    if password and stage.with_files:
        _sign(stage, password)


def certify(
    session: Session, officers: Mapping[str, Officer], password: str, now: datetime
) -> None:
    """A certificate of the demo's for whoever signs, unless they have one that `password` opens."""
    authority: Authority | None = None
    for username in CERTIFIED:
        officer = officers[username]
        if _opens(session, officer, password, now):
            continue
        authority = authority or Authority(now, NAME)
        data = authority.issue(officer.name).file(password)
        signing_certificates.add(session, officer, data, password, now)


def _opens(session: Session, officer: Officer, password: str, now: datetime) -> bool:
    row = signing_certificates.in_force(session, officer)
    if row is None:
        return False
    if row.issuer != NAME:
        return True  # somebody tries out one of their own
    try:
        return open_certificate(row.data or b"", password, now).valid(now)
    except CertificateError:
        return False


def _initialled(session: Session, officer: Officer, since: date) -> None:
    facts = {"kind": LetterKind.surat_perintah, "part": StepPart.paraf, "valid_from": since}
    session.add(Signatory(officer=officer, **facts))


def _by_pen(session: Session, until: datetime) -> None:
    """What was issued before there were certificates was signed by hand the same day."""
    old = (Letter.issued_at < until, Letter.state == LetterState.valid)
    issued = select(Letter.issued_at).where(Letter.id == LetterStep.letter_id).scalar_subquery()
    steps = update(LetterStep).where(
        LetterStep.done_at.is_(None), LetterStep.letter_id.in_(select(Letter.id).where(*old))
    )
    signed = update(Letter).where(*old, Letter.signed_at.is_(None))
    for statement in (
        steps.values(done_at=issued, method=SignedBy.pena),
        signed.values(signed_at=Letter.issued_at),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


def _scan(stage: Stage, until: datetime) -> None:
    """The last letters from before, scanned."""
    before = (Letter.issued_at < until, Letter.state == LetterState.valid)
    wanted = select(Letter).where(*before).order_by(Letter.id.desc()).limit(SCANNED)
    for letter in stage.session.scalars(wanted):
        data = versions.stored(stage.session, letter)
        storage_key, sha256 = files.store(data)
        scan = Attachment(
            letter=letter,
            kind="surat",
            filename="pindaian.pdf",
            mime="application/pdf",
            size=len(data),
            sha256=sha256,
            storage_key=storage_key,
            uploaded_by=letter.issued_by,
            flags=[],
        )
        stage.session.add(scan)
        signing_by_hand.add_scan(stage.session, letter, letter.issued_by, stage.now, [scan])


def _sign(stage: Stage, password: str) -> None:
    """All that waits but the newest; of those the first is initialled already."""
    waiting = list(_electronic(stage.session))
    keys: dict[int, Key] = {}
    first = max(len(waiting) - LEFT, len(waiting) // 2)
    for letter in waiting[:first]:
        while _step(stage, letter, password, keys):
            pass
    for letter in waiting[first : first + 1]:
        step = next_step(letter)
        if step is not None and step.part is StepPart.paraf:
            _step(stage, letter, password, keys)


def _electronic(session: Session) -> Iterable[Letter]:
    open_ones = select(LetterStep.letter_id).where(LetterStep.done_at.is_(None))
    wanted = select(Letter).where(Letter.state == LetterState.valid, Letter.id.in_(open_ones))
    rows = session.scalars(wanted.order_by(Letter.id))
    return (one for one in rows if progress.electronic(one))


def _step(stage: Stage, letter: Letter, password: str, keys: dict[int, Key]) -> bool:
    """The next paraf or signature; whether there was one that could be done."""
    session, step = stage.session, next_step(letter)
    if step is None:
        return False
    officer = step.officer
    signing.see(session, letter, officer, stage.now)
    if signing.obstacles(session, letter, officer):
        return False
    if step.part is StepPart.paraf:
        signing.initial(session, letter, officer, stage.now)
        return True
    sheet = signing.lay(session, letter, officer)
    key = keys.get(officer.id) or _key(session, officer, password, stage.now)
    keys[officer.id] = key
    after = signature.sign(sheet.pdf, key, stage.now, location="Malang")
    seal = signers.accepted(sheet.pdf, after, stage.now)
    signing.conclude(session, letter, officer, stage.now, sheet, after, seal)
    return True


def _key(session: Session, officer: Officer, password: str, now: datetime) -> Key:
    row = signing_certificates.in_force(session, officer)
    return open_key((row.data if row else None) or b"", password, now)
