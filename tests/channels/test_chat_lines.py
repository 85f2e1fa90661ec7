"""However often and however long a chat is exported, each message stands once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Channel, Conversation, CueFinding, Message, MessageMark, RemoteFile
from portal.casework import chat_imports, chat_lines, conversations, correspondents
from portal.casework.chat_imports import Bringing
from portal.casework.chat_lines import Said
from portal.casework.correspondents import KnownAs
from portal.protection import files
from tests.support.cast import Cast

START = datetime(2026, 10, 25, 7, 5, tzinfo=UTC)
OFFICE = "Kantor"
Lines = Sequence[Said]

said = st.builds(
    lambda minute, sender, text: Said(START + timedelta(minutes=minute), sender, text),
    st.integers(0, 3),
    st.sampled_from(["Wati", OFFICE]),
    st.sampled_from(["ya", "tidak", "tolong"]),
)
chats = st.lists(said, min_size=1, max_size=12).map(lambda ones: sorted(ones, key=lambda x: x.at))


def brought(session: Session, talk: Conversation, cast: Cast, lines: Lines) -> chat_lines.Plan:
    found = chat_lines.plan(session, talk, lines, OFFICE)
    bringing = Bringing(talk.id, cast.sari.id, None, files.Limits())
    for new in found.new:
        chat_imports.add(session, new, bringing)
    for changed in found.changed:
        chat_imports.change(session, changed, bringing)
    session.commit()
    return found


def emptied(session: Session) -> Conversation:
    for table in (CueFinding, RemoteFile, MessageMark, Message):
        session.execute(delete(table))
    nobody = [KnownAs(correspondents.CHAT, "Wati")]
    somebody = correspondents.meet(session, nobody, START)
    talk = conversations.with_somebody(session, somebody, Channel.whatsapp, START)
    session.commit()
    return talk


def counted(session: Session) -> int:
    return session.scalar(select(func.count(Message.id))) or 0


@settings(max_examples=25)
@given(lines=chats, cut=st.integers(0, 12), changed=st.sets(st.integers(0, 11)), edit=st.booleans())
def test_a_longer_export_adds_what_is_new_and_marks_what_changed(
    session: Session, cast: Cast, lines: Lines, cut: int, changed: set[int], edit: bool
) -> None:
    talk = emptied(session)
    assert len(brought(session, talk, cast, lines[:cut]).new) == len(lines[:cut])
    later = [
        (replace(one, text="lain", edited=True) if edit else replace(one, text="", deleted=True))
        if place in changed
        else one
        for place, one in enumerate(lines)
    ]
    brought(session, talk, cast, later)
    assert counted(session) == len(lines)
    marks = session.scalar(select(func.count(MessageMark.id)))
    assert marks == len([place for place in changed if place < len(lines)])
    again = brought(session, talk, cast, later)
    assert (again.new, again.changed, again.known) == ([], [], len(lines))
