"""Who wrote by WhatsApp: an account and a number as aliases, either of which may be missing.

A profile name is what somebody typed and a user name changes hands: both are shown, neither is
looked up. Numbers and accounts that contradict each other are told, and nothing is merged.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import Channel, Conversation, Correspondent
from portal.casework import conversations, correspondents, hearing
from portal.casework.correspondents import ACCOUNT, CHAT, PARENT, PHONE, KnownAs
from portal.channels.whatsapp_walk import Plain, dicts, mapping, text
from portal.wording import _

NOBODY = KnownAs(CHAT, f"{correspondents.UNREAD}whatsapp")
CHECK = "identity_check"


class Who(NamedTuple):
    """The names of a sender, strongest first, and what they call themselves."""

    names: tuple[KnownAs, ...]
    called: str | None


def sender(message: Plain, value: Plain) -> Who:
    """Who sent a message of this value; its contacts may stand in any order."""
    return _who(message, value, ("from", "from_user_id", "from_parent_user_id"))


def receiver(echo: Plain, value: Plain) -> Who:
    """To whom the office wrote from its own telephone."""
    return _who(echo, value, ("to", "to_user_id", "to_parent_user_id"))


def _who(data: Plain, value: Plain, fields: tuple[str, str, str]) -> Who:
    number, account, parent = (text(data.get(name)) for name in fields)
    card = _card(number, account, dicts(value.get("contacts")))
    number = number or text(card.get("wa_id"))
    account = account or text(card.get("user_id"))
    parent = parent or text(card.get("parent_user_id"))
    pairs = ((ACCOUNT, account), (PARENT, parent), (PHONE, number))
    names = tuple(KnownAs(kind, said) for kind, said in pairs if said)
    profile = mapping(card.get("profile"))
    return Who(names or (NOBODY,), text(profile.get("name")) or text(profile.get("username")))


def _card(number: str, account: str, contacts: list[Plain]) -> Plain:
    """The contact of this sender; where nothing says whose it is, the only one there is."""
    for card in contacts:
        same_account = account and text(card.get("user_id")) == account
        if same_account or (number and text(card.get("wa_id")) == number):
            return card
    nameless = not number and not account
    return contacts[0] if nameless and len(contacts) == 1 else {}


def talk_with(session: Session, who: Who, at: datetime, now: datetime) -> Conversation:
    """The conversation with whoever went by these names at `at`; who shares one of them is told."""
    before = correspondents.owners(session, who.names, at)
    somebody = correspondents.meet(session, who.names, now, who.called or None, at)
    first = not somebody.conversations
    talk = conversations.with_somebody(session, somebody, Channel.whatsapp, now)
    if first and any(alias.ended_at for alias in somebody.aliases):
        correspondents.ask_again(somebody)
        conversations.note(session, talk, None, _changed(), now)
    if rivals := [one for one in before if one.id != somebody.id]:
        sentence = _("Nomor atau akun ini juga dikenal dari percakapan lain: periksa identitasnya.")
        for one in (somebody, *rivals):
            warn(session, one, sentence, now)
    return talk


def warn(session: Session, somebody: Correspondent, sentence: str, now: datetime) -> None:
    """Say in somebody's conversations that it may be another person now: it is checked again."""
    correspondents.ask_again(somebody)
    for talk in somebody.conversations:
        conversations.note(session, talk, None, sentence, now)
        hearing.tell(session, talk, CHECK)


def changed(session: Session, old: KnownAs, new: str, at: datetime, now: datetime) -> None:
    """A number or an account became another one at `at`, says Meta: noted, told, never merged.

    Also when nobody is known yet, since what they wrote before may come later than this.
    """
    if not old.value or not new or old.value == new:
        return
    became = KnownAs(old.kind, new)
    was, known = (correspondents.find(session, one) for one in (old, became))
    if was is None or known is None:
        somebody = was or known or correspondents.meet(session, [became], now)
        correspondents.rename(session, somebody, old, became, at, now)
    for one in {one.id: one for one in (was, known) if one is not None}.values():
        warn(session, one, _changed(), now)


def _changed() -> str:
    return _("Nomor atau akun WhatsApp pengirim berubah: periksa ulang identitasnya.")
