"""Sealed columns on both databases."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Engine, bindparam, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session, defer, load_only

from models import Person, SafeContact
from portal.access import scope
from portal.protection.sealing import seal_column, unseal_column
from portal.protection.vault import VaultError
from tests.support.databases import both_engines

pytestmark = both_engines

RAW = "SELECT name, birth_date, notes, alias FROM person"


def _stored(session: Session, **values: object) -> Person:
    person = Person(**values)
    session.add(person)
    session.commit()
    return person


def _forgotten(session: Session, person: Person) -> int:
    """The id of the row, once the session no longer knows it."""
    found = person.id
    session.expunge_all()
    return found


def _raw(session: Session) -> list[tuple[bytes | None, ...]]:
    return [
        tuple(None if v is None else bytes(v) for v in row) for row in session.execute(text(RAW))
    ]


def test_text_and_dates_come_back_as_they_were(session: Session) -> None:
    person = _stored(session, name="Siti ✿ Aminah", birth_date=date(2014, 2, 28), notes="a\nb")
    again = session.get_one(Person, _forgotten(session, person))
    assert (again.name, again.birth_date, again.notes) == (
        "Siti ✿ Aminah",
        date(2014, 2, 28),
        "a\nb",
    )


def test_the_database_holds_no_plain_text(session: Session) -> None:
    _stored(session, name="Siti Aminah", birth_date=date(2014, 2, 28))
    name, birth_date, *_ = _raw(session)[0]
    assert name and b"Siti" not in name
    assert birth_date and b"2014" not in birth_date


def test_null_stays_null_and_empty_stays_empty(session: Session) -> None:
    person = _stored(session, name="", notes=None)
    name, _, notes, alias = _raw(session)[0]
    assert name and notes is None and alias is None
    session.expire_all()
    assert (person.name, person.notes, person.alias) == ("", None, None)


def test_a_value_can_become_null_and_come_back(session: Session) -> None:
    person = _stored(session, name="Siti")
    person.name = None
    session.commit()
    assert person.name is None and _raw(session)[0][0] is None
    person.name = "Siti"
    session.commit()
    assert person.name == "Siti"


def test_changing_one_column_leaves_the_others_ciphertext_alone(session: Session) -> None:
    person = _stored(session, name="Siti", notes="pendiam")
    before = _raw(session)[0]
    person.name = "Siti Aminah"
    session.commit()
    after = _raw(session)[0]
    assert before[0] != after[0] and before[2] == after[2]
    assert (person.name, person.notes) == ("Siti Aminah", "pendiam")


def test_setting_the_same_value_again_writes_nothing(session: Session) -> None:
    person = _stored(session, name="Siti")
    version, before = person.version_id, _raw(session)
    person.name = "Siti"
    session.commit()
    assert (person.version_id, _raw(session)) == (version, before)


def test_the_object_is_plain_right_after_the_flush(session: Session) -> None:
    person = Person(name="Siti", birth_date=date(2014, 2, 28))
    session.add(person)
    session.flush()
    assert (person.name, person.birth_date) == ("Siti", date(2014, 2, 28))
    assert not session.is_modified(person)
    person.name = "Sita"
    session.flush()
    assert person.name == "Sita" and not session.is_modified(person)


def test_a_refresh_brings_the_stored_value_back(session: Session) -> None:
    person = _stored(session, name="Siti")
    person.name = "anders"
    session.refresh(person)
    assert person.name == "Siti"
    session.refresh(person, ["name"])
    assert person.name == "Siti"


def test_a_refresh_of_other_columns_keeps_an_unflushed_change(session: Session) -> None:
    person = _stored(session, name="Siti", notes="a")
    person.name = "Sita"
    with session.no_autoflush:
        session.refresh(person, ["notes"])
    assert (person.name, person.notes) == ("Sita", "a")


def test_populate_existing_unseals(session: Session) -> None:
    person = _stored(session, name="Siti")
    query = select(Person).execution_options(populate_existing=True)
    assert session.scalars(query).one() is person
    assert person.name == "Siti"


def test_deferred_columns_stay_out_until_they_are_asked_for(session: Session) -> None:
    _stored(session, name="Siti", notes="pendiam")
    session.expunge_all()
    person = session.scalars(select(Person).options(defer(Person.notes))).one()
    assert "notes" in inspect(person).unloaded
    assert (person.name, person.notes) == ("Siti", "pendiam")


def test_a_query_that_leaves_the_uuid_out_still_unseals(session: Session) -> None:
    _stored(session, name="Siti", notes="pendiam")
    session.expunge_all()
    person = session.scalars(select(Person).options(load_only(Person.name))).one()
    assert (person.name, person.notes) == ("Siti", "pendiam")


def test_many_rows_at_once(session: Session) -> None:
    session.add_all(Person(name=f"Orang {n}") for n in range(50))
    session.commit()
    session.expunge_all()
    people = session.scalars(select(Person).order_by(Person.id)).all()
    assert [person.name for person in people] == [f"Orang {n}" for n in range(50)]
    for person in people:
        person.name = f"{person.name}!"
    session.commit()
    session.expunge_all()
    assert session.scalars(select(Person).order_by(Person.id)).first().name == "Orang 0!"


def test_relations_load_plain(session: Session) -> None:
    person = _stored(session, name="Siti", safe_contact=SafeContact(code_word="melati"))
    again = session.get_one(Person, _forgotten(session, person))
    assert again.safe_contact.code_word == "melati"


def test_a_merged_object_is_sealed(session: Session) -> None:
    person = _stored(session, name="Siti")
    changed = Person(id=person.id, uuid=person.uuid, version_id=person.version_id, name="Sita")
    session.expunge_all()
    merged = session.merge(changed)
    session.commit()
    assert merged.name == "Sita" and b"Sita" not in (_raw(session)[0][0] or b"")


def test_ciphertext_of_another_row_does_not_open(session: Session) -> None:
    one, other = _stored(session, name="Siti"), _stored(session, name="Ratna")
    session.execute(
        text("UPDATE person SET name = (SELECT name FROM person WHERE id = :a) WHERE id = :b"),
        {"a": one.id, "b": other.id},
    )
    session.commit()
    with pytest.raises(VaultError):
        session.get_one(Person, other.id)


def test_ciphertext_of_another_column_does_not_open(session: Session) -> None:
    _stored(session, name="Siti", notes="pendiam")
    session.execute(text("UPDATE person SET notes = name"))
    session.commit()
    with pytest.raises(VaultError):
        session.scalars(select(Person)).all()


def test_the_uuid_of_a_row_cannot_change(session: Session) -> None:
    person = _stored(session, name="Siti")
    person.uuid = uuid4()
    with pytest.raises(VaultError):
        session.commit()


def test_bulk_statements_with_plain_text_are_refused(session: Session) -> None:
    _stored(session, name="Siti")
    for statement, values in (
        (update(Person).values(name="Ratna"), None),
        (insert(Person), [{"name": "Ratna", "uuid": uuid4()}]),
        (update(Person).where(Person.name == "Siti").values(sex="perempuan"), None),
        (select(Person).where(Person.name == bindparam("n")), {"n": "Siti"}),
    ):
        with pytest.raises(StatementError, match="sealed column"):
            session.execute(statement, values)
        session.rollback()
    assert session.scalars(select(Person)).one().name == "Siti"


def test_bulk_saving_plain_objects_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="sealed column"):
        session.bulk_save_objects([Person(name="Siti")])


def test_a_column_by_itself_is_ciphertext_until_it_is_opened(session: Session) -> None:
    _stored(session, name="Siti", birth_date=date(2014, 2, 28))
    query = select(Person.uuid, Person.name, Person.birth_date, Person.notes)
    uuid, name, birth_date, notes = session.execute(query).one()
    assert isinstance(name, bytes)
    assert unseal_column(Person, "name", uuid, name) == "Siti"
    assert unseal_column(Person, "birth_date", uuid, birth_date) == date(2014, 2, 28)
    assert unseal_column(Person, "notes", uuid, notes) is None


def test_a_bulk_update_with_ciphertext_is_possible(session: Session) -> None:
    person = _stored(session, name="Siti")
    sealed = seal_column(Person, "name", person.uuid, "Sita")
    session.execute(update(Person).values(name=sealed).execution_options(synchronize_session=False))
    session.expire_all()
    assert person.name == "Sita"


def test_after_a_refused_insert_the_object_is_plain_and_can_be_saved_again(
    session: Session,
) -> None:
    taken = _stored(session, name="Siti")
    person = Person(name="Ratna", notes="baru", uuid=taken.uuid)
    session.add(person)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert (person.name, person.notes) == ("Ratna", "baru")
    person.uuid = uuid4()
    session.add(person)
    session.commit()
    assert (person.name, person.notes) == ("Ratna", "baru")
    assert len(_raw(session)) == 2


def test_after_a_refused_update_the_object_shows_what_is_stored(session: Session) -> None:
    person = _stored(session, name="Siti")
    person.name, person.estimated_age = "Sita", 999
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert person.name == "Siti"
    person.name = "Sita"
    session.commit()
    assert person.name == "Sita"


def test_a_savepoint_that_is_undone_leaves_plain_objects(session: Session) -> None:
    kept, taken = Person(name="Siti"), _stored(session, name="Wati")
    session.add(kept)
    lost = Person(name="Ratna", uuid=taken.uuid)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(lost)
        session.flush()
    kept.notes = "tetap"
    session.commit()
    assert (kept.name, kept.notes, lost.name) == ("Siti", "tetap", "Ratna")


def test_a_rolled_back_insert_can_be_tried_again(session: Session) -> None:
    person = Person(name="Siti")
    session.add(person)
    session.flush()
    session.rollback()
    session.add(person)
    session.commit()
    session.expunge_all()
    assert session.scalars(select(Person)).one().name == "Siti"


def test_two_sessions_see_each_others_changes(engine: Engine, session: Session) -> None:
    person = _stored(session, name="Siti")
    row = person.id
    session.commit()
    with Session(engine, info={"viewer": scope.SYSTEM}) as other:
        other.get_one(Person, row).name = "Sita"
        other.commit()
    session.expire_all()
    assert person.name == "Sita"
