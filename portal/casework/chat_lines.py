"""What an exported chat says, compared with what is here: which of it is new, changed, or known.

What came before, by an earlier export or by WhatsApp's interface, is recognised by minute, side and
words. Within a minute messages are compared in their order, so that the same word said twice stays
twice; what was edited or withdrawn since is found by what is left over.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Conversation, Direction, MediaState, Message
from portal.access import scope
from portal.casework import marks

SYSTEM = "system"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an export.

    `sender` is the name in the export, empty where the chat itself speaks; `file` the name of a
    file that came with it, empty for none. `kind` as WhatsApp calls it, `system` for the chat.
    """

    at: datetime
    sender: str
    text: str
    kind: str = "text"
    file: str = ""
    omitted: bool = False
    edited: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class New:
    """A message that is not here yet; `nth` of those that look alike within its minute."""

    said: Said
    side: Direction
    nth: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A message that is here and was edited or withdrawn since, or whose file comes only now."""

    message: Message
    said: Said


@dataclass(slots=True)
class Plan:
    """What an import would do; nothing is done yet. `known`: how many are here already."""

    new: list[New] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    known: int = 0


def side_of(said: Said, office: str) -> Direction:
    """Who spoke; `office` is the name of the office's own telephone in the export."""
    if said.kind == SYSTEM:
        return Direction.internal
    return Direction.keluar if said.sender == office else Direction.masuk


def plan(session: Session, talk: Conversation | None, said: Sequence[Said], office: str) -> Plan:
    """What of `said` is new to this conversation (None: all of it)."""
    wanted: dict[tuple[datetime, Direction], list[Said]] = defaultdict(list)
    for one in said:
        wanted[minute_of(one.at), side_of(one, office)].append(one)
    here = _here(session, talk, said) if talk is not None and said else {}
    found = Plan()
    for (minute, side), ones in wanted.items():
        _compare(found, ones, here.get((minute, side), []), side)
    found.new.sort(key=lambda new: new.said.at)
    return found


def minute_of(at: datetime) -> datetime:
    """As exactly as an export tells the time."""
    return at.replace(second=0, microsecond=0)


@dataclass(slots=True)
class _Here:
    """A message of the conversation, and everything it has said since it was written."""

    message: Message
    texts: set[str]
    withdrawn: bool
    facts: dict[str, Any]

    @property
    def has_file(self) -> bool:
        stored = [one for one in self.message.remote_files if one.state is not MediaState.expired]
        return bool(self.message.attachments or stored)

    @property
    def is_file(self) -> bool:
        return self.message.kind not in ("text", "event") or self.has_file


def _here(
    session: Session, talk: Conversation, said: Sequence[Said]
) -> dict[tuple[datetime, Direction], list[_Here]]:
    """What is here from the time of the export, moved elsewhere or not, by minute and side."""
    first, last = min(one.at for one in said), max(one.at for one in said)
    of_talk = or_(Message.conversation_id == talk.id, Message.moved_from_id == talk.id)
    between = Message.at.between(minute_of(first), minute_of(last) + MINUTE)
    with scope.system(session):
        rows = session.scalars(select(Message).where(of_talk, between).order_by(Message.id)).all()
    became = marks.of(session, rows)
    found: dict[tuple[datetime, Direction], list[_Here]] = defaultdict(list)
    for row in rows:
        own = became.get(row.id, [])
        texts = {_plain(row.body), *(_plain(one.body) for one in own if one.body)}
        withdrawn = any(one.kind == marks.REVOKE for one in own)
        facts = json.loads(row.details) if row.details else {}
        one = _Here(row, texts, withdrawn, facts if isinstance(facts, dict) else {})
        found[minute_of(row.at), row.direction].append(one)
    return found


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


# Reasons to take two for one message, the surest first; each compares all before the next does.
Alike = Callable[[Said, _Here], bool]
ALIKE: tuple[Alike, ...] = (
    lambda new, here: bool(new.file) and here.facts.get("file") == new.file,
    lambda new, here: new.deleted and here.withdrawn,
    lambda new, here: _says_something(new) and _plain(new.text) in here.texts,
    lambda new, here: (new.omitted or bool(new.file)) and here.is_file,
    lambda new, here: (new.deleted or new.edited) and not here.withdrawn,
)


def _says_something(new: Said) -> bool:
    return not (new.deleted or new.omitted or new.file)


def _compare(found: Plan, ones: list[Said], here: list[_Here], side: Direction) -> None:
    """Pair off one minute of one side; what is left over is new."""
    left, free = list(ones), list(here)
    for alike in ALIKE:
        for new in list(left):
            match = next((old for old in free if alike(new, old)), None)
            if match is not None:
                left.remove(new)
                free.remove(match)
                _note(found, new, match)
    kept = {id(one) for one in left}
    alike_before: dict[Said, int] = defaultdict(int)
    for one in ones:
        same = replace(one, at=minute_of(one.at))
        if id(one) in kept:
            found.new.append(New(one, side, alike_before[same]))
        alike_before[same] += 1


def _note(found: Plan, new: Said, old: _Here) -> None:
    edited = new.edited and _plain(new.text) not in old.texts
    withdrawn = new.deleted and not old.withdrawn
    if edited or withdrawn or (new.file and not old.has_file):
        found.changed.append(Changed(old.message, new))
    found.known += 1
