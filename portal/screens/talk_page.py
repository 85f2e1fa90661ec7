"""The page of a conversation: its thread, whose it is, and what can be done with it."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_admin import expose

from models import Conversation
from portal.access import scope
from portal.casework import talk_reading
from portal.screens import edge, traces
from portal.screens.inbox import Inbox, list_facts, who
from portal.screens.talk_thread import bubbles


class TalkPage(Inbox):
    """What the screen of conversations shows of one."""

    details_template = "screens/talk.html"
    demands: Mapping[str, str] = {"live_view": "list", "thread_view": "view"}

    def details_facts(self: Any, talk: Conversation) -> dict[str, Any]:
        """The list beside it, and the thread."""
        return list_facts(chosen=talk) | thread_facts(talk)

    @expose("/percakapan/")
    def thread_view(self: Any) -> str:
        """What is new in the thread, asked for by the page itself. Whoever comes back to a page
        after a while looks at it anew, and that is noted."""
        talk = scope.fetch(edge.session(), Conversation, edge.number(request.args.get("id")))
        facts = thread_facts(talk, most=30)
        if facts["away"]:
            traces.seen(talk)
        edge.session().commit()
        page: str = self.render("screens/talk_live.html", **facts)
        return page


def thread_facts(talk: Conversation, most: int = talk_reading.PAGE) -> dict[str, Any]:
    """The thread as this officer reads it now."""
    session, officer, now = edge.session(), edge.me(), edge.now()
    before = request.args.get("sebelum_pesan", 0, type=int)
    messages, more = talk_reading.thread(session, talk, before, most)
    read = talk_reading.seat(session, talk, officer).read_id
    last = talk_reading.newest(session, talk)
    away = talk_reading.sit(session, talk, officer, last, now)
    return {
        "talk": talk,
        "who": who(talk),
        "bubbles": bubbles(messages, read),
        "more": more,
        "last": last,
        "away": away,
        "others": talk_reading.others(session, talk, officer, now),
    }
