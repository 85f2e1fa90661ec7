"""Somebody wrote or called: it stands in the inbox, and whoever must know is told, without content.

The one way in for every channel; `conversations` keeps what was said, this says whom it concerns.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Channel, Conversation, Message, Notice, Officer, Role
from portal import notices
from portal.casework import conversations, correspondents, cues, threads
from portal.casework.conversations import Incoming
from portal.wording import _

UNREADABLE = "unreadable"
LATE = timedelta(minutes=10)
# Where a delivery belongs by the key of its reader: mostly the channel of that name.
BELONGS = {**Channel.__members__, "telephone": Channel.telepon}
NEW, UNREAD, TROUBLE = "message_new", "message_unread", "channel_trouble"


def hear(session: Session, talk: Conversation, incoming: Incoming, now: datetime) -> Message:
    """What somebody sent, kept in their conversation; its owner, or all of intake, is told.

    The same message a second time changes nothing. The caller commits.
    """
    given = incoming.external_id
    outside = conversations.external_key(talk.channel.value, given) if given else ""
    if outside and (known := conversations.by_key(session, outside)):
        return known
    message = conversations.take_in(session, talk, incoming, now)
    tell(session, talk, NEW)
    return message


def file_away(session: Session, talk: Conversation, incoming: Incoming, now: datetime) -> Message:
    """Keep what a machine wrote, or what is long settled, without calling anybody: the conversation
    stays as it stood, and no clock that waits for the reporter runs on."""
    message, new = conversations.kept(session, talk, incoming)
    if new:
        for one in threads.whole(talk):
            one.last_at = max(one.last_at, min(incoming.at, now))
        cues.read(session, message)
    session.flush()
    return message


def late(message: Message) -> bool:
    """Whether it came here long after it was written: nothing may answer it as if it were fresh."""
    return message.created_at - message.at > LATE


def tell(session: Session, talk: Conversation, kind: str) -> None:
    """Notify whoever answers in this conversation, or in the one it was merged into, once until
    they have looked."""
    talk = threads.whole(talk)[-1]
    owner = talk.owner if talk.owner and talk.owner.active else None
    whom = [owner] if owner else notices.on_duty(session, [Role.petugas], rows=[talk])
    waiting = _waiting(session, kind, talk)
    new = [one for one in whom if one.id not in waiting]
    notices.tell(session, new, kind, conversation=talk)


def alarm(session: Session, kind: str = TROUBLE) -> None:
    """Tell every `admin` that a channel must be looked at, once until they have looked."""
    waiting = _waiting(session, kind, None)
    admins: Iterable[Officer] = notices.all_in(session, Role.admin)
    notices.tell(session, [one for one in admins if one.id not in waiting], kind)


def _waiting(session: Session, kind: str, talk: Conversation | None) -> set[int]:
    """Who has not read yet that there is something here."""
    session.flush()
    unread = select(Notice.officer_id).where(Notice.kind == kind, Notice.read_at.is_(None))
    about = Notice.conversation_id == talk.id if talk else Notice.conversation_id.is_(None)
    return set(session.scalars(unread.where(about)))


def unreadable(session: Session, channel: str, now: datetime) -> Message:
    """Somebody said something that cannot be read: it stands with a sender who is not known."""
    by = BELONGS.get(channel, Channel.whatsapp)
    nobody = correspondents.KnownAs(correspondents.CHAT, f"{correspondents.UNREAD}{channel}")
    somebody = correspondents.meet(session, [nobody], now, _("Pengirim tidak dikenal"))
    talk = conversations.with_somebody(session, somebody, by, now)
    said = Incoming(_("Pesan tidak terbaca"), now, UNREADABLE)
    message = conversations.take_in(session, talk, said, now)
    tell(session, talk, UNREAD)
    return message
