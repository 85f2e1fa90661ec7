"""The website's form becomes an `Arrival`: answers as they were typed, told as facts.

`answers` is what the steps of the form hold once they are valid: one mapping of field names to
values for each step, a list of mappings where people can be several. Nothing here asks anything
of them; an empty answer is an unknown fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Self

from portal.casework.arrival import (
    UNKNOWN,
    Accused,
    Arrival,
    ContactFacts,
    FileFacts,
    Harmed,
    PersonFacts,
)
from portal.casework.contact_words import NEVER
from portal.indonesia import nik, phone
from portal.wording import _

CHANNEL = "website"
OUTSIDE = "luar"
SELF = "korban_sendiri"
OLDEST_YEAR = 1900
CARD_KIND, OTHER_KIND = "kartu_identitas", "bukti"
BY_PHONE = ("telepon", "whatsapp", "sms")
TRUTH = {"ya": True, "tidak": False}

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class PartialDate:
    """A date as far as somebody knows it."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def read(cls, day: str, month: str, year: str, today: date) -> Self | None:
        """Three typed boxes; None where all are empty. Raises ValueError with a sentence."""
        if not (day or month or year):
            return None
        numbers = (_number(year), _number(month), _number(day))
        if not year:
            raise ValueError(_("Tulis setidaknya tahunnya, atau kosongkan semua."))
        if day and not month:
            raise ValueError(_("Tulis juga bulannya, atau kosongkan tanggalnya."))
        return cls._checked(*numbers, today)

    @classmethod
    def _checked(cls, year: int, month: int, day: int, today: date) -> Self:
        if year < OLDEST_YEAR:
            raise ValueError(_("Tulis tahun dengan empat angka, misalnya 2026."))
        known = cls(year, month or None, day or None)
        try:
            first = known.first_day
        except (ValueError, OverflowError):
            raise ValueError(_("Tanggal ini tidak ada di kalender. Periksa kembali.")) from None
        if first > today:
            raise ValueError(_("Tanggal ini belum terjadi. Periksa kembali tahunnya."))
        return known

    @property
    def first_day(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def precision(self) -> str:
        """How much is known, as a code of the list `date_precision`."""
        return "hari" if self.day else "bulan" if self.month else "tahun"


def _number(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 4 or not int(text):
        raise ValueError(_("Tulis tanggal dengan angka, misalnya 17 8 2026."))
    return int(text)


def enough(answers: Mapping[str, Any]) -> bool:
    """Whether a report can be worked on: a sentence of what happened, or a way to ask.

    Somebody who dares only one of the two is still somebody the office must hear: without a word
    it can call and ask, without a way to call it can still look, and answer at `/lacak`.
    """
    told = answers["kejadian"].get("narrative")
    contact = answers["kontak"]
    reachable = contact.get("phone") or contact.get("email")
    return bool(told or (reachable and contact.get("channel") != NEVER))


def arrival(answers: Answers, files: Sequence[FileFacts] = ()) -> Arrival:
    """The report told by the answers to every step, with the files that were handed in."""
    happened, when, told_by = answers["kejadian"], answers["waktu-tempat"], answers["pelapor"]
    day: PartialDate | None = when.get("when")
    return Arrival(
        channel=CHANNEL,
        reporter=_teller(told_by, answers["kontak"]),
        relation=told_by.get("relation") or UNKNOWN,
        anonymous=not (told_by.get("name") or told_by.get("nik")),
        safe_contact=_contact({**answers["kontak"], **answers["keamanan"]}),
        victims=_victims(answers["korban"], told_by),
        suspects=[_accused(one) for one in answers["terlapor"] if any(one.values())],
        narrative=happened.get("narrative") or None,
        violence_kinds=happened.get("violence_kinds") or (),
        danger_now=TRUTH.get(happened.get("danger_now") or ""),
        incident_date=day.first_day if day else None,
        incident_precision=day.precision if day else UNKNOWN,
        incident_time=when.get("time_of_day") or UNKNOWN,
        place_kind=when.get("place_kind") or None,
        place=when.get("place") or None,
        region_code=_region(when),
        outside_city=when.get("region") == OUTSIDE,
        wishes=answers["harapan"].get("wishes") or None,
        previously_reported=answers["harapan"].get("previously_reported") or (),
        identity_card=answers["berkas"].get("card") or None,
        identity_card_reason=answers["berkas"].get("card_reason") or None,
        consents_to_processing=True,
        files=files,
    )


def _victims(people: Sequence[Answers], told_by: Answers) -> list[Harmed]:
    """Whoever something is known of; somebody is harmed even where nothing is known of anybody."""
    own = told_by.get("relation") == SELF
    first, *others = people or [{}]
    known = [_harmed(one, False) for one in others if any(one.values())]
    if own or any(first.values()) or not known:
        known.insert(0, _harmed(first, own))
    return known


def _teller(told: Answers, contact: Answers) -> PersonFacts:
    number, email = contact.get("phone"), contact.get("email")
    return replace(
        _person(told), phone=phone.normalise(number) if number else None, email=email or None
    )


def _harmed(told: Answers, is_reporter: bool) -> Harmed:
    return Harmed(
        person=_person(told),
        is_reporter=is_reporter,
        condition=told.get("condition") or None,
    )


def _accused(told: Answers) -> Accused:
    return Accused(
        person=_person(told),
        relation=told.get("relation") or UNKNOWN,
        same_household=TRUTH.get(told.get("same_household") or ""),
        description=told.get("description") or None,
    )


def _person(told: Answers) -> PersonFacts:
    born: PartialDate | None = told.get("born")
    age = told.get("age")
    return PersonFacts(
        name=told.get("name") or None,
        nik=nik.digits(told.get("nik") or "") or None,
        birth_date=born.first_day if born else None,
        estimated_age=int(age) if age else None,
        sex=told.get("sex") or UNKNOWN,
        address=told.get("address") or None,
        region_code=_region(told),
        disabilities=tuple(told.get("disabilities") or ()),
    )


def _region(told: Answers) -> str | None:
    code = told.get("region")
    return code if code and code != OUTSIDE else None


def _contact(told: Answers) -> ContactFacts:
    channel = told.get("channel") or UNKNOWN
    number = phone.normalise(told["phone"]) if told.get("phone") else None
    email = told.get("email") or None
    return ContactFacts(
        channel=channel,
        address=email if channel == "email" else number or email,
        days=tuple(told.get("days") or ()),
        from_time=_hour(told.get("from_time")),
        until_time=_hour(told.get("until_time")),
        code_word=told.get("code_word") or None,
        shared_phone=TRUTH.get(told.get("shared_phone") or ""),
        who_may_answer=told.get("who_may_answer") or None,
        letter_allowed=TRUTH.get(told.get("letter_allowed") or ""),
        visit_allowed=TRUTH.get(told.get("visit_allowed") or ""),
        notes=told.get("notes") or None,
    )


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
