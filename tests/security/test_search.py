"""Sealed names and numbers are found, and the tokens that find them tell nobody else anything."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from models import ComplaintToken, Job, Officer, Person, PersonToken, ServiceComplaint
from portal.access import scope
from portal.casework import erasing, people
from portal.protection import rebuilding, search, tokens
from seed import demo
from tests.conftest import SystemSession
from tests.support.databases import both_engines

SYLLABLES = (
    *("si", "ti", "nur", "dja", "dj", "oe", "soe", "kar", "no", "moch", "mad", "sj"),
    *("a", "rif", "ch", "ai", "ril", "tj", "ah", "nj", "o", "man", "jo", "ko"),
)
WORD = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map("".join)
SHORT = st.sampled_from(["Moch.", "Muh", "Mhd", "Abd.", "Siti", "Hj.", "binti", "O", "É"])
NAME = st.lists(WORD | SHORT, min_size=1, max_size=4).map(" ".join)


def found(session: Session, wanted: search.Sought) -> list[int]:
    return list(search.found(session, Person, wanted))


def read_one_by_one(people: list[Person], wanted: search.Sought) -> list[int]:
    """Those of `people` who are sought, without a single token."""
    columns = tokens.SEARCHED[Person].all()
    opened = ((one.id, {name: getattr(one, name) for name in columns}) for one in people)
    return [key for key, values in opened if wanted and search.fits(Person, wanted, values)]


@pytest.fixture
def crowd(session: Session) -> list[Person]:
    """A hundred people with names as they come."""
    words = [f"{one}{two}" for one in SYLLABLES for two in SYLLABLES]
    session.add_all(
        Person(
            name=f"{words[n * 7 % len(words)]} {words[n * 31 % len(words)]}".title(),
            alias="Moch. Jusuf" if n % 40 == 0 else None,
            nik=f"35730141019{n:05d}",
            phone=f"+62812345678{n % 50:02d}",
        )
        for n in range(100)
    )
    session.commit()
    return list(session.scalars(select(Person).order_by(Person.id)))


@settings(max_examples=60)
@given(query=NAME, data=st.data())
def test_tokens_find_exactly_what_reading_everything_finds(
    session: Session, crowd: list[Person], query: str, data: st.DataObject
) -> None:
    half = query[: data.draw(st.integers(1, len(query)))]
    for wanted in (search.sought(query), search.sought(half), search.term(half)):
        assert found(session, wanted) == read_one_by_one(crowd, wanted)


@settings(max_examples=25)
@given(names=st.lists(NAME, min_size=1, max_size=5), query=NAME)
def test_whoever_is_called_so_is_found_by_it(
    session: Session, names: list[str], query: str
) -> None:
    rows = [Person(name=name) for name in names]
    session.add_all(rows)
    session.flush()
    for row in rows:
        wanted = search.sought(row.name or "")
        assert not wanted or row.id in found(session, wanted)
    wanted = search.sought(query)
    assert found(session, wanted) == read_one_by_one(rows, wanted)
    session.rollback()


@both_engines
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Sukarno", {"name": "Soekarno"}),
        ("soek", {"name": "Soekarno"}),
        ("Jusuf moh", {"name": "Muhammad Yusuf, S.H."}),
        ("Nurani", {"alias": "Noer'ani"}),
        ("jose", {"name": "José"}),
        ("3573 0141 0190 0001", {"nik": "3573014101900001"}),
        ("3573.014101900001", {"kk": "3573014101900001"}),
        ("0812-3456-7890", {"phone": "+6281234567890"}),
        ("+62 812 3456 7890", {"phone": "+6281234567890"}),
        ("62 812 3456 7890", {"phone": "081234567890"}),
    ],
)
def test_every_spelling_finds(session: Session, typed: str, stored: dict[str, str]) -> None:
    person = Person(**stored)
    session.add_all([person, Person(name="Orang Lain", nik="3573014101900009")])
    session.commit()
    assert found(session, search.term(typed)) == [person.id]


@both_engines
def test_tokens_follow_the_row(session: Session) -> None:
    person = Person(name="Melati", nik="3573014101900001")
    session.add(person)
    session.commit()
    person.name = "Kenanga"
    session.commit()
    assert found(session, search.sought("Melati")) == []
    assert found(session, search.sought("Kenanga")) == [person.id]
    person.name = person.nik = None
    session.commit()
    assert session.scalar(select(func.count()).select_from(PersonToken)) == 0
    person.name = "Mawar"
    session.commit()
    session.delete(person)
    session.commit()
    assert session.scalar(select(func.count()).select_from(PersonToken)) == 0


@both_engines
def test_erasing_somebody_erases_their_tokens(session: Session) -> None:
    person, other = Person(name="Melati", nik="3573014101900001"), Person(name="Mawar")
    session.add_all([person, other])
    session.commit()
    erasing.erase(session, person, erasing.REQUESTED, datetime(2026, 3, 2, tzinfo=UTC))
    session.commit()
    assert set(session.scalars(select(PersonToken.row_id))) == {other.id}
    assert rebuilding.outdated(session) == 0, "an empty row is not opened by every search"


def test_what_is_undone_leaves_no_token(session: Session) -> None:
    session.add(Person(name="Melati"))
    session.flush()
    session.rollback()
    session.add(Person(name="Mawar"))
    session.commit()
    assert found(session, search.sought("Melati")) == []
    assert len(found(session, search.sought("Mawar"))) == 1


def test_changing_something_else_leaves_the_tokens_alone(session: Session) -> None:
    person = Person(name="Melati")
    session.add(person)
    session.commit()
    with mock.patch.object(tokens, "store") as store:
        person.notes = "pendiam"
        session.commit()
    store.assert_not_called()


def test_a_sender_of_a_complaint_is_found_by_name_and_number(session: Session) -> None:
    sent = ServiceComplaint(
        number="PL-1", via="website", body="Rekaan", name="Soeharti", contact="0812 3456 7890",
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    session.add(sent)
    session.commit()
    for typed in ("suharti", "+6281234567890"):
        assert list(search.found(session, ServiceComplaint, search.term(typed))) == [sent.id]


# --- without tokens, and made anew -----------------------------------------------------------


@both_engines
def test_rows_without_tokens_are_found_until_they_have_some(
    engine: Engine, session: Session
) -> None:
    session.info[tokens.LATER] = True
    session.add_all(Person(name=f"Melati {word}") for word in ("Satu", "Dua", "Tiga"))
    session.commit()
    assert rebuilding.outdated(session) == 3
    assert len(found(session, search.sought("Melati"))) == 3
    assert rebuilding.rebuild(session, size=2) == 2
    session.commit()
    with SystemSession(engine, info={"viewer": scope.SYSTEM}) as other:  # after a kill -9
        assert len(found(other, search.sought("Melati"))) == 3
        assert rebuilding.rebuild(other, size=2) == 1
        other.commit()
        assert rebuilding.rebuild(other, size=2) == 0
    version = session.scalars(select(Person.version_id)).all()
    assert version == [1, 1, 1], "nobody's edit is turned away because tokens were made"


@both_engines
def test_a_row_that_does_not_open_stops_neither_the_tokens_nor_a_search(session: Session) -> None:
    session.info[tokens.LATER] = True
    session.add_all(Person(name=f"Melati {word}") for word in ("Satu", "Dua", "Tiga"))
    session.commit()
    first, *others = session.scalars(select(Person.id).order_by(Person.id)).all()
    session.rollback()
    moved = "UPDATE person SET name = (SELECT name FROM person WHERE id = :b) WHERE id = :a"
    session.execute(text(moved), {"a": first, "b": others[0]})
    session.commit()
    assert found(session, search.sought("Melati")) == others
    assert rebuilding.rebuild(session) == 3
    assert rebuilding.outdated(session) == 0
    assert found(session, search.sought("Melati")) == others
    assert set(session.scalars(select(PersonToken.row_id))) == set(others)


def test_the_job_waits_a_minute_where_others_hold_all_that_is_left(session: Session) -> None:
    session.info[tokens.LATER] = True
    session.add(Person(name="Melati"))
    session.commit()
    with mock.patch.object(rebuilding, "rebuild", return_value=0):
        rebuilding.go_on(session, {})
    session.flush()
    later = session.scalars(select(Job.run_at).filter_by(kind=rebuilding.JOB)).one()
    assert later > datetime.now(UTC) + timedelta(seconds=50)


def test_tokens_of_another_version_are_not_trusted(session: Session) -> None:
    person = Person(name="Melati")
    session.add(person)
    session.commit()
    session.execute(text("DELETE FROM person_token"))
    assert found(session, search.sought("Melati")) == []
    session.execute(update(Person.__table__).values(search_version=tokens.VERSION + 1))
    assert found(session, search.sought("Melati")) == [person.id]


# --- what a thief gets -----------------------------------------------------------------------


def _tokens(session: Session, person: Person) -> Counter[str]:
    kinds = session.scalars(select(PersonToken.kind).filter_by(row_id=person.id))
    return Counter(kinds)


def test_nobody_counts_the_words_or_letters_of_a_name(session: Session) -> None:
    rows = [Person(name=name) for name in ("Al", "Siti Nurhaliza", "Wahyu Kusumaningtyas Ayu Dwi")]
    session.add_all(rows)
    session.commit()
    counts = [_tokens(session, row) for row in rows]
    assert {frozenset(one) for one in counts} == {frozenset({"start2", "start3", "start5"})}
    assert all(one.total() >= 10 for one in counts), "twelve, but for words in one bucket"


def test_a_common_name_fills_no_bucket(session: Session) -> None:
    """A thousand of one name among a thousand others: no bucket says that there are so many."""
    uuids = [Person().uuid for _ in range(1_000)]
    same = [token for one in uuids for token in tokens.row_tokens(Person, one, {"name": "Siti"})]
    buckets = Counter(same)
    assert max(buckets.values()) < 100
    assert len({bucket for kind, bucket in buckets if kind == "start3"}) > 40


def test_other_keys_give_other_buckets(session: Session) -> None:
    uuid = Person().uuid
    values = {"name": "Siti", "nik": "3573014101900001"}
    before = tokens.row_tokens(Person, uuid, values)
    with mock.patch.object(tokens, "ring") as ring:
        ring().derive.side_effect = lambda purpose: purpose.encode().rjust(32)
        after = tokens.row_tokens(Person, uuid, values)
    assert len(before & after) <= 2


def test_the_demo_in_a_hurry_leaves_tokens_out(session: Session) -> None:
    demo.demo(session, 3, date(2026, 11, 2), fast=True)
    assert session.scalar(select(func.count()).select_from(PersonToken)) == 0
    assert session.scalar(select(func.count()).select_from(ComplaintToken)) == 0
    anybody = next(one for one in session.scalars(select(Person)) if one.name)
    wanted = people.Wanted(name=anybody.name or "")
    assert people.search(session, session.scalars(select(Officer)).first(), wanted)
