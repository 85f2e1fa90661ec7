"""Which columns are sealed: whatever names a person or tells what happened to them."""

from models import Base, Row
from portal.protection.sealing import sealed_columns

MODELS = [mapper.class_ for mapper in Base.registry.mappers]
TELLING = {
    *("nik", "kk", "alias", "birth_place", "birth_date", "address", "phone", "email"),
    *("narrative", "wishes", "notes", "note", "body", "code_word", "assessment", "content"),
    *("place", "giver_name", "filename", "details", "nip", "contact_name", "basis"),
    *("referring_institution", "referring_letter", "reason"),
}
# Where a partner institution has its office, everybody may know; the log's details are sealed
# under keys of their own, which its own tests look at; a class of retention names its law; why a
# case ends is a code.
KNOWN = {
    *("partner_institution.address", "audit_entry.details", "retention_class.basis"),
    "termination.reason",
}


def test_every_table_with_a_sealed_column_has_a_uuid_to_bind_it_to() -> None:
    assert all(issubclass(model, Row) for model in MODELS if sealed_columns(model))


def test_no_column_that_tells_about_a_person_is_stored_plain() -> None:
    plain = [
        f"{model.__tablename__}.{column}"
        for model in MODELS
        for column in TELLING.intersection(model.__table__.columns.keys())
        - set(sealed_columns(model))
    ]
    assert set(plain) <= KNOWN
