"""Paraf and signature as acts: two at once, and a letter that changes meanwhile."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import (
    Attachment,
    CaseStatus,
    Conflict,
    Decision,
    Job,
    Letter,
    LetterForm,
    Notice,
    Officer,
    Role,
    Signatory,
    StepPart,
)
from portal.casework import (
    conflicts,
    erasing,
    leaving,
    reports,
    roles,
    signing,
    signing_by_hand,
    signing_certificates,
)
from portal.casework.lifecycle import Refused
from portal.config import Settings
from portal.letters import signers, versions
from portal.protection import erasures, files
from tests.support import signing as pens
from tests.support.at_once import Attempt, at_once
from tests.support.cast import Cast
from tests.support.databases import both_engines
from tests.support.office import Office
from tests.support.signing import NOW, PASSPHRASE

Laid = tuple[Letter, signing.Sheet, bytes, Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> None:
    files.configure(tmp_path / "files")


@pytest.fixture
def office(session: Session, cast: Cast) -> Office:
    """Budi signs, with a certificate of his own."""
    session.add(Signatory(officer=cast.budi, valid_from=date(2026, 1, 1)))
    signing_certificates.add(session, cast.budi, pens.file(), PASSPHRASE, NOW)
    session.commit()
    return Office(session, cast, NOW)


def read(session: Session, letter: Letter, officer: Any) -> None:
    signing.see(session, letter, officer, NOW + timedelta(hours=1))
    session.commit()


@pytest.fixture
def laid(session: Session, cast: Cast, office: Office, settings: Settings) -> Laid:
    """A letter that Budi has read, and the signature he has just made."""
    letter = office.case(CaseStatus.approved).letters[0]
    read(session, letter, cast.budi)
    sheet = signing.lay(session, letter, cast.budi)
    signer, _row = signing_certificates.signer(session, cast.budi, settings, None)
    session.commit()
    return letter, sheet, *signers.signed(signer, sheet.pdf, PASSPHRASE, NOW)


@both_engines
def test_of_two_who_sign_at_once_the_second_is_told(
    session: Session, cast: Cast, laid: Laid, engine: Engine
) -> None:
    letter, sheet, after, seal = laid

    def sign(own: Session, row: Letter, officer: Any, version: int | None) -> None:
        signing.conclude(own, row, officer, NOW, sheet, after, seal)

    outcomes = at_once(engine, *[Attempt(cast.budi.id, Letter, letter.id, sign)] * 2)
    (refusal,) = [one for one in outcomes if one is not None]
    assert isinstance(refusal, Refused) and "sudah ditandatangani oleh Budi" in str(refusal)
    session.rollback()
    session.expire_all()
    assert [one.form for one in letter.files] == [LetterForm.naskah, LetterForm.bertanda_tangan]


def test_a_pdf_made_anew_meanwhile_is_not_signed_unread(
    session: Session, cast: Cast, laid: Laid, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, sheet, after, seal = laid
    data = versions.stored(session, letter)
    monkeypatch.setattr("portal.letters.versions._rendered", lambda *_about: data + b"% lain")
    versions.again(session, letter)
    session.commit()
    with pytest.raises(Refused, match="Buka dan baca"):
        signing.conclude(session, letter, cast.budi, NOW, sheet, after, seal)
    read(session, letter, cast.budi)
    letter.steps[0].seen_at = datetime.max.replace(tzinfo=NOW.tzinfo) - timedelta(days=2)
    with pytest.raises(Refused, match="dibuat ulang"):
        signing.conclude(session, letter, cast.budi, NOW, sheet, after, seal)


def test_a_letter_that_was_voided_meanwhile_is_not_signed(
    session: Session, cast: Cast, office: Office, laid: Laid
) -> None:
    letter, sheet, after, seal = laid
    office.withdraw_order(letter.case)
    session.commit()
    with pytest.raises(Refused, match="dibatalkan"):
        signing.conclude(session, letter, cast.budi, NOW, sheet, after, seal)
    assert len(letter.files) == 1


@both_engines
def test_what_waits_is_the_next_step_alone(session: Session, cast: Cast, office: Office) -> None:
    for position, officer in enumerate((cast.maya, cast.dewi), 1):
        facts = {"part": StepPart.paraf, "position": position, "valid_from": date(2026, 1, 1)}
        session.add(Signatory(officer=officer, **facts))
    session.commit()
    letter = office.case(CaseStatus.approved).letters[0]
    order = (cast.maya, cast.dewi, cast.budi)
    assert [one.officer for one in letter.steps] == list(order)
    for number, officer in enumerate(order[:2]):
        for other in order:
            waits = session.query(Letter).where(signing.waiting(other)).count()
            assert waits == (other is officer), (number, other.username)
        with pytest.raises(Refused):
            signing.initial(session, letter, order[number + 1], NOW)
        read(session, letter, officer)
        signing.initial(session, letter, officer, NOW)
        session.commit()
    assert session.query(Letter).where(signing.waiting(cast.budi)).count() == 1


def test_a_certificate_that_ends_is_told_once(session: Session, cast: Cast) -> None:
    row = signing_certificates.add(session, cast.budi, pens.file(), PASSPHRASE, NOW)
    assert row.valid_until
    for days, told in ((31, 0), (30, 1), (29, 0), (1, 0)):
        assert signing_certificates.warn(session, row.valid_until - timedelta(days=days)) == told
    assert session.query(Notice).filter_by(kind="certificate_ends").count() == 1
    assert not signing_certificates.ends_soon(row, NOW)


def test_a_new_certificate_ends_the_old_one_and_its_key_is_gone(
    session: Session, cast: Cast
) -> None:
    old = signing_certificates.add(session, cast.budi, pens.file(), PASSPHRASE, NOW)
    new = signing_certificates.choose_service(session, cast.budi, pens.NIK, NOW)
    session.commit()
    assert signing_certificates.in_force(session, cast.budi) is new
    assert old.withdrawn_at and old.data == b""
    with pytest.raises(Refused, match="milik petugas lain"):
        signing_certificates.add(session, cast.maya, pens.file(), PASSPHRASE, NOW)
    with pytest.raises(Refused, match="16 angka"):
        signing_certificates.choose_service(session, cast.budi, "35730101017000", NOW)
    with pytest.raises(Refused, match="tidak menandatangani"):
        signing_certificates.add(session, cast.admin, pens.file(), PASSPHRASE, NOW)
    with pytest.raises(Refused, match="pemilik atau admin"):
        signing_certificates.withdraw(session, new, cast.sari, NOW)


def test_with_a_case_the_scans_of_its_letters_go(
    session: Session, cast: Cast, folder: None, tmp_path: Path
) -> None:
    erasures.configure(tmp_path / "erasures.jsonl")
    office = Office(session, cast, NOW)
    case = office.case(CaseStatus.closed)
    letter = case.letters[0]
    storage_key, sha256 = files.store(b"%PDF-1.7 pindaian rekaan")
    about = {"storage_key": storage_key, "sha256": sha256, "size": 24, "kind": "surat"}
    scan = Attachment(letter=letter, filename="surat.pdf", mime="application/pdf", **about)
    session.add(scan)
    signing_by_hand.add_scan(session, letter, cast.budi, NOW, [scan])
    session.commit()
    assert erasing.erase(session, case, "kasus_anak", office.tick(timedelta(days=9999)))
    (job,) = session.query(Job).filter_by(kind=erasing.JOB)
    assert storage_key in job.payload["files"]
    assert session.query(Attachment).filter_by(letter_id=letter.id).count() == 0
    assert letter.signed_at and letter.steps[0].sha256_after == sha256


@pytest.mark.parametrize("of_report", [False, True])
def test_who_is_kept_from_the_case_by_now_holds_its_letter_up_no_more(
    session: Session, cast: Cast, office: Office, of_report: bool
) -> None:
    facts = {"part": StepPart.paraf, "valid_from": date(2026, 1, 1)}
    session.add(Signatory(officer=cast.maya, **facts))
    session.commit()
    first, other = (office.case(CaseStatus.approved).letters[0] for _case in range(2))
    case = first.case
    if of_report:  # as the forms that intake issues before there is a case
        first.case, first.report = None, case.reports[0]
    conflicts.exclude(session, case, cast.budi, NOW, cast.maya, Conflict.kerabat, "Sepupu terlapor")
    session.commit()
    assert [one.officer for one in first.steps] == [cast.budi]
    assert [one.officer for one in other.steps] == [cast.maya, cast.budi]


def test_who_is_kept_from_a_report_holds_up_nothing_in_the_case_that_it_joins(
    session: Session, cast: Cast, office: Office
) -> None:
    session.add(Signatory(officer=cast.maya, part=StepPart.paraf, valid_from=date(2026, 1, 1)))
    session.commit()
    case, report = office.case(CaseStatus.approved), office.taken(channel="telepon")
    conflicts.exclude(session, report, cast.sari, NOW, cast.maya, Conflict.kerabat, "Sepupu korban")
    reports.join(session, report, cast.sari, NOW, case)
    session.commit()
    assert [one.officer for one in case.letters[0].steps] == [cast.budi]
    assert "officer_excluded" in {one.kind for one in session.query(Notice).filter_by(case=case)}


def to_another_role(session: Session, cast: Cast) -> None:
    change = roles.ask_for_role(session, cast.maya, cast.admin, NOW, Role.auditor, "Mutasi")
    other = Officer(username="admin9", name="Admin Kedua Rekaan", role=Role.admin)
    session.add(other)
    session.flush()
    roles.decide(session, change, other, NOW, Decision.approved)


def away(session: Session, cast: Cast) -> None:
    leaving.disable(session, cast.maya, cast.admin, NOW)


@pytest.mark.parametrize("go", [away, to_another_role])
def test_who_leaves_signs_no_more_and_holds_no_letter_up(
    session: Session, cast: Cast, office: Office, go: Any
) -> None:
    facts = {"part": StepPart.paraf, "valid_from": date(2026, 1, 1)}
    session.add(Signatory(officer=cast.maya, **facts))
    own = pens.authority().issue("Maya").file(PASSPHRASE)
    row = signing_certificates.add(session, cast.maya, own, PASSPHRASE, NOW)
    session.commit()
    letter = office.case(CaseStatus.approved).letters[0]
    go(session, cast)
    session.commit()
    assert row.withdrawn_at == NOW and row.data == b""
    assert [one.officer for one in letter.steps] == [cast.budi]
    assert session.query(Letter).where(signing.waiting(cast.budi)).count() == 1
    told = session.query(Notice).filter_by(officer=cast.budi, kind="letter_to_sign").count()
    assert told == 1
