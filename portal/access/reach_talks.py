"""How far an officer's sight reaches into conversations: through the cases and reports they are
about, through answering in them, and, for intake, as long as nobody does.
"""

from typing import Any

from sqlalchemy import and_, not_, or_, select

from models import Role
from portal.access import reach as rows
from portal.access.reach import Reach, by, has_case, in_either, in_reports, kept_from, report_keys
from portal.access.work import (
    CHAT,
    KEPT_LINK,
    KEPT_TALK,
    LINK,
    MESSAGE,
    TALK,
    Condition,
    Keys,
)


def _kept_talks(reach: Reach) -> Keys:
    """The conversations about a case or report this officer must not meet."""
    about, reports = select(KEPT_LINK.c.conversation_id), kept_from("report_id", reach)
    return [
        about.where(reach.among(KEPT_LINK.c.case_id, kept_from("case_id", reach))),
        about.where(reach.among(KEPT_LINK.c.report_id, reports)),
        select(KEPT_TALK.c.id).where(reach.among(KEPT_TALK.c.report_id, reports)),
    ]


def _talk_keys(reach: Reach) -> Keys:
    """Conversations about such a report or case; chats this officer answers in; for intake those
    nobody has taken, for supervisors those about no case yet. Whoever is kept from one matter of a
    conversation does not meet it."""
    key, columns = select(TALK.c.id), TALK.c
    about, link = select(LINK.c.conversation_id), LINK.c
    free, clear = (
        not_(reach.among(one, _kept_talks(reach))) for one in (link.conversation_id, columns.id)
    )
    found = [
        key.where(reach.among(columns.report_id, report_keys(reach)), clear),
        about.where(has_case(link.case_id, reach), free),
        about.where(reach.among(link.report_id, report_keys(reach)), free),
    ]
    chat = (columns.report_id.is_(None), clear)
    mine = [key.where(columns.owner_id == reach.me, *chat)]
    if reach.role is Role.petugas:
        mine.append(key.where(columns.owner_id.is_(None), *chat))
    if reach.role is Role.supervisor:
        known = select(link.conversation_id).where(link.case_id.is_not(None))
        mine.append(key.where(not_(reach.among(columns.id, [known])), *chat))
    return [*found, *mine]


talks = by("id", _talk_keys)
in_talks = by("conversation_id", _talk_keys)


def in_any(row: Any, reach: Reach) -> Condition:
    """Rows of a case, a report or a conversation."""
    return or_(in_either(row, reach), in_talks(row, reach))


def _message_keys(reach: Reach) -> Keys:
    said = select(MESSAGE.c.id)
    return [said.where(reach.among(MESSAGE.c.conversation_id, _talk_keys(reach)))]


by_message = by("message_id", _message_keys)


def files(row: Any, reach: Reach) -> Condition:
    """Files of a case or report, those that came with a message, scans of signed letters."""
    alone = and_(row.case_id.is_(None), row.report_id.is_(None))
    of_message = and_(alone, by_message(row, reach))
    return or_(in_either(row, reach), of_message, rows.of_letters(row, reach))


def findings(row: Any, reach: Reach) -> Condition:
    """What was read out of a message or a report."""
    return or_(in_reports(row, reach), by_message(row, reach))


def _correspondent_keys(reach: Reach) -> Keys:
    behind = select(CHAT.c.correspondent_id)
    return [
        behind.where(
            reach.among(CHAT.c.id, _talk_keys(reach)), CHAT.c.correspondent_id.is_not(None)
        )
    ]


correspondents = by("id", _correspondent_keys)
by_correspondent = by("correspondent_id", _correspondent_keys)


def notices(row: Any, reach: Reach) -> Condition:
    """One's own, but for what one is kept from by now."""
    kept = not_(reach.among(row.conversation_id, _kept_talks(reach)))
    return and_(rows.notices(row, reach), or_(row.conversation_id.is_(None), kept))
