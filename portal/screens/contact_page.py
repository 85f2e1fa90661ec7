"""Hubungi: reaching somebody by the rule of safe contact, and writing down how it went.

Whom and which way first; number, address and code word come only once the gate let it through,
to the officer who asked and for an hour. Nothing is sent from here: officers call, write and go
themselves. Mixed into the screen of attempts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField

from models import Case, ContactAttempt, Monitoring, Officer, Person, Report
from portal.access.permissions import may
from portal.casework import contact, contact_text, contact_told
from portal.casework.contact_words import CAUTIONS, CHANNELS, OUTGOING, WRITTEN, Obstacle
from portal.casework.lifecycle import Refused
from portal.screens import act_facts, checks, edge, traces
from portal.screens.act_forms import reason_against, story
from portal.screens.choices import code_of
from portal.screens.fields import ScreenForm
from portal.screens.people import belonging
from portal.screens.widgets import offered
from portal.wording import _
from portal.wording import lazy as _l

REFUSED, WRONG = 409, 422
About = Case | Report


@dataclass(frozen=True)
class Matter:
    """Who may be reached, and the case or report they stand in."""

    about: About
    people: list[Person]

    def find(self, key: str | None) -> Person:
        """The person that was chosen; StopIteration for anybody else."""
        return next(one for one in self.people if str(one.id) == key)


# --- forms ------------------------------------------------------------------------------------


class ReachForm(ScreenForm):
    """Whom, by which way, in which words, and why if it was not agreed."""

    person = RadioField(_l("Siapa yang dihubungi"), [checks.required()], choices=[])
    channel = RadioField(_l("Dengan cara apa"), [checks.required()], choices=[])
    canned = SelectField(
        _l("Teks netral"),
        choices=[],
        description=_l("Untuk pesan tertulis. Teks sendiri di bawah menggantikannya."),
    )
    text = story(
        _l("Teks sendiri"),
        help=_l(
            "Bila teleponnya dipakai bersama atau belum diketahui, teks tidak menyebut kantor, "
            "masalah, tautan, atau nomor laporan."
        ),
        rows=3,
    )
    reason = reason_against(
        _l("Wajib bila cara, waktu, atau teksnya di luar kesepakatan. Tercatat dan diaudit.")
    )

    def offer(self, people: list[Person], about: About) -> None:
        """Whom and how one may choose."""
        self.person.choices = offered((str(one.id), act_facts.named(one, about)) for one in people)
        self.channel.choices = offered((code, _capital(CHANNELS[code])) for code in OUTGOING)
        self.canned.choices = offered([("", _("Tanpa teks")), *contact_text.neutral()])
        if len(people) == 1 and self.person.data in (None, "None"):
            self.person.data = str(people[0].id)

    def choose(self, named: Mapping[str, str]) -> None:
        """What the address proposes, where it can be chosen; the officer may choose otherwise."""
        for field in (self.person, self.channel, self.canned):
            if named.get(field.name) in {one.value for one in field.choices}:
                field.data = named[field.name]

    @property
    def words(self) -> str | None:
        """What will be said in writing, if anything."""
        known = {one.value: one.label for one in self.canned.choices}
        canned = known.get(self.canned.data) if self.canned.data else None
        return self.text.data or (canned if self.channel.data in WRITTEN else None)

    def tell(self, against: list[Obstacle]) -> None:
        """Each obstacle beside the field it belongs to."""
        of_text = [one.sentence for one in against if one.code.startswith("text_")]
        of_way = [one.sentence for one in against if not one.code.startswith("text_")]
        self.text.errors = of_text
        self.channel.errors = of_way
        self.reason.errors = [_("Tuliskan alasannya bila tetap perlu.")]


class OutcomeForm(ScreenForm):
    """How it went."""

    outcome = code_of(_l("Hasil"), "contact_outcome", checks.required())
    note = story(_l("Catatan"), help=_l("Boleh dikosongkan."), rows=3)


# --- pages ------------------------------------------------------------------------------------


class ContactPage:
    """Mixed into the screen of attempts to reach somebody."""

    details_template = "screens/contact_attempt.html"
    demands: Mapping[str, str] = {"reach_view": "view", "outcome_view": "view"}

    @expose("/hubungi/", methods=("GET", "POST"))
    def reach_view(self: Any) -> Any:
        """Choose whom and how; the rule answers."""
        officer, matter = _reaching(), _matter()
        form = ReachForm(get_form_data())
        form.offer(matter.people, matter.about)
        if request.method == "GET":
            form.choose(request.args)
            return _page(self, matter, form)
        if not form.validate():
            return _page(self, matter, form), WRONG
        attempt = _try(matter, form, officer)
        if attempt is None:
            return _page(self, matter, form), REFUSED
        return redirect(url_for(".details_view", id=attempt.id), 303)

    @expose("/hasil/", methods=("POST",))
    def outcome_view(self: Any) -> Any:
        """Write down how it went, once."""
        officer = _reaching()
        attempt = edge.fetch(ContactAttempt, request.args.get("id"))
        form = OutcomeForm(get_form_data())
        if not form.validate():
            facts = self.details_facts(attempt) | {"outcome_form": form}
            return self.render("screens/contact_outcome.html", model=attempt, **facts), WRONG
        try:
            contact.conclude(edge.session(), attempt, officer, form.outcome.data, form.note.data)
        except Refused as refusal:
            edge.session().rollback()
            traces.turned_down()
            flash(" ".join(refusal.sentences), "warning")
            return redirect(url_for(".details_view", id=attempt.id), 303)
        edge.session().commit()
        flash(_("Hasil kontak disimpan."), "success")
        return _after(attempt)

    def details_facts(self: Any, attempt: ContactAttempt) -> dict[str, Any]:
        """Number and code word while the attempt is open to this officer; the form of its end."""
        officer, person = edge.me(), attempt.person
        is_open = contact.is_open(attempt, officer, edge.now())
        own = attempt.officer_id == officer.id and attempt.state != "refused"
        return {
            "secrets": contact_told.secrets(person, attempt.channel) if is_open and person else [],
            "rules": contact_told.sentences(person.safe_contact) if is_open and person else [],
            "caution": CAUTIONS.get(attempt.channel),
            "outcome_form": OutcomeForm() if own and not attempt.outcome else None,
            "again": address_of(about) if (about := attempt.case or attempt.report) else None,
        }


def _reaching() -> Officer:
    officer = edge.me()
    if not may(officer, "contact_attempt.create"):
        abort(403)
    return officer


def _try(matter: Matter, form: ReachForm, officer: Officer) -> ContactAttempt | None:
    """The attempt, or None when the rule is against it: that is kept too, and told on the form."""
    session, now = edge.session(), edge.now()
    person, channel = matter.find(form.person.data), form.channel.data
    try:
        attempt = contact.permit(
            session,
            person,
            channel,
            officer,
            now,
            form.reason.data,
            about=matter.about,
            text=form.words,
        )
    except contact.NotPermitted as refusal:
        against = refusal.obstacles
        wish = contact.Wish(person, channel, officer, now, matter.about, form.words)
        contact.refuse(session, wish, against)
        session.commit()
        form.tell(against)
        return None
    session.commit()
    return attempt


def _after(attempt: ContactAttempt) -> Response:
    about: Any = attempt.case or attempt.report or attempt.conversation
    return redirect(edge.page_of(about.__tablename__, about.id), 303)


def _page(view: Any, matter: Matter, form: ReachForm) -> str:
    now, session = edge.now(), edge.session()
    page: str = view.render(
        "screens/contact.html",
        about=matter.about,
        form=form,
        back=edge.page_of(matter.about.__tablename__, matter.about.id),
        ways=[
            (
                act_facts.named(one, matter.about),
                contact_told.sentences(one.safe_contact),
                _ways(session, one, now),
            )
            for one in matter.people
        ],
        cautions=[(_capital(CHANNELS[code]), CAUTIONS[code]) for code in OUTGOING],
    )
    return page


def _ways(session: Any, person: Person, now: Any) -> list[tuple[str, list[str]]]:
    """Each way with what is against it now."""
    return [
        (_capital(CHANNELS[code]), contact.obstacles(person.safe_contact, code, now))
        for code in OUTGOING
    ]


# --- whom, in which matter ----------------------------------------------------------------------


def address_of(row: Any) -> str:
    """Where somebody in this case, report, contact of the monitoring, or this person is reached."""
    return url_for("contact_attempt.reach_view", **{row.__tablename__: row.id})


def _of_case(case: Case) -> Matter:
    return Matter(case, _with_guardians(act_facts.people_of(case)))


def _of_report(report: Report) -> Matter:
    return Matter(report, _with_guardians(act_facts.people_of_report(report)))


def _of_monitoring(one: Monitoring) -> Matter:
    return Matter(one.case, _with_guardians([one.victim.person]))


def _of_person(person: Person) -> Matter:
    """In the newest case this person stands in, else the newest report."""
    about = _newest(Case, person) or _newest(Report, person)
    return Matter(about, [person]) if about else abort(404)


def _newest(model: type[Any], person: Person) -> Any:
    found = select(model).where(belonging(model, [person.id])).order_by(model.id.desc())
    return edge.session().scalars(found.limit(1)).first()


def _with_guardians(people: list[Person]) -> list[Person]:
    guardians = [one.guardian for one in people if one.guardian]
    return list(dict.fromkeys([*people, *guardians]))


SUBJECTS: dict[str, tuple[type[Any], Callable[[Any], Matter]]] = {
    "case": (Case, _of_case),
    "report": (Report, _of_report),
    "monitoring": (Monitoring, _of_monitoring),
    "person": (Person, _of_person),
}


def _matter() -> Matter:
    """What the address names: one case, report, contact or person that this officer meets."""
    name = next((name for name in SUBJECTS if name in request.args), None) or abort(404)
    model, found = SUBJECTS[name]
    return found(edge.fetch(model, request.args[name]))


def _capital(words: Any) -> str:
    """The first letter large, the others as they are: WhatsApp, SMS."""
    text = str(words)
    return text[:1].upper() + text[1:]
