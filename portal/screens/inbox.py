"""The inbox: every conversation an officer meets, in the order in which people wait.

Titles, names and numbers of what waits, never what was said: reading a conversation is opening it,
and that is noted. The list looks again by itself every ten seconds (`live_view`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

import models as m
from models import Channel, Conversation, Officer
from portal import labels
from portal.casework import clock, correspondents, talk_reading
from portal.indonesia import phone
from portal.protection import audit
from portal.screens import codes, edge, inbox_views, keyset, terms, titles, traces
from portal.screens.inbox_views import FIRST, VIEWS
from portal.wording import _

VIEW, CHANNEL = "tampilan", "saluran"
SIZE = 25
ICONS: dict[Channel, str] = {
    Channel.website: "world",
    Channel.whatsapp: "brand-whatsapp",
    Channel.telepon: "phone",
    Channel.datang_langsung: "walk",
    Channel.rujukan: "building",
    Channel.media_sosial: "message",
    Channel.email: "mail",
}


@dataclass(frozen=True)
class Line:
    """A conversation in the list."""

    talk: Conversation
    who: str
    address: str
    unread: int
    late: bool
    labels: Sequence[str]

    @property
    def icon(self) -> str:
        """The picture of its channel; the word stands beside it."""
        return ICONS[self.talk.channel]


@dataclass(frozen=True)
class Asked:
    """What an address asks of the inbox."""

    view: str
    channel: Channel | None
    token: str
    term: str

    def address(self, endpoint: str = ".index_view", **changes: Any) -> str:
        """The same inbox, with something changed."""
        kept: dict[str, Any] = {VIEW: self.view, terms.PARAMETER: self.token or None}
        kept[CHANNEL] = self.channel.value if self.channel else None
        given: dict[str, Any] = kept | changes
        return url_for(endpoint, **given)


class Inbox:
    """Mixed into the screen of conversations: its list."""

    @expose("/")
    def index_view(self: Any) -> str:
        """The inbox as the address asks for it."""
        asked = _asked()
        facts = list_facts(asked)
        narrowed = {VIEW: [asked.view], **({"cari": [_("ya")]} if asked.term else {})}
        traces.listed(self.table, narrowed)
        page: str = self.render("screens/inbox.html", **facts)
        return page

    @expose("/langsung/")
    def live_view(self: Any) -> str:
        """The same list and its counters, asked for by the page itself: no new look at it."""
        page: str = self.render("screens/inbox_live.html", **list_facts(_asked()))
        return page

    @expose("/cari/", methods=("POST",))
    def search_view(self: Any) -> Response:
        """By number, or by telephone number; what was typed travels sealed."""
        term = terms.clean(request.form.get("search", ""))
        if not term:
            return redirect(url_for(".index_view"), 303)
        where = (inbox_views.SHOWN, inbox_views.found_by(term))
        found = len(edge.session().scalars(select(Conversation.id).where(*where)).all())
        audit.record(edge.session(), "searched", edge.me(), table=self.table, found=found)
        edge.session().commit()
        token = terms.seal(term, self.table, edge.me())
        return redirect(url_for(".index_view", cari=token), 303)


def _asked() -> Asked:
    view = request.args.get(VIEW, FIRST)
    channel = request.args.get(CHANNEL) or None
    if view not in VIEWS or (channel and channel not in list(Channel)):
        abort(404)
    token = request.args.get(terms.PARAMETER, "")
    term = terms.unseal(token, "conversation", edge.me()) if token else ""
    if term is None:
        flash(_("Pencarian itu tidak berlaku lagi. Ketik sekali lagi."), "warning")
    return Asked(view, Channel(channel) if channel else None, token if term else "", term or "")


def list_facts(asked: Asked | None = None, chosen: Conversation | None = None) -> dict[str, Any]:
    """Everything a list of conversations shows; `chosen` is open beside it."""
    asked = asked or _asked()
    officer, now = edge.me(), edge.now()
    page, counted = _page(asked, officer, now), inbox_views.counts(officer, now)
    return {
        "asked": asked,
        "views": _views(asked, counted),
        "channels": [(None, _("Semua saluran")), *((c, labels.label(c)) for c in Channel)],
        "lines": lines(page.rows, asked, now),
        "chosen": chosen,
        "count": counted[asked.view],
        "empty": _("Tidak ada yang menunggu.") if VIEWS[asked.view].queue else _("Kosong."),
        "newer_url": asked.address(sebelum=page.newer) if page.newer else None,
        "older_url": asked.address(sesudah=page.older) if page.older else None,
        "live_url": asked.address(".live_view", **_cursors()),
    }


def _cursors() -> dict[str, Any]:
    named = (keyset.AFTER, keyset.BEFORE)
    return {name: request.args[name] for name in named if name in request.args}


def _page(asked: Asked, officer: Officer, now: datetime) -> keyset.Page:
    if asked.term:
        where = [inbox_views.SHOWN, inbox_views.found_by(asked.term)]
    else:
        where = list(inbox_views.conditions(asked.view, officer, now))
    if asked.channel:
        where.append(Conversation.channel == asked.channel)
    wanted = select(Conversation).where(*where).options(*LOADED)
    order = inbox_views.order(asked.view)
    try:
        return keyset.page(edge.session(), wanted, order, SIZE, **_cursors())
    except keyset.BadCursor:
        abort(400)


LOADED = (
    selectinload(Conversation.owner),
    selectinload(Conversation.correspondent).selectinload(m.Correspondent.aliases),
    selectinload(Conversation.report)
    .selectinload(m.Report.reporter)
    .selectinload(m.Reporter.person),
)


def _views(asked: Asked, counted: dict[str, int]) -> list[tuple[str, Any, int, str]]:
    there = partial(asked.address, cari=None)
    return [(name, one.label, counted[name], there(tampilan=name)) for name, one in VIEWS.items()]


def lines(talks: Sequence[Conversation], asked: Asked, now: datetime) -> list[Line]:
    """The rows of a list."""
    unread = talk_reading.unread(edge.session(), talks, edge.me())
    known = codes.names("label_percakapan")
    return [
        Line(
            talk,
            who(talk),
            asked.address(".details_view", id=talk.id),
            unread.get(talk.id, 0),
            clock.answers_late(talk, now),
            [known.get(code, code) for code in talk.labels],
        )
        for talk in talks
    ]


def who(talk: Conversation) -> str:
    """What the other side is called, as far as anybody knows; a number is told whole where it may
    be called alone."""
    if talk.report is not None:
        teller = talk.report.reporter
        return titles.of(teller.person) if teller and teller.person else _("Pelapor")
    somebody = talk.correspondent
    if somebody is None:
        return _("Tidak dikenal")
    number = correspondents.value_of(somebody, correspondents.PHONE)
    other = correspondents.value_of(somebody, correspondents.EMAIL)
    return somebody.name or (phone.masked(number) if number else other) or _("Tanpa nama")
