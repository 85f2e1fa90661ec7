"""The letter register: its numbers, what is frozen, what is stored, what proves it."""

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models import AuditEntry, Case, Job, Letter, LetterFile, LetterKind, LetterState, Setting
from portal.access import scope
from portal.letters import LetterError, RenderError, pdf, proof, register, verification, versions
from portal.letters.entry import About
from portal.letters.numbers import RegisterError
from portal.protection import files
from tests.letters import paper, samples, story
from tests.support.cast import Cast
from tests.support.databases import both_engines

NOW = story.APPROVED
ORDER, NOTA, FINAL = KINDS = (
    LetterKind.surat_perintah,
    LetterKind.nota_terminasi,
    LetterKind.nota_akhir,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    files.configure(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def case(session: Session, cast: Cast) -> Case:
    return story.make_case(session, cast)


def _content(**changes: Any) -> dict[str, Any]:
    content = samples.surat_perintah(**changes)
    del content["number"], content["dated"]
    content["signatory"]["id"] = None
    return content


def _issue(session: Session, case: Case, cast: Cast, **changes: Any) -> Letter:
    kind, now = changes.pop("kind", ORDER), changes.pop("now", NOW)
    return register.issue(session, kind, _content(**changes), About(case), cast.budi, now)


def _set(session: Session, **values: str) -> None:
    session.add_all(Setting(key=k, value=v, label=k, label_en=k) for k, v in values.items())
    session.commit()


def _numbers(session: Session, kind: LetterKind = ORDER) -> list[int]:
    query = select(Letter.number).where(Letter.kind == kind).order_by(Letter.id)
    return list(session.scalars(query))


# --- numbers --------------------------------------------------------------------------------


@both_engines
def test_numbers_follow_each_other_from_one(session: Session, case: Case, cast: Cast) -> None:
    letters = [_issue(session, case, cast) for _ in range(3)]
    assert [letter.number for letter in letters] == [1, 2, 3]
    assert letters[2].printed == "800.1.11.1/3/35.73.000/2026"


def test_each_kind_has_a_register_of_its_own(session: Session, case: Case, cast: Cast) -> None:
    letters = [_issue(session, case, cast, kind=kind) for kind in KINDS]
    assert [letter.number for letter in letters] == [1, 1, 1]
    assert len({letter.printed for letter in letters}) == 3


def test_the_year_changes_at_midnight_in_malang(session: Session, case: Case, cast: Cast) -> None:
    midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    before = _issue(session, case, cast, now=midnight - timedelta(seconds=1))
    after = _issue(session, case, cast, now=midnight)
    assert (before.year, before.number) == (2026, 1)
    assert (after.year, after.number, after.printed[-4:]) == (2027, 1, "2027")


def test_a_letter_is_never_dated_before_the_one_before_it(
    session: Session, case: Case, cast: Cast
) -> None:
    _issue(session, case, cast, now=datetime(2027, 1, 2, tzinfo=UTC))
    for earlier in (datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)):
        with pytest.raises(RegisterError):
            _issue(session, case, cast, now=earlier)


def test_an_office_that_begins_in_mid_year_continues_its_paper_register(
    session: Session, case: Case, cast: Cast
) -> None:
    _set(session, letter_start_surat_perintah="57")
    assert [_issue(session, case, cast).number for _ in range(2)] == [57, 58]
    assert _issue(session, case, cast, now=NOW.replace(year=2027)).number == 1


@pytest.mark.parametrize("start", ["0", "-3", "lima", "1.5", "٣"])
def test_a_first_number_that_is_none_is_refused(
    session: Session, case: Case, cast: Cast, start: str
) -> None:
    _set(session, letter_start_surat_perintah=start)
    with pytest.raises(RegisterError):
        _issue(session, case, cast)


def test_the_office_decides_how_a_number_is_printed(
    session: Session, case: Case, cast: Cast
) -> None:
    _set(session, letter_number_pattern="{nomor}/{unit}/{bulan}/{tahun}", letter_unit_code="PPA")
    assert _issue(session, case, cast).printed == "1/PPA/VIII/2026"


@pytest.mark.parametrize(
    "pattern", ["{klasifikasi}/{tahun}", "{nomor}/{apa}", "{nomor}" + "9" * 80]
)
def test_a_pattern_that_cannot_be_printed_is_refused(
    session: Session, case: Case, cast: Cast, pattern: str
) -> None:
    _set(session, letter_number_pattern=pattern)
    with pytest.raises(RegisterError):
        _issue(session, case, cast)


def test_no_two_registers_may_print_the_same_number(
    session: Session, case: Case, cast: Cast
) -> None:
    _set(session, letter_number_pattern="{nomor}/{tahun}")
    _issue(session, case, cast, kind=ORDER)
    with pytest.raises(RegisterError, match="1/2026"):
        _issue(session, case, cast, kind=NOTA)


def test_a_letter_that_cannot_be_rendered_burns_no_number(
    session: Session, case: Case, cast: Cast
) -> None:
    broken = _content()
    del broken["tasks"]
    with pytest.raises(RenderError):
        register.trial(session, ORDER, broken)
    assert _issue(session, case, cast).number == 1


@both_engines
def test_a_number_that_was_not_committed_is_given_again(
    session: Session, case: Case, cast: Cast
) -> None:
    _issue(session, case, cast)
    session.commit()
    _issue(session, case, cast)
    session.rollback()
    assert _issue(session, case, cast).number == 2


# --- many at once ---------------------------------------------------------------------------


def _released(session: Session, row: Case | Letter) -> int:
    """The id of `row`, and the session's own transaction ended: SQLite has one writer."""
    row_id = row.id
    session.rollback()
    return row_id


def _approve(engine: Engine, case_id: int, kind: LetterKind, keep: bool, now: datetime) -> None:
    """What one supervisor does: lock the case, issue, commit or fail."""
    with Session(engine, info={"viewer": scope.SYSTEM}) as session:
        case = session.get_one(Case, case_id)
        letter = register.issue(session, kind, _content(), About(case), case.approved_by, now)
        assert letter.number >= 1
        session.commit() if keep else session.rollback()


@both_engines
@settings(max_examples=8)
@given(acts=st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=14))
def test_whatever_fails_meanwhile_every_register_is_gapless(
    engine: Engine,
    session: Session,
    case: Case,
    years: Iterator[int],
    acts: list[tuple[LetterKind, bool]],
) -> None:
    now, case_id = NOW.replace(year=next(years)), _released(session, case)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda act: _approve(engine, case_id, *act, now), acts))
    for kind in KINDS:
        query = select(Letter.number).where(Letter.kind == kind, Letter.year == now.year)
        kept = sum(keep for wanted, keep in acts if wanted is kind)
        assert sorted(session.scalars(query)) == list(range(1, kept + 1))


@pytest.fixture
def years() -> Iterator[int]:
    """A fresh year, and so fresh registers, for each example."""
    return itertools.count(2030)


# --- what is frozen -------------------------------------------------------------------------


def test_number_and_date_are_frozen_with_the_content(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    session.commit()
    frozen = json.loads(letter.content)
    address = verification.address(letter.verify_code)
    added = {"number": letter.printed, "dated": "2026-08-24", "signed": ""}
    assert frozen == {**_content(), **added, "verification": address}
    assert letter.state is LetterState.valid


def test_what_a_letter_says_is_sealed_in_the_database(
    session: Session, case: Case, cast: Cast
) -> None:
    _issue(session, case, cast, closing="Kalimat yang sangat rahasia")
    session.commit()
    stored = session.execute(text("SELECT content FROM letter")).scalar_one()
    assert b"rahasia" not in bytes(stored)


def test_the_job_that_stores_the_pdf_and_the_audit_entry_come_with_the_letter(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    session.commit()
    job = session.scalars(select(Job)).one()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_table == "letter")).one()
    assert (job.kind, job.payload) == ("render_letter", {"letter_id": letter.id})
    assert (entry.event, entry.subject_id) == ("letter_issued", letter.id)


def test_signatory_and_addressee_are_kept_beside_the_letter(
    session: Session, case: Case, cast: Cast
) -> None:
    content = _content(addressee_id=cast.hadi.id)
    content["signatory"]["id"] = cast.budi.id
    letter = register.issue(session, NOTA, content, About(case), cast.dewi, NOW)
    session.commit()
    assert (letter.signatory, letter.addressee) == (cast.budi, cast.hadi)


def test_a_void_letter_keeps_its_number_its_content_and_the_reason(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    before = letter.content
    register.void(session, letter, " Salah petugas ", cast.dewi, NOW)
    session.commit()
    assert (letter.number, letter.content, letter.void_reason) == (1, before, "Salah petugas")
    assert (letter.state, letter.voided_by_id) == (LetterState.void, cast.dewi.id)
    assert _issue(session, case, cast).number == 2


def test_nothing_is_voided_twice_or_without_a_reason(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    with pytest.raises(RegisterError):
        register.void(session, letter, "  ", cast.dewi, NOW)
    register.void(session, letter, "Salah", cast.dewi, NOW)
    with pytest.raises(RegisterError):
        register.void(session, letter, "Salah lagi", cast.dewi, NOW)


# --- what is stored -------------------------------------------------------------------------


def test_the_stored_pdf_is_what_the_trial_showed_with_number_and_date(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    stored = versions.stored(session, letter)
    assert letter.printed in paper.text(stored)
    assert stored == pdf.render("surat_perintah", json.loads(letter.content))


@both_engines
def test_it_is_stored_once_and_then_only_read(session: Session, case: Case, cast: Cast) -> None:
    letter = _issue(session, case, cast)
    first = versions.stored(session, letter)
    session.commit()
    assert versions.stored(session, letter) == first
    assert session.scalar(select(func.count()).select_from(LetterFile)) == 1


@both_engines
def test_worker_and_reader_who_come_at_once_store_one_file(
    engine: Engine, session: Session, case: Case, cast: Cast, folder: Path
) -> None:
    letter = _issue(session, case, cast)
    session.commit()
    letter_id = _released(session, letter)

    def fetch(_: int) -> bytes:
        with Session(engine, info={"viewer": scope.SYSTEM}) as mine:
            data = versions.stored(mine, mine.get_one(Letter, letter_id))
            mine.commit()
            return data

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(fetch, range(4)))) == 1
    assert session.scalar(select(func.count()).select_from(LetterFile)) == 1
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_on_the_disk_it_is_sealed(session: Session, case: Case, cast: Cast, folder: Path) -> None:
    versions.stored(session, _issue(session, case, cast))
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    assert b"%PDF" not in path.read_bytes()


def test_regenerating_adds_a_version_and_changes_none(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    versions.stored(session, letter)
    before = session.scalars(select(LetterFile.storage_key)).all()
    again = versions.again(session, letter)
    session.commit()
    assert [version.version for version in letter.files] == [1, 2]
    assert letter.files[0].storage_key in before
    assert versions.read(again) == versions.stored(session, letter)
    assert len(again.template_version) == 16


def test_regenerating_follows_the_frozen_content_not_todays_settings(
    session: Session, case: Case, cast: Cast
) -> None:
    letter = _issue(session, case, cast)
    first = versions.stored(session, letter)
    _set(session, kop_office="Dinas Lain")
    assert versions.read(versions.again(session, letter)) == first


# --- proof ----------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("harm", ["altered", "gone"])
def test_a_pdf_that_is_not_the_stored_one_is_found(
    session: Session, case: Case, cast: Cast, folder: Path, harm: str
) -> None:
    letter = _issue(session, case, cast)
    versions.stored(session, letter)
    (path,) = _files(folder)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert proof.verify(session)["changed"] == 1
    with pytest.raises(LetterError):
        versions.stored(session, letter)


@both_engines
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_letter_that_vanished_leaves_a_gap(
    session: Session, case: Case, cast: Cast, lost: int
) -> None:
    for _ in range(3):
        _issue(session, case, cast)
    session.execute(delete(Letter).where(Letter.number == lost))
    session.commit()
    assert proof.verify(session) == {"letters": 2, "gaps": 1, "doubles": 0, "changed": 0}


def test_an_empty_register_is_in_order(session: Session) -> None:
    assert proof.verify(session) == {"letters": 0, "gaps": 0, "doubles": 0, "changed": 0}


def test_a_register_that_began_in_mid_year_has_no_gap(
    session: Session, case: Case, cast: Cast
) -> None:
    _set(session, letter_start_surat_perintah="57")
    _issue(session, case, cast)
    assert proof.verify(session)["gaps"] == 0


def test_verifying_sees_letters_that_the_viewer_may_not(
    session: Session, case: Case, cast: Cast
) -> None:
    _issue(session, case, cast)
    session.commit()
    scope.view_as(session, cast.ratna)
    assert proof.verify(session)["letters"] == 1


def test_numbers_go_on_although_the_officer_sees_no_other_letter(
    session: Session, case: Case, cast: Cast
) -> None:
    _issue(session, case, cast)
    session.commit()
    scope.view_as(session, cast.ratna)
    assert session.scalar(select(Letter)) is None
    assert register.issue(session, ORDER, _content(), About(case), cast.ratna, NOW).number == 2
