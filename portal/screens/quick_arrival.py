"""What was typed into the quick form, as the `Arrival` that every channel hands over."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from models import Channel, IdentityCard
from portal.casework.arrival import (
    UNKNOWN,
    Accused,
    Arrival,
    ContactFacts,
    FileFacts,
    Harmed,
    PersonFacts,
)
from portal.casework.social import Post
from portal.indonesia import phone
from portal.protection import files
from portal.protection.files import Checked
from portal.screens.quick_form import OUTSIDE

CARD, OTHER = "kartu_identitas", "bukti"
SELF = "korban_sendiri"
TEXTS = ("narrative", "wishes", "incident_date", "place", "place_kind", "identity_card_reason")
# An empty answer is an answer: no is not unknown, none chosen is an empty list.
ANSWERS = ("danger_now", "consents_to_processing", "violence_kinds")
CODES = ("incident_precision", "incident_time")
SOMETIMES = ("call_kind", "referring_institution", "referring_letter")


def arrival(form: Any, channel: Channel, now: datetime) -> Arrival:
    """The report as it is told; nothing typed is lost, nothing untold is invented."""
    region = form.region.data
    card = _card(form)
    return Arrival(
        channel=channel.value,
        received_at=min(form.received_at.data, now),
        reporter=_teller(form),
        relation=form.reporter_relation.data or UNKNOWN,
        anonymous=bool(form.anonymous.data),
        safe_contact=_contact(form),
        victims=_victims(form),
        suspects=_suspects(form),
        region_code=None if region in ("", OUTSIDE) else region,
        outside_city=region == OUTSIDE,
        identity_card=card.value if card else None,
        files=[*_stored(form.card_files.checked, CARD), *_stored(form.other_files.checked, OTHER)],
        **_plain(form),
    )


def post(form: Any) -> Post:
    """Where on social media it was seen, where that was asked."""
    if "social_place" not in form:
        return Post()
    told = (form.social_place, form.social_account, form.social_link)
    return Post(*(one.data or "" for one in told))


def _plain(form: Any) -> dict[str, Any]:
    """The answers that are taken over as they are."""
    sometimes = [name for name in SOMETIMES if name in form]
    return {
        **{name: form[name].data or None for name in (*TEXTS, *sometimes)},
        **{name: form[name].data for name in ANSWERS},
        **{name: form[name].data or UNKNOWN for name in CODES},
    }


def _card(form: Any) -> IdentityCard | None:
    """A card that was handed in is there, whatever was chosen before."""
    chosen: IdentityCard | None = form.identity_card.data
    return IdentityCard.dilampirkan if form.card_files.checked else chosen


def _number(typed: str | None) -> str | None:
    return phone.normalise(typed) if typed else None


def _teller(form: Any) -> PersonFacts | None:
    facts = PersonFacts(
        name=form.reporter_name.data,
        phone=_number(form.reporter_phone.data),
        nik=form.reporter_nik.data,
    )
    return facts if facts.known() else None


def _contact(form: Any) -> ContactFacts | None:
    facts = ContactFacts(
        channel=form.contact_channel.data or UNKNOWN,
        address=form.contact_address.data or _number(form.reporter_phone.data),
        days=form.days.data or (),
        from_time=form.from_time.data,
        until_time=form.until_time.data,
        code_word=form.code_word.data,
        shared_phone=form.shared_phone.data,
        who_may_answer=form.who_may_answer.data,
        letter_allowed=form.letter_allowed.data,
        visit_allowed=form.visit_allowed.data,
    )
    return facts if facts != ContactFacts() else None


def _victims(form: Any) -> list[Harmed]:
    """Whoever something is known of; in a report somebody is harmed even if nobody is named."""
    own = form.reporter_relation.data == SELF
    people = [_harmed(entry.form) for entry in form.victims]
    known = [one for one in people if one.person.known() or one.condition]
    if own:
        first = replace(known[0] if known else Harmed(), is_reporter=True)
        return [first, *known[1:]]
    told = not (form.outcome.data or form.is_empty_call)
    return known or ([Harmed()] if told else [])


def _harmed(form: Any) -> Harmed:
    person = PersonFacts(
        name=form.name.data,
        sex=form.sex.data or UNKNOWN,
        estimated_age=form.estimated_age.data,
        birth_date=form.birth_date.data,
        phone=_number(form.phone.data),
        nik=form.nik.data,
        address=form.address.data,
    )
    return Harmed(person=person, condition=form.condition.data)


def _suspects(form: Any) -> list[Accused]:
    people = [_accused(entry.form) for entry in form.suspects]
    return [one for one in people if one != Accused()]


def _accused(form: Any) -> Accused:
    return Accused(
        person=PersonFacts(name=form.name.data),
        relation=form.relation.data or UNKNOWN,
        same_household=form.same_household.data,
        description=form.description.data,
    )


def _stored(checked: Iterable[Checked], kind: str) -> list[FileFacts]:
    return [_file(one, kind) for one in checked]


def _file(one: Checked, kind: str) -> FileFacts:
    storage_key, sha256 = files.store(one.data)
    return FileFacts(
        kind=kind,
        filename=one.filename,
        mime=one.mime,
        size=len(one.data),
        sha256=sha256,
        storage_key=storage_key,
        flags=one.flags,
    )
