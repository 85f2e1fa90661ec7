"""Who is behind a number, an address or an account: found again, never guessed.

Somebody is known by aliases: a telephone number, WhatsApp's own account id (BSUID), an address of
e-mail, the title of an exported chat. An account id says more than a number, since numbers are
handed on. Aliases that contradict each other are kept apart: whether two are one person is decided
by a supervisor who merges conversations, never here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Alias, Correspondent
from portal.indonesia import phone
from portal.protection import vault

PHONE, ACCOUNT, EMAIL, CHAT, SOCIAL = "phone", "bsuid", "email", "chat", "social"
PARENT = "parent_bsuid"  # of the same person at several businesses of one owner
# What says most about who somebody is comes first.
STRENGTH = (ACCOUNT, PARENT, EMAIL, CHAT, SOCIAL, PHONE)
ATTEMPTS = 3
UNREAD = "unread:"  # stands for everybody whose name a channel did not tell


class KnownAs(NamedTuple):
    """One name somebody goes by: its kind and the value as the channel wrote it."""

    kind: str
    value: str


def key(kind: str, value: str) -> str:
    """The keyed hash under which an alias is found, however its value was spelt: 64 hex digits."""
    return vault.keyed_hash(f"alias-{kind}", spelt(kind, value)).hex()


def spelt(kind: str, value: str) -> str:
    """The one spelling of a value: numbers in E.164 where they are numbers, addresses small."""
    said = value.strip()
    if kind == PHONE:
        return _number(said)
    return said.casefold() if kind == EMAIL else said


def _number(said: str) -> str:
    """Telephone systems leave out the `+`; what is no number stays what it is."""
    digits = "".join(one for one in said if one.isdecimal())
    for spelling in (said, f"+{digits}"):
        try:
            return phone.normalise(spelling)
        except ValueError:
            continue
    return digits or said


def find(session: Session, *names: KnownAs) -> Correspondent | None:
    """Who goes by one of these names now, the strongest one asked first; None for nobody."""
    for kind, value in sorted(names, key=lambda name: STRENGTH.index(name.kind)):
        found = _in_use(session, kind, value)
        if found is not None:
            return found.correspondent
    return None


def owners(session: Session, names: Sequence[KnownAs], at: datetime) -> list[Correspondent]:
    """Everybody who went by one of these names at `at`, each once."""
    found = (_known(session, one, at) for one in names)
    return list(dict.fromkeys(alias.correspondent for alias in found if alias is not None))


def rename(
    session: Session,
    somebody: Correspondent,
    old: KnownAs,
    new: KnownAs,
    at: datetime,
    now: datetime,
) -> None:
    """Let somebody go by another name since `at`; the old one tells only who wrote before that."""
    was = _in_use(session, *old)
    if was is not None and was.correspondent_id == somebody.id:
        was.ended_at = at
    elif was is None and key(*old) not in {alias.key for alias in somebody.aliases}:
        session.add(_alias(somebody, old, now, ended_at=at))
    _learn(session, somebody, new, at, now)


def ask_again(somebody: Correspondent) -> None:
    """Something speaks against what was checked: it counts as unchecked. Who it was stays, since a
    no of theirs still counts."""
    somebody.checked_at = somebody.checked_by = somebody.checked_how = None


def meet(
    session: Session,
    names: Sequence[KnownAs],
    now: datetime,
    name: str | None = None,
    at: datetime | None = None,
) -> Correspondent:
    """Whoever goes by these names, made on first sight; weaker names are learned on the way.

    Args:
        names: at least one; of each kind at most one.
        name: what they call themselves. It proves nothing and is only shown.
        at: when they went by these names (a message may come late); now where it is left out.

    Two workers that meet the same stranger at the same time make one row: the table refuses the
    second alias, and the loser finds the first one's.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            with session.begin_nested():
                return _meet(session, names, now, name, at or now)
        except IntegrityError:
            continue
    return _meet(session, names, now, name, at or now)


def _meet(
    session: Session, names: Sequence[KnownAs], now: datetime, name: str | None, at: datetime
) -> Correspondent:
    ordered = sorted(names, key=lambda one: STRENGTH.index(one.kind))
    somebody = _owner(session, ordered, at) or Correspondent(name=name)
    session.add(somebody)
    if name and somebody.name != name:
        somebody.name = name
    session.flush()
    for one in ordered:
        _learn(session, somebody, one, at, now)
    session.flush()
    return somebody


def _owner(session: Session, ordered: Sequence[KnownAs], at: datetime) -> Correspondent | None:
    """Who the strongest known name belongs to; a number alone gives way to another account."""
    strongest = ordered[0]
    for one in ordered:
        found = _known(session, one, at)
        if found is None:
            continue
        other = one != strongest and _other_account(session, found.correspondent, strongest)
        return None if other else found.correspondent
    return None


def _other_account(session: Session, somebody: Correspondent, strongest: KnownAs) -> bool:
    """Whether this number belongs to an account of the same kind that is not this one."""
    wanted = select(Alias.key).where(
        Alias.correspondent_id == somebody.id,
        Alias.kind == strongest.kind,
        Alias.ended_at.is_(None),
    )
    known = session.scalars(wanted).all()
    return bool(known) and key(*strongest) not in known


def _in_use(session: Session, kind: str, value: str) -> Alias | None:
    wanted = select(Alias).where(Alias.kind == kind, Alias.key == key(kind, value))
    return session.scalar(wanted.where(Alias.ended_at.is_(None)))


def _known(session: Session, one: KnownAs, at: datetime) -> Alias | None:
    """The name as it was in use at `at`: who wrote before it passed on is whoever had it then."""
    wanted = select(Alias).where(Alias.kind == one.kind, Alias.key == key(*one))
    then = wanted.where(Alias.ended_at > at).order_by(Alias.ended_at).limit(1)
    return session.scalar(then) or _in_use(session, *one)


def _learn(
    session: Session, somebody: Correspondent, one: KnownAs, at: datetime, now: datetime
) -> None:
    """Note that somebody goes by this name; whoever went by it before does so no longer."""
    then = _known(session, one, at)
    if then is not None and then.correspondent_id == somebody.id:
        then.seen_at = max(then.seen_at, now)
        return
    if (found := _in_use(session, *one)) is not None:
        if found.correspondent_id == somebody.id:
            return
        found.ended_at = at
        ask_again(found.correspondent)
        session.flush()
    session.add(_alias(somebody, one, now))
    session.flush()


def _alias(
    somebody: Correspondent, one: KnownAs, now: datetime, ended_at: datetime | None = None
) -> Alias:
    return Alias(
        correspondent=somebody,
        kind=one.kind,
        key=key(*one),
        value=spelt(*one),
        seen_at=now,
        ended_at=ended_at,
    )


def value_of(somebody: Correspondent, kind: str) -> str | None:
    """The latest value of this kind that is still in use."""
    known = [one for one in somebody.aliases if one.kind == kind and one.ended_at is None]
    return max(known, key=lambda one: one.seen_at).value if known else None


def can_be_known(somebody: Correspondent | None) -> bool:
    """Whether there is one human being to ask after: not nobody, and not all who are unreadable."""
    names = [one.value for one in somebody.aliases] if somebody is not None else []
    return any(not name.startswith(UNREAD) for name in names)
