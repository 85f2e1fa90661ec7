"""What an erasure takes of conversations: that at `/lacak` with its report, a chat with the last
matter it is about, and whoever is behind a chat with the last of their chats.

One telephone may speak for several people, conversations are merged and split: a chat that is
still about something that stays, or in which somebody waits for an answer, is left alone.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models import (
    Attachment,
    Call,
    Case,
    ChannelDelivery,
    Conversation,
    ConversationLink,
    Correspondent,
    Draft,
    Message,
    MessageMark,
    Person,
    Report,
    TalkState,
    Visit,
)
from portal.casework import officer_drafts
from portal.casework.emptying import empty, remove_below
from portal.casework.threads import family
from portal.protection import audit

# What was read all the same: the words are here, the bytes go with them.
UNDERSTOOD = ("conflict", "too_large")
PAST: dict[str, Any] = {"synchronize_session": False}

# --- which ----------------------------------------------------------------------------------------


def about(session: Session, cases: Collection[int], reports: Collection[int]) -> list[int]:
    """The conversations that go with these cases and reports. Ask before anything is removed."""
    own = list(session.scalars(select(Conversation.id).where(Conversation.report_id.in_(reports))))
    linked = select(ConversationLink.conversation_id).where(
        or_(ConversationLink.case_id.in_(cases), ConversationLink.report_id.in_(reports))
    )
    called = select(Call.conversation_id).where(Call.report_id.in_(reports))
    chats = select(Conversation).where(
        or_(Conversation.id.in_(linked), Conversation.id.in_(called)),
        Conversation.report_id.is_(None),
        Conversation.erased_at.is_(None),
    )
    gone = (frozenset(cases), frozenset(reports))
    return own + [one.id for one in session.scalars(chats) if is_over(session, one, *gone)]


def is_over(
    session: Session,
    talk: Conversation,
    cases: Collection[int] = (),
    reports: Collection[int] = (),
) -> bool:
    """Whether nobody waits in the thread of `talk`, and all it is about is erased or goes now."""
    for one in family(session, talk):
        matters = [one.report, *(link.report or link.case for link in one.links)]
        matters += [call.report for call in one.calls]
        if one.waiting_since is not None or any(
            _stays(row, cases, reports) for row in matters if row is not None
        ):
            return False
    return True


def _stays(row: Case | Report, cases: Collection[int], reports: Collection[int]) -> bool:
    going = cases if isinstance(row, Case) else reports
    return row.erased_at is None and row.id not in going


def stored(session: Session, talks: Sequence[int]) -> list[str]:
    """The names under which the bytes of files of these conversations alone lie."""
    wanted = select(Attachment.storage_key).where(
        Attachment.message_id.in_(_messages(talks)),
        Attachment.report_id.is_(None),
        Attachment.case_id.is_(None),
    )
    return list(session.scalars(wanted))


def _messages(talks: Sequence[int]) -> Any:
    return select(Message.id).where(Message.conversation_id.in_(talks))


# --- emptied --------------------------------------------------------------------------------------


def forget(session: Session, talks: Sequence[int], now: datetime) -> None:
    """Leave the skeletons of these conversations; whoever has no other is forgotten with them."""
    if not talks:
        return
    rows = list(session.scalars(select(Conversation).where(Conversation.id.in_(talks))))
    behind = {one.correspondent_id for one in rows if one.correspondent_id is not None}
    for row in rows:
        audit.forget(session, row)
    _loosen(session, talks)
    _forget_raw(session, min(one.began_at for one in rows), now)
    kinds = [kind for one in rows for kind in officer_drafts.of_talk(one.channel.value, one.id)]
    session.execute(delete(Draft).where(Draft.kind.in_(kinds)), execution_options=PAST)
    remove_below(session, Conversation, talks)
    empty(session, Conversation, talks, erased_at=now, state=TalkState.done)
    _forget_lonely(session, behind)


def _loosen(session: Session, talks: Sequence[int]) -> None:
    """What became of messages elsewhere goes; files of something that stays remain there."""
    keys = select(Message.external_key).where(
        Message.conversation_id.in_(talks), Message.external_key.is_not(None)
    )
    marks = delete(MessageMark).where(MessageMark.target_key.in_(keys))
    session.execute(marks, execution_options=PAST)
    elsewhere = or_(Attachment.report_id.is_not(None), Attachment.case_id.is_not(None))
    # nosemgrep: bulk-past-the-audit
    files = update(Attachment).where(Attachment.message_id.in_(_messages(talks)), elsewhere)
    session.execute(files.values(message_id=None), execution_options=PAST)


def _forget_raw(session: Session, since: datetime, now: datetime) -> None:
    """The bytes of what was delivered and understood in that time: nobody knows whose is whose.

    They would go by themselves some weeks later; what was not understood yet is never lost.
    """
    read = update(ChannelDelivery).where(
        ChannelDelivery.received_at >= since,
        ChannelDelivery.processed_at.is_not(None),
        or_(ChannelDelivery.trouble.is_(None), ChannelDelivery.trouble.in_(UNDERSTOOD)),
        ChannelDelivery.body.is_not(None),
    )
    session.execute(read.values(body=None, purged_at=now), execution_options=PAST)


def _forget_lonely(session: Session, behind: Collection[int]) -> None:
    """Whoever is in no conversation any more: name, numbers, addresses."""
    busy = select(Conversation.correspondent_id).where(Conversation.correspondent_id.in_(behind))
    known = set(session.scalars(busy))
    _remove(session, [one for one in behind if one not in known])


def _remove(session: Session, behind: Sequence[int]) -> None:
    if not behind:
        return
    for row in session.scalars(select(Correspondent).where(Correspondent.id.in_(behind))):
        audit.forget(session, row)
    remove_below(session, Correspondent, behind)
    # nosemgrep: bulk-past-the-audit
    gone = delete(Correspondent).where(Correspondent.id.in_(behind))
    session.execute(gone, execution_options=PAST)


# --- of a person ----------------------------------------------------------------------------------


def part(session: Session, people: Sequence[Person], now: datetime, wholly: bool) -> None:
    """Before these people are erased: their chats that are over go, the others lose them.

    `wholly`, as they asked: their numbers go as well, also where somebody still waits.
    """
    keys = [one.id for one in people]
    behind = list(session.scalars(select(Correspondent).where(Correspondent.person_id.in_(keys))))
    talks = [talk for one in behind for talk in one.conversations if talk.erased_at is None]
    over = [talk.id for talk in talks if talk.report_id is None and is_over(session, talk)]
    left = [one.id for one in behind]
    forget(session, over, now)
    session.expire_all()
    if wholly:
        # nosemgrep: bulk-past-the-audit
        cut = update(Conversation).where(Conversation.correspondent_id.in_(left))
        session.execute(cut.values(correspondent_id=None), execution_options=PAST)
        _forget_lonely(session, left)
        return
    # nosemgrep: bulk-past-the-audit
    unknown = update(Correspondent).where(Correspondent.id.in_(left))
    session.execute(
        unknown.values(person_id=None, checked_at=None, checked_by_id=None, checked_how=None),
        execution_options=PAST,
    )


def visits(session: Session, reports: Sequence[int]) -> None:
    """Of a visit to the counter stay the times: they are the office's."""
    if reports:
        empty(session, Visit, list(session.scalars(_visits(reports))))


def _visits(reports: Sequence[int]) -> Any:
    return select(Visit.id).where(Visit.report_id.in_(reports))
