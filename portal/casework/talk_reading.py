"""Who has read a conversation how far, who is there now, and what its thread consists of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models import Case, Conversation, Direction, Message, Officer, Report, Seat
from portal.casework import conversations

# Asked again within this time a page is still open; longer, and somebody came back to it.
AWAY = timedelta(minutes=2)
PRESENT, WRITING = timedelta(seconds=40), timedelta(seconds=25)
PAGE = 100


def matters(session: Session, talk: Conversation) -> list[Report | Case]:
    """Its report first, then the reports and cases it is linked to, as far as whoever looks meets
    them.

    Asked anew: rules look at all of them, and what they have loaded is there for every reader.
    """
    keys = {talk.report_id, *(one.report_id for one in talk.links)} - {None}
    reports = session.scalars(select(Report).where(Report.id.in_(keys)).order_by(Report.id)).all()
    cases = select(Case).where(Case.id.in_([one.case_id for one in talk.links]))
    own_first = sorted(reports, key=lambda one: one.id != talk.report_id)
    return [*own_first, *session.scalars(cases.order_by(Case.id))]


# --- seats ----------------------------------------------------------------------------------------


def seat(session: Session, talk: Conversation, officer: Officer) -> Seat:
    """The seat of an officer at a conversation; two of their windows make one."""
    wanted = select(Seat).where(Seat.conversation_id == talk.id, Seat.officer_id == officer.id)
    found = session.scalar(wanted)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            made = Seat(conversation_id=talk.id, officer_id=officer.id, read_id=0)
            session.add(made)
            session.flush()
            return made
    except IntegrityError:
        return session.scalars(wanted).one()


def sit(session: Session, talk: Conversation, officer: Officer, last: int, now: datetime) -> bool:
    """The officer sees the thread up to the message `last`; whether they had been away."""
    mine = seat(session, talk, officer)
    away = mine.seen_at is None or now - mine.seen_at > AWAY
    mine.read_id, mine.seen_at = max(mine.read_id, last), now
    session.flush()
    return away


def mark_unread(session: Session, talk: Conversation, officer: Officer) -> None:
    """Come back to it later: what came last from outside counts as unread for this officer."""
    mine = seat(session, talk, officer)
    members = [one.id for one in conversations.family(session, talk)]
    inbound = (Message.conversation_id.in_(members), Message.direction == Direction.masuk)
    last = session.scalar(select(func.max(Message.id)).where(*inbound))
    mine.read_id, mine.seen_at = max(0, (last or 1) - 1), None
    session.flush()


def is_writing(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """Somebody is typing an answer; colleagues on the page are told."""
    seat(session, talk, officer).writing_at = now
    session.flush()


def others(
    session: Session, talk: Conversation, officer: Officer, now: datetime
) -> list[tuple[str, bool]]:
    """The names of colleagues who have it open now, and whether they are writing."""
    here = select(Officer.name, Seat.writing_at).join(Seat.officer)
    rows = session.execute(
        here.where(
            Seat.conversation_id == talk.id,
            Seat.officer_id != officer.id,
            Seat.seen_at > now - PRESENT,
        ).order_by(Officer.name)
    )
    return [(name, at is not None and at > now - WRITING) for name, at in rows]


# --- what was not read yet ------------------------------------------------------------------------


def unread_by(officer: Officer) -> ColumnElement[bool]:
    """The condition that something came from outside which this officer has not seen, to the
    conversation or to one that reads as a part of it."""
    seat_here = (Seat.conversation_id == Conversation.id, Seat.officer_id == officer.id)
    read = select(Seat.read_id).where(*seat_here).correlate(Conversation)
    seen = func.coalesce(read.scalar_subquery(), 0)
    new = (Message.direction == Direction.masuk, Message.id > seen)
    parts = _parts()
    below = select(Message.id).join(parts, parts.c.part == Message.conversation_id)
    return or_(
        select(Message.id).where(Message.conversation_id == Conversation.id, *new).exists(),
        below.where(parts.c.whole == Conversation.id, *new).correlate(Conversation).exists(),
    )


def unread(session: Session, talks: Iterable[Conversation], officer: Officer) -> dict[int, int]:
    """How many messages of each thread this officer has not seen, by the id of its conversation."""
    keys, parts = [one.id for one in talks], _parts()
    own = select(Message.conversation_id.label("whole"), Message.id).where(
        Message.conversation_id.in_(keys), Message.direction == Direction.masuk
    )
    merged = (
        select(parts.c.whole, Message.id)
        .join(Message, Message.conversation_id == parts.c.part)
        .where(parts.c.whole.in_(keys), Message.direction == Direction.masuk)
    )
    found: Counter[int] = Counter()
    for came in (own.subquery(), merged.subquery()):
        mine = (Seat.conversation_id == came.c.whole) & (Seat.officer_id == officer.id)
        counted = select(came.c.whole, func.count(came.c.id)).outerjoin(Seat, mine)
        new = counted.where(came.c.id > func.coalesce(Seat.read_id, 0)).group_by(came.c.whole)
        found.update(dict(session.execute(new).all()))
    return found


def _parts() -> CTE:
    """What was merged (`part`) into what (`whole`), at any depth; few conversations ever are."""
    first = select(Conversation.id.label("part"), Conversation.merged_into_id.label("whole"))
    pairs = first.where(Conversation.merged_into_id.is_not(None)).cte("parts", recursive=True)
    above = select(pairs.c.part, Conversation.merged_into_id).where(
        Conversation.id == pairs.c.whole, Conversation.merged_into_id.is_not(None)
    )
    return pairs.union(above)


# --- the thread -----------------------------------------------------------------------------------


def thread(
    session: Session, talk: Conversation, before: int = 0, most: int = PAGE
) -> tuple[list[Message], bool]:
    """The newest messages in the order they were written, and whether there are earlier ones.

    Args:
        before: only what stands before the message with this id; 0 for the end of the thread.
    """
    members = [one.id for one in conversations.family(session, talk)]
    wanted = select(Message).where(Message.conversation_id.in_(members))
    edge = session.get(Message, before) if before else None
    if edge is not None:
        wanted = wanted.where(
            (Message.at < edge.at) | ((Message.at == edge.at) & (Message.id < edge.id))
        )
    wanted = wanted.options(
        *(selectinload(Message.author), selectinload(Message.attachments)),
        *(selectinload(Message.remote_files), selectinload(Message.findings)),
        selectinload(Message.sending),
    )
    found = list(
        session.scalars(wanted.order_by(Message.at.desc(), Message.id.desc()).limit(most + 1))
    )
    return found[:most][::-1], len(found) > most


def newest(session: Session, talk: Conversation) -> int:
    """The id of the newest message in sight, notes included; 0 for none."""
    members = [one.id for one in conversations.family(session, talk)]
    wanted = select(func.max(Message.id)).where(Message.conversation_id.in_(members))
    return session.scalar(wanted) or 0


def quoted(session: Session, messages: Sequence[Message]) -> dict[str, Message]:
    """The messages that these answer, by their outside key, as far as they are in sight."""
    keys = [one.reply_to_key for one in messages if one.reply_to_key]
    wanted = select(Message).where(Message.external_key.in_(keys))
    return {str(one.external_key): one for one in session.scalars(wanted)} if keys else {}
