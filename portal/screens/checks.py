"""What a field accepts, cleaned before it is checked, and a sentence where it is not right."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from wtforms import Field, Form
from wtforms.validators import InputRequired, StopValidation, ValidationError

from portal.casework import cue_words
from portal.indonesia import dates, nik, phone
from portal.wording import _
from portal.wording import lazy as _l

EARLIEST = date(1900, 1, 1)
LATEST_YEARS = 5
LINE, STORY = 300, 20_000
REQUIRED = _l("Wajib diisi.")
# Whole numbers: the least and the most that can be.
RANGES: dict[str, tuple[int, int]] = {
    "estimated_age": (0, 130),
    "age_at_incident": (0, 130),
    "children": (0, 30),
    "position": (0, 100_000),
    "years": (1, 100),
    "people_affected": (0, 10_000_000),
}
# Days and moments that may lie ahead; every other one on a form has been.
AHEAD = {"planned_on", "starts_on", "ends_on", "due_on", "day", "from_at", "until_at"}
AHEAD |= {"valid_from", "valid_until"}


class Something(InputRequired):
    """There is an answer; blanks alone are none."""

    def __call__(self, form: Form, field: Field) -> None:
        """Looks at what was sent, then at what cleaning left of it."""
        super().__call__(form, field)
        if field.data is None or field.data == "":
            raise StopValidation(str(REQUIRED))


def required() -> InputRequired:
    """Nothing is saved without it."""
    return Something(REQUIRED)


def tidy(text: Any) -> Any:
    """Text without blanks around it; nothing at all becomes None."""
    return (text.replace("\0", "").strip() or None) if isinstance(text, str) else text


def digits_of_nik(text: Any) -> Any:
    """A NIK or family card number without the blanks and dots between its digits."""
    return nik.digits(text) or None if isinstance(text, str) else text


class NotLonger:
    """At most `most` characters."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most} if most <= LINE else {}

    def __call__(self, form: Form, field: Field) -> None:
        """Says how many there are and may be."""
        given = len(field.data or "")
        if given > self.most:
            raise ValidationError(
                _("Paling banyak %(most)s karakter; sekarang %(n)s.", most=self.most, n=given)
            )


class Within:
    """A whole number that can be."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, form: Form, field: Field) -> None:
        """An empty field is another rule's business."""
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(
                _("Isi angka dari %(least)s sampai %(most)s.", least=self.least, most=self.most)
            )


def possible_day(form: Form, field: Field) -> None:
    """A day somebody alive can have meant."""
    today = dates.today()
    if field.data and not EARLIEST <= field.data <= today.replace(
        year=today.year + LATEST_YEARS, day=min(today.day, 28)
    ):
        raise ValidationError(_("Tanggal ini tidak mungkin."))


def not_ahead(form: Form, field: Field) -> None:
    """It has happened."""
    if isinstance(field.data, datetime):
        ahead = dates.local_date(field.data) > dates.today()
    else:
        ahead = bool(field.data) and field.data > dates.today()
    if ahead:
        raise ValidationError(_("Tanggal ini belum terjadi."))


def possible_moment(form: Form, field: Field) -> None:
    """As `possible_day`, for a time of a day."""
    if field.data and not EARLIEST.year <= field.data.year <= dates.today().year + LATEST_YEARS:
        raise ValidationError(_("Waktu ini tidak mungkin."))


def telephone(form: Form, field: Field) -> None:
    """A number that can be dialled; one that stood there before may stay."""
    if field.data and field.data != field.shown:
        try:
            phone.normalise(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def email(form: Form, field: Field) -> None:
    """Something before and after one @."""
    if field.data and not _is_address(field.data):
        raise ValidationError(_("Alamat surel ini tidak lengkap."))


def _is_address(text: str) -> bool:
    before, at, after = text.rpartition("@")
    return bool(before and at and "." in after.strip(".")) and not any(map(str.isspace, text))


def _spelt(allowed: str, sentence: Any) -> Callable[[Form, Field], None]:
    def check(form: Form, field: Field) -> None:
        if field.data and not set(field.data) <= set(allowed):
            raise ValidationError(str(sentence))

    return check


def pattern(form: Form, field: Field) -> None:
    """Urgent words that find something, and not everything."""
    if field.data and (sentence := cue_words.faults(field.data)):
        raise ValidationError(sentence)


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
Check = Callable[[Form, Field], None]
CHECKS: dict[str, tuple[Check, ...]] = {
    "email": (email,),
    "pattern": (pattern,),
    "username": (
        _spelt(f"{LETTERS}.-", _l("Pakai huruf kecil, angka, titik, dan tanda hubung saja.")),
    ),
    "code": (_spelt(f"{LETTERS}_", _l("Pakai huruf kecil, angka, dan garis bawah saja.")),),
}
CLEANERS: dict[str, Callable[[Any], Any]] = {"nik": digits_of_nik, "kk": digits_of_nik}
