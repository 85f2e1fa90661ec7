"""Telephone numbers: stored as E.164, shown as people in Indonesia write them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from portal.wording import _

REGION = "ID"
COUNTRY_CODE = 62
LONGEST = 40
HEAD, TAIL = 4, 3


def normalise(text: str) -> str:
    """`0812 3456 7890` as `+6281234567890`; numbers abroad with their + or 00.

    Mobile numbers of thirteen digits are valid. Raises ValueError with a sentence to show.
    """
    number = _parse(text.strip())
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(
            _("Nomor telepon ini tidak dikenali. Contoh: 0812 3456 7890 atau (0341) 717744.")
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def display(e164: str) -> str:
    """A stored number as it is dialled here: `0812-3456-7890`; abroad with its country code.

    What is not a number comes back as it is.
    """
    number = _parse(e164)
    if number is None:
        return e164
    home = number.country_code == COUNTRY_CODE
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def masked(e164: str) -> str:
    """The same with `x` for the digits in the middle, to tell numbers apart: `0812-xxxx-x890`."""
    shown = display(e164)
    digits = [place for place, letter in enumerate(shown) if letter.isdigit()]
    hidden = set(digits[HEAD:-TAIL] if len(digits) > HEAD + TAIL else digits)
    return "".join("x" if place in hidden else letter for place, letter in enumerate(shown))


def _parse(text: str) -> PhoneNumber | None:
    """None for what has letters (they would be dialled as digits) or cannot be a number."""
    if len(text) > LONGEST or any(letter.isalpha() for letter in text):
        return None
    try:
        return phonenumbers.parse("+" + text[2:] if text.startswith("00") else text, REGION)
    except NumberParseException:
        return None
