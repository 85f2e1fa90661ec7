"""What tables are made of: the kinds of column, the base and its mixins; closed lists in
`model_codes`.

`models` builds every table from these and hands them on, so that everybody imports from there.
"""

import enum
import re
import uuid as uuid_module
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from model_codes import *

# --- kinds of column -----------------------------------------------------------------


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[Any]):
    """A column that only ever stores ciphertext.

    Binding refuses anything but bytes: text that was not sealed by the mapper
    events (a bulk update, a forgotten event) cannot reach the database.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("a sealed column was given plain text")
        return value


class SealedText(Sealed):
    """Sealed text of any length."""

    cache_ok = True

    @staticmethod
    def encode(value: str) -> bytes:
        """The bytes to seal."""
        return value.encode()

    @staticmethod
    def decode(value: bytes) -> str:
        """The text from unsealed bytes."""
        return value.decode()


class SealedBytes(Sealed):
    """Sealed bytes, as they came."""

    cache_ok = True
    encode = decode = staticmethod(bytes)


class SealedDate(Sealed):
    """A sealed calendar date."""

    cache_ok = True

    @staticmethod
    def encode(value: date) -> bytes:
        """The bytes to seal: the ISO form."""
        return value.isoformat().encode()

    @staticmethod
    def decode(value: bytes) -> date:
        """The date from unsealed bytes."""
        return date.fromisoformat(value.decode())


Json = JSON().with_variant(JSONB(), "postgresql")

Code = Annotated[str, mapped_column(String(40))]
Codes = Annotated[list[str], mapped_column(Json, default=list)]
Short = Annotated[str, mapped_column(String(200))]
SecretText = Annotated[str, mapped_column(SealedText)]
SecretDate = Annotated[date, mapped_column(SealedDate)]
SecretBytes = Annotated[bytes, mapped_column(SealedBytes)]
Digest = Annotated[str, mapped_column(String(64))]
OfficerRef = Annotated[int, mapped_column(ForeignKey("officer.id"), index=True)]
PersonRef = Annotated[int, mapped_column(ForeignKey("person.id"), index=True)]
ReportRef = Annotated[int, mapped_column(ForeignKey("report.id"), index=True)]
CaseRef = Annotated[int, mapped_column(ForeignKey("case.id"), index=True)]
TalkRef = Annotated[int, mapped_column(ForeignKey("conversation.id"), index=True)]
MessageRef = Annotated[int, mapped_column(ForeignKey("message.id"), index=True)]
VictimRef = Annotated[int, mapped_column(ForeignKey("victim.id"), index=True)]
PartnerRef = Annotated[int, mapped_column(ForeignKey("partner_institution.id"), index=True)]
LetterRef = Annotated[int, mapped_column(ForeignKey("letter.id"), index=True)]
RegionRef = Annotated[str, mapped_column(String(13), ForeignKey("region.code"))]


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


def _coded(kind: type[enum.StrEnum]) -> Enum:
    """Stored as its code, kept to the list by a check constraint."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=_values,
        name=kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    """The one metadata, with names for every constraint so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: dict[Any, Any] = {
        datetime: UtcDateTime,
        str: Text,
        **{kind: _coded(kind) for kind in CODED},
    }
    named_by: ClassVar[str] = "id"

    @declared_attr.directive
    def __tablename__(cls) -> str:
        """The name of the class, in small letters: `CaseEvent` is `case_event`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init_subclass__(cls, named_by: str = "id", **more: Any) -> None:
        """`named_by`: the attribute that names a row to people."""
        cls.named_by = named_by
        super().__init_subclass__(**more)

    def __str__(self) -> str:
        return str(getattr(self, self.named_by))


def one_a_case(name: str, condition: str) -> Index:
    """At most one row a case for which `condition` (SQL) holds."""
    where = text(condition)
    return Index(name, "case_id", unique=True, sqlite_where=where, postgresql_where=where)


def rows(back: str, order: str) -> Any:
    """The rows at the other side of `back`, in the order of the column `order`."""
    return relationship(back_populates=back, order_by=order)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def as_received(context: Any) -> Any:
    """The `received_at` of the row that is being written."""
    return context.get_current_parameters()["received_at"]


class Row:
    """What every table of the casework has. The uuid binds ciphertext to its row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[uuid_module.UUID] = mapped_column(Uuid, unique=True, default=uuid_module.uuid4)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Versioned:
    """Optimistic locking: a stale edit changes nothing."""

    version_id: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version_id}


class Searched:
    """Sealed, yet found: by tokens of its words and numbers (`portal.protection.tokens`)."""

    search_version: Mapped[int] = mapped_column(default=0, server_default=text("0"), index=True)


class Retained:
    """Until when a record is kept; what is left of an erased one names nobody."""

    retention_class: Mapped[Code | None]
    retain_until: Mapped[date | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]


class Clocked:
    """Something with a number that the law wants done in time."""

    number: Mapped[str] = mapped_column(String(30), unique=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.number
