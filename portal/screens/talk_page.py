"""The page of a conversation: its thread, whose it is, and what can be done with it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select

from models import (
    Conversation,
    Correspondent,
    Direction,
    Message,
    Officer,
    Person,
    Report,
    ReportStatus,
)
from portal.access import scope
from portal.access.permissions import may
from portal.casework import (
    agreements,
    answering,
    clock,
    contact_told,
    talk_merging,
    talk_reading,
    talk_rules,
)
from portal.casework.reissue import PROOFS
from portal.indonesia import dates
from portal.screens import act_facts, codes, edge, talk_answers, talk_thread, titles, traces
from portal.screens.acted_page import Button
from portal.screens.acts import Acting
from portal.screens.inbox import ICONS, Inbox, list_facts, who
from portal.screens.talk_answers import Answers
from portal.screens.talk_canned import texts
from portal.screens.talk_desk import WORDS
from portal.screens.talk_forms import NoteForm
from portal.screens.talk_sendings import OFFERED, Sendings
from portal.screens.talk_thread import bubbles
from portal.wording import _

# Done by one press on the page itself; the others have something to fill in.
AT_ONCE = {"take", "finish", "reopen", "wake"}
SILENCE = timedelta(days=7)
LATEST = 30


class TalkPage(Acting, Answers, Sendings, Inbox):
    """What the screen of conversations shows of one."""

    details_template = "screens/talk.html"
    demands: Mapping[str, str] = {
        **dict.fromkeys(("live_view",), "list"),
        **dict.fromkeys(("thread_view", "act_view", "reply_view", "note_view"), "view"),
        **dict.fromkeys(("typed_view", "unread_view", "chronicle_view", "sending_view"), "view"),
    }

    def details_facts(self: Any, talk: Conversation) -> dict[str, Any]:
        """The list beside it, the thread, and the composer."""
        facts = list_facts(chosen=talk) | thread_facts(talk) | composer_facts(talk)
        edge.session().commit()  # nosemgrep: commit-on-get
        return facts

    def composed(self: Any, talk: Conversation, **forms: Any) -> str:
        """The same page with what was typed, and what is wrong with it."""
        facts = list_facts(chosen=talk) | thread_facts(talk) | composer_facts(talk, **forms)
        edge.session().commit()
        page: str = self.render(self.details_template, model=talk, **facts)
        return page

    @expose("/percakapan/")
    def thread_view(self: Any) -> str:
        """What is new in the thread, asked for by the page itself. Whoever comes back to a page
        after a while looks at it anew, and that is noted."""
        talk = _asked_again()
        facts = thread_facts(talk, most=LATEST)
        if facts["away"]:
            traces.seen(talk)
        edge.session().commit()  # nosemgrep: commit-on-get
        page: str = self.render("screens/talk_live.html", **facts)
        return page


def _asked_again() -> Conversation:
    """The row of the address; not noted as looked at, for a page that only asks for news."""
    key = edge.number(request.args.get("id"))
    try:
        return scope.fetch(edge.session(), Conversation, key)
    except scope.NotVisible:
        return edge.fetch(Conversation, str(key))


def talk_facts(talk: Conversation | None) -> dict[str, Any]:
    """The conversation about a report, as a part of the page of that report."""
    if talk is None:
        return {"talk": None, "unread": 0}
    unread = talk_reading.unread(edge.session(), [talk], edge.me()).get(talk.id, 0)
    facts = thread_facts(talk) | composer_facts(talk) | {"unread": unread}
    edge.session().commit()  # nosemgrep: commit-on-get
    return facts


def thread_facts(talk: Conversation, most: int = talk_reading.PAGE) -> dict[str, Any]:
    """The thread as this officer reads it now."""
    session, officer, now = edge.session(), edge.me(), edge.now()
    before = edge.key_in(request.args.get("sebelum_pesan", "")) or 0
    found, more = talk_reading.thread(session, talk, before, most + 1)
    earlier, messages = (found[0], found[1:]) if len(found) > most else (None, found)
    read = talk_reading.seat(session, talk, officer).read_id
    last = talk_reading.newest(session, talk)
    away = talk_reading.sit(session, talk, officer, last, now)
    known = codes.names("label_percakapan")
    part = talk_answers.part_answered(talk)
    return {
        "talk": talk,
        "who": who(talk),
        "icon": ICONS[talk.channel],
        "bubbles": bubbles(messages, read, earlier),
        "quotable": part.channel if _may_quote(talk, part, officer) else None,
        "more": more or earlier is not None,
        "last": answering.last_heard(session, talk),
        "away": away,
        "late": clock.answers_late(talk, now),
        "labels": [known.get(code, code) for code in talk.labels],
        "others": talk_reading.others(session, talk, officer, now),
        "acts": _acts(talk, officer),
        "thread_url": url_for("conversation.thread_view", id=talk.id),
        "window": _window(part),
        "sending_acts": OFFERED if talk.owner_id == officer.id else {},
    }


def _acts(talk: Conversation, officer: Officer) -> list[tuple[Button, bool]]:
    """What this officer may do now; with True what one press does."""
    able = [act for act in WORDS if not talk_rules.obstacles(talk, act, officer)]
    able = [act for act in able if act != "unlink" or talk.links]
    named = [Button(act, WORDS[act].label, WORDS[act].grave) for act in able]
    return [(one, one.act in AT_ONCE) for one in named]


def _may_quote(talk: Conversation, part: Conversation, officer: Officer) -> bool:
    """Whether an answer of this officer can say which message it answers: the channel shows it."""
    return answering.travels(part) and talk.owner_id == officer.id and talk.merged_into_id is None


def _window(part: Conversation) -> dict[str, Any] | None:
    """Until when WhatsApp lets free text through."""
    closes = answering.window_closes(part)
    return {"at": closes, "closed": edge.now() >= closes} if closes else None


def composer_facts(talk: Conversation, answer: Any = None, note: Any = None) -> dict[str, Any]:
    """Everything an officer needs to write: the agreement, the forms, what may be inserted."""
    officer, session = edge.me(), edge.session()
    may_write = may(officer, "message.create") and talk.merged_into_id is None
    form, part = answer or _answer_form(talk), talk_answers.part_answered(talk)
    return {
        "mine": talk.owner_id == officer.id,
        "may_write": may_write,
        "contacts": contacts(part),
        "hints": identity_hints(talk),
        "identity": identity_told(talk),
        "answer_form": form,
        "quoting": talk_thread.words(form.quoted(talk)),
        "note_form": note or _note_form(talk),
        "opened": "note" if note is not None else "answer",
        "part": part,
        "can_be_read": answering.can_be_read(part),
        "travels": answering.travels(part),
        "canned": texts(session),
        "about": _about(talk),
        "alike": talk_merging.alike(session, talk),
        "may_report": talk.report_id is None and may(officer, "report.create"),
    }


def _answer_form(talk: Conversation) -> Any:
    """The composer as it was left. What was seen is what stands on the page now."""
    form = talk_answers.answer_form(talk, talk_answers.drafted(talk, talk_answers.ANSWER))
    form.seen.data = str(answering.last_heard(edge.session(), talk))
    form.quote.data = request.args.get("kutip") or form.quote.data
    return form


def _note_form(talk: Conversation) -> NoteForm:
    typed = talk_answers.drafted(talk, talk_answers.NOTE)
    return NoteForm(typed, prefix=talk_answers.NOTE)


def contacts(talk: Conversation) -> list[tuple[str, list[str]]]:
    """How whoever is behind it may be reached safely."""
    if talk.report is not None:
        return act_facts.contacts_of(act_facts.people_of_report(talk.report), talk.report)
    people = {one.id for one, _agreed in agreements.of(edge.session(), talk)}
    seen = edge.session().scalars(select(Person).where(Person.id.in_(people)))
    return [(titles.of(one), contact_told.sentences(one.safe_contact)) for one in seen]


def _about(talk: Conversation) -> list[tuple[Any, bool]]:
    """The reports and cases it is about, as far as they are in sight; True where messages can
    still be added to the chronology."""
    return [(row, _is_open(row)) for row in talk_reading.matters(edge.session(), talk)]


def _is_open(row: Any) -> bool:
    waiting = (ReportStatus.new, ReportStatus.in_progress)
    return isinstance(row, Report) and row.status in waiting and may(edge.me(), "report.edit")


def identity_hints(talk: Conversation) -> list[str]:
    """Why one should ask again who is writing, before anything is said."""
    somebody, hints = talk.correspondent, []
    if somebody is not None and _has_changed(somebody):
        hints.append(_("Nomor atau akun berubah sejak identitas diperiksa: periksa lagi."))
    elif somebody is not None and somebody.checked_at is None:
        hints.append(_("Identitas belum diperiksa: nama di sini ditulis pengirim sendiri."))
    heard = [one.at for one in _last_heard(talk)]
    if len(heard) == 2 and abs(heard[0] - heard[1]) > SILENCE:
        hints.append(_("Lama tidak menulis: tanyakan kata sandi percakapan sebelum membahas isi."))
    return hints


def _has_changed(somebody: Correspondent) -> bool:
    if somebody.checked_at is None:
        return somebody.person_id is not None
    return any(one.created_at > somebody.checked_at for one in somebody.aliases)


def identity_told(talk: Conversation) -> str | None:
    """Who checked who is behind it, when, how, and who it is, as far as this officer meets them."""
    somebody = talk.correspondent
    if somebody is None or somebody.checked_at is None or somebody.checked_by is None:
        return None
    wanted = select(Person).where(Person.id == somebody.person_id)
    seen = titles.of(edge.session().scalar(wanted)) or _("tidak terlihat oleh Anda")
    proof = PROOFS.get(somebody.checked_how or "")
    return _(
        "Identitas diperiksa oleh %(by)s pada %(at)s. Cara: %(how)s. Orang: %(who)s.",
        by=somebody.checked_by.name,
        at=dates.moment(somebody.checked_at),
        how=proof.label if proof else _("tidak dicatat"),
        who=_("belum diketahui") if somebody.person_id is None else seen,
    )


def _last_heard(talk: Conversation) -> list[Message]:
    return [one for one in talk.messages if one.direction is Direction.masuk][-2:]
