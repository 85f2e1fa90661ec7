"""One person behind two conversations, or two persons behind one: a supervisor says so, by hand.

Merging only points, splitting moves messages that remember where they stood: both are undone
without a loss. `alike` is a hint and never more: numbers are handed on, and telephones are shared.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from models import (
    Alias,
    Conversation,
    ConversationLink,
    Correspondent,
    Message,
    Officer,
    TalkState,
)
from portal.access import scope
from portal.casework import conversations, correspondents
from portal.casework.lifecycle import Refused
from portal.casework.talk_follow import give, happened, release_kept, unanswered_since
from portal.casework.talk_rules import permit
from portal.casework.threads import family
from portal.wording import _

MOST_HINTS = 5


def merge(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    into: Conversation,
    reason: str,
) -> None:
    """Read `talk` as a part of `into` from here on; what comes to either appears there.

    Both are about whatever one of them is about, so that nobody meets half a thread.
    """
    permit(session, talk, "merge", officer)
    if into in family(session, talk):
        raise Refused(_("Pilih percakapan lain."))
    if into.merged_into_id is not None or into.report_id is not None or into.erased_at:
        raise Refused(_("Percakapan itu tidak dapat menerima penggabungan."))
    with scope.system(session):
        talk.merged_into = into
        _share_links(session, talk, into)
        give(session, into, into.owner or talk.owner)
        into.urgent = into.urgent or talk.urgent
        into.last_at = max(into.last_at, talk.last_at)
        heard = [one.last_inbound_at for one in (into, talk) if one.last_inbound_at]
        into.last_inbound_at = max(heard, default=None)
        since = [one.waiting_since for one in (into, talk) if one.waiting_since]
        _wait_since(into, min(since, default=None))
        session.flush()
    told = _(
        "%(n)s menggabungkan %(a)s ke sini: %(why)s", n=officer.name, a=talk.number, why=reason
    )
    happened(session, into, "merge", officer, told, now)
    with scope.system(session):
        release_kept(session, into, now)


def _share_links(session: Session, one: Conversation, other: Conversation) -> None:
    """By nobody: so that they go again when it is undone."""
    for giver, taker in ((one, other), (other, one)):
        for link in list(giver.links):
            about = {"report": link.report} if link.report else {"case": link.case}
            conversations.link(session, taker, None, **about)


def _wait_since(talk: Conversation, since: datetime | None) -> None:
    """Whoever waits is looked at; what nobody waits for stays as it is."""
    talk.waiting_since = since
    if since is not None:
        talk.state = TalkState.open if talk.owner_id or talk.owner else TalkState.new


def unmerge(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """Two threads again, each with its own messages."""
    permit(session, talk, "unmerge", officer)
    into = talk.merged_into
    with scope.system(session):
        talk.merged_into = None
        if into is not None and talk.correspondent is not into.correspondent:
            for somebody in filter(None, (talk.correspondent, into.correspondent)):
                correspondents.ask_again(somebody)  # it was checked as if they were one
        for one in filter(None, (talk, into)):
            _drop_shared(session, one)
            _wait_since(one, unanswered_since(session, one))
        session.flush()
    told = _("%(n)s membatalkan penggabungan.", n=officer.name)
    for one in filter(None, (talk, into)):
        happened(session, one, "unmerge", officer, told, now)


def _drop_shared(session: Session, talk: Conversation) -> None:
    for link in [one for one in talk.links if one.by_id is None]:
        session.delete(link)
    session.flush()
    session.refresh(talk, ["links"])


# --- two persons behind one -----------------------------------------------------------------------


def split(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    messages: Sequence[Message],
    reason: str,
) -> Conversation:
    """Move `messages` into a conversation of their own. New ones still come to the old one."""
    permit(session, talk, "split", officer)
    chosen = [one for one in messages if one.kind != "event" and one.conversation_id == talk.id]
    if not chosen:
        raise Refused(_("Pilih pesan yang dipisahkan."))
    with scope.system(session):
        about = {"correspondent": talk.correspondent, "split_from": talk, "owner": talk.owner}
        apart = conversations.apart(session, talk.channel, now, **about)
        for message in chosen:
            message.conversation, message.moved_from_id = apart, talk.id
        for link in list(talk.links):  # whoever is kept from a matter is kept from what moved too
            same = {"report_id": link.report_id, "case_id": link.case_id, "by_id": link.by_id}
            session.add(ConversationLink(conversation=apart, **same))
        session.flush()
        for one in (apart, talk):
            _wait_since(one, unanswered_since(session, one))
        if apart.state is TalkState.new and apart.owner:
            apart.state = TalkState.open
        session.flush()
    here = _(
        "%(n)s memisahkan pesan ke %(to)s: %(why)s", n=officer.name, to=apart.number, why=reason
    )
    happened(session, talk, "split", officer, here, now)
    there = _(
        "Dipisahkan dari %(a)s oleh %(n)s: %(why)s", n=officer.name, a=talk.number, why=reason
    )
    happened(session, apart, "split", officer, there, now)
    return apart


def rejoin(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """Every message back where it stood; what was written since reads as one thread with it."""
    permit(session, talk, "rejoin", officer)
    origin = talk.split_from
    if origin is None:
        return
    with scope.system(session):
        moved = (Message.conversation_id == talk.id, Message.moved_from_id == talk.split_from_id)
        for message in session.scalars(select(Message).where(*moved)):
            message.conversation_id = origin.id
            message.moved_from_id = None
        session.flush()
        talk.merged_into = origin
        _wait_since(origin, unanswered_since(session, origin))
        session.flush()
        session.expire(talk, ["messages"])
    told = _("%(n)s mengembalikan pesan dari %(a)s.", n=officer.name, a=talk.number)
    happened(session, origin, "rejoin", officer, told, now)


# --- a hint ---------------------------------------------------------------------------------------


def alike(session: Session, talk: Conversation) -> list[Conversation]:
    """Other conversations in sight behind which the same person may be: one name they go or went
    by, or one person they were checked to be."""
    if talk.correspondent_id is None:
        return []
    mine, other = aliased(Alias), aliased(Alias)
    shared = select(other.correspondent_id).where(
        mine.correspondent_id == talk.correspondent_id,
        other.kind == mine.kind,
        other.key == mine.key,
    )
    same = [Conversation.correspondent_id.in_(shared)]
    person = talk.correspondent.person_id if talk.correspondent else None
    if person is not None:
        known = select(Correspondent.id).where(Correspondent.person_id == person)
        same.append(Conversation.correspondent_id.in_(known))
    wanted = select(Conversation).where(
        or_(*same),
        Conversation.id != talk.id,
        Conversation.merged_into_id.is_(None),
        Conversation.report_id.is_(None),
    )
    return list(session.scalars(wanted.order_by(Conversation.id.desc()).limit(MOST_HINTS)))
