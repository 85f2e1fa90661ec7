"""What is asked of an answer on the public site, and the sentences beside a field that miss it."""

from typing import Any

from wtforms.validators import ValidationError

from portal.indonesia import phone
from portal.protection import parameters
from portal.wording import _

SHORT, LONG = 200, 20_000
OLDEST_AGE = 130


def clean(text: str | None) -> str:
    """`text` without what nobody types (NUL, other control characters), no blanks around it.

    Emoji and scripts written from right to left stay as they are.
    """
    return parameters.clean(text or "").strip()


class NotLonger:
    """At most `most` characters; the sentence says how many there are."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError for a longer text."""
        length = len(field.data or "")
        if length <= self.most:
            return
        raise ValidationError(
            _(
                "Tulisan ini terlalu panjang: paling banyak %(most)s huruf, sekarang %(length)s."
                " Semua yang Anda tulis masih ada.",
                most=_thousands(self.most),
                length=_thousands(length),
            )
        )


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def is_phone(form: Any, field: Any) -> None:
    """A telephone number as people write it; thirteen digits are valid."""
    if field.data:
        try:
            phone.normalise(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def is_age(form: Any, field: Any) -> None:
    """An age in full years."""
    digits = field.data or ""
    if digits and not (digits.isdecimal() and len(digits) <= 3 and int(digits) <= OLDEST_AGE):
        raise ValidationError(_("Tulis umur dengan angka, misalnya 34."))


def is_email(form: Any, field: Any) -> None:
    """Something before and a domain behind the @."""
    address = field.data or ""
    before, _at, domain = address.rpartition("@")
    if address and not (before and "." in domain.strip(".") and " " not in address):
        raise ValidationError(_("Alamat surel ini tidak lengkap. Contoh: nama@contoh.id"))
