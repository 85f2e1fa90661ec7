"""What the list of signatories must not say, and what it says today."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Capacity, LetterKind, Signatory, StepPart
from portal.indonesia.dates import long_date
from portal.letters.signatories import able, today
from portal.wording import _

Faults = dict[str, str]
# The lines in force for a kind (None: all kinds) and a part, the one that counts first.
InForce = dict[tuple[LetterKind | None, StepPart], list[Signatory]]


class Today(StrEnum):
    """What a line of the list means on a day."""

    signs = "signs"
    initials = "initials"
    displaced = "displaced"
    to_come = "to_come"
    over = "over"
    inactive = "inactive"


def faults(session: Session, row: Signatory) -> Faults:
    """What is wrong with a line before it is stored, as sentences by field.

    Two may sign on the same day only if one stands in for the other: then the one who began last
    does (`signatories.signer`).
    """
    return _days(row) or _person(session, row) or _capacity(row) or _overlapping(session, row)


def in_force(session: Session, on: date) -> InForce:
    """All lines of a day, those that began last first, as `signatories.signer` takes them."""
    lines = select(Signatory).where(
        Signatory.valid_from <= on,
        or_(Signatory.valid_until.is_(None), Signatory.valid_until >= on),
    )
    found: InForce = {}
    for line in session.scalars(lines.order_by(Signatory.valid_from.desc(), Signatory.id.desc())):
        found.setdefault((line.kind, line.part), []).append(line)
    return found


def meaning(row: Signatory, known: InForce, on: date) -> tuple[Today, Signatory | None]:
    """What `row` means on a day, and by whom it is displaced, if it is."""
    if row.valid_from > on:
        return Today.to_come, None
    if row.valid_until is not None and row.valid_until < on:
        return Today.over, None
    if not row.officer.active:
        return Today.inactive, None
    if row.part is StepPart.paraf:
        return Today.initials, None
    first = known[row.kind, row.part][0]
    return (Today.signs, None) if first.id == row.id else (Today.displaced, first)


# --- rules ------------------------------------------------------------------------------------


def _days(row: Signatory) -> Faults:
    if row.valid_until is not None and row.valid_until < row.valid_from:
        return {"valid_until": _("Tanggal akhir tidak boleh sebelum tanggal mulai.")}
    if row.position < 1:
        return {"position": _("Urutan dimulai dari 1.")}
    return {}


def _person(session: Session, row: Signatory) -> Faults:
    """Somebody who left stays in lines that are over."""
    over = row.valid_until is not None and row.valid_until < today(session)
    if not row.officer.active and not over:
        return {"officer": _("Petugas ini tidak aktif.")}
    if not able(row.officer) and not over:
        return {"officer": _("Peran petugas ini tidak menandatangani surat.")}
    return {}


def _capacity(row: Signatory) -> Faults:
    if row.part is StepPart.paraf:
        own = row.capacity is Capacity.definitif
        return {} if own else {"capacity": _("Paraf tidak memakai plt., plh., atau a.n.")}
    if row.capacity is Capacity.plh and row.valid_until is None:
        return {"valid_until": _("Pelaksana harian ditunjuk sampai tanggal tertentu: isilah.")}
    if row.capacity is not Capacity.definitif and not row.title:
        return {"title": _("Isi jabatan yang diwakili, misalnya: Kepala Dinas.")}
    if not row.title and not (row.officer.position or "").strip():
        return {"title": _("Jabatan petugas ini belum diisi: tulis di sini, atau pada datanya.")}
    return {}


def _overlapping(session: Session, row: Signatory) -> Faults:
    judge = _initials if row.part is StepPart.paraf else _signs
    return next((found for one in _others(session, row) if (found := judge(row, one))), {})


def _initials(row: Signatory, other: Signatory) -> Faults:
    if other.officer is row.officer:
        return {"officer": _("Petugas ini sudah memaraf pada hari-hari itu.")}
    if other.position == row.position:
        return {"position": _("Urutan ini sudah dipakai %(who)s.", who=other.officer.name)}
    return {}


def _signs(row: Signatory, other: Signatory) -> Faults:
    if other.capacity is row.capacity:
        return {
            "valid_from": _(
                "Pada hari-hari itu %(who)s sudah menandatangani (%(days)s). "
                "Akhiri dahulu masa berlakunya.",
                who=other.officer.name,
                days=_period(other),
            )
        }
    if other.valid_from == row.valid_from:
        return {
            "valid_from": _(
                "%(who)s mulai pada hari yang sama: tidak jelas siapa yang menandatangani.",
                who=other.officer.name,
            )
        }
    return {}


def _period(row: Signatory) -> str:
    begin = long_date(row.valid_from)
    if row.valid_until is None:
        return _("sejak %(begin)s", begin=begin)
    return _("%(begin)s sampai %(end)s", begin=begin, end=long_date(row.valid_until))


def _others(session: Session, row: Signatory) -> Iterator[Signatory]:
    """Lines of the same part for the same kind whose days meet those of `row`."""
    lines = select(Signatory).where(
        Signatory.part == row.part,
        Signatory.kind.is_(None) if row.kind is None else Signatory.kind == row.kind,
        or_(Signatory.valid_until.is_(None), Signatory.valid_until >= row.valid_from),
    )
    if row.valid_until is not None:
        lines = lines.where(Signatory.valid_from <= row.valid_until)
    with session.no_autoflush:
        found: Sequence[Signatory] = session.scalars(lines.order_by(Signatory.id)).all()
    return (one for one in found if one is not row)
