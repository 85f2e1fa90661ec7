"""What was seen on a social medium: the account behind it, kept sealed, and the post as told.

It stands in the inbox as a conversation with that account, linked to the report that was made of
it; nobody is answered there from here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import Channel, Officer, Report, TalkState
from portal.access import scope
from portal.casework import conversations, correspondents
from portal.casework.conversations import Incoming
from portal.casework.correspondents import SOCIAL, KnownAs


@dataclass(frozen=True, slots=True)
class Post:
    """Where it was seen, under which account, and its address; each as far as it is known."""

    place: str = ""
    account: str = ""
    link: str = ""

    def __bool__(self) -> bool:
        return bool(self.place or self.account or self.link)

    @property
    def name(self) -> str:
        """The account as it is found again, however it was typed."""
        return f"{self.place.strip()}:{self.account.strip().lstrip('@')}".casefold()


def tell(session: Session, report: Report, post: Post, officer: Officer, now: datetime) -> None:
    """Keep whom a report of a social medium came from, in the transaction of the report."""
    if not post:
        return
    channel = Channel.media_sosial
    if post.account:
        somebody = correspondents.meet(session, [KnownAs(SOCIAL, post.name)], now, post.account)
        talk = conversations.with_somebody(session, somebody, channel, now)
        if talk.began_at != now and not scope.sees(session, officer, talk):
            # What colleagues know of this account stays with them.
            about = {"correspondent": somebody, "split_from": talk}
            talk = conversations.apart(session, channel, now, **about)
    else:
        talk = conversations.apart(session, channel, now)
    head = " ".join(one for one in (post.place, post.account) if one)
    said = "\n".join(one for one in (head, post.link, report.narrative) if one)
    conversations.take_in(session, talk, Incoming(said, report.received_at), now)
    conversations.link(session, talk, officer, report=report)
    # The report is what waits; the account only says whom it is about.
    talk.owner, talk.waiting_since = talk.owner or officer, None
    talk.state = TalkState.done
    session.flush()
