"""Messages become the chronology of a report: quoted with time and channel, the originals kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Conversation, Direction, Message, Officer, Report, ReportStatus
from portal import labels
from portal.casework import talk_acts
from portal.casework.lifecycle import Refused, lock
from portal.casework.threads import family, note
from portal.indonesia import dates
from portal.protection import audit
from portal.wording import _

LONGEST = 20_000


def chosen(session: Session, talk: Conversation, keys: Iterable[int]) -> list[Message]:
    """Those of the thread's messages that were chosen and may be quoted, in their order."""
    members = [one.id for one in family(session, talk)]
    wanted = select(Message).where(
        Message.id.in_(list(keys)),
        Message.conversation_id.in_(members),
        Message.direction != Direction.internal,
    )
    return list(session.scalars(wanted.order_by(Message.at, Message.id)))


def quote(messages: Sequence[Message]) -> str:
    """The messages as a chronology: when, by which channel, by whom, in their own words."""
    return "\n\n".join(_quoted(one) for one in messages)


def _quoted(one: Message) -> str:
    who = one.author.name if one.author else _("pelapor")
    channel = labels.label(one.conversation.channel)
    body = one.body or _("(tanpa teks)")
    files = [each.filename for each in one.attachments]
    with_files = f" [{_('lampiran')}: {', '.join(files)}]" if files else ""
    return f"[{dates.moment(one.at)} · {channel} · {who}]\n{body}{with_files}"


def append(
    session: Session,
    talk: Conversation,
    report: Report,
    officer: Officer,
    now: datetime,
    messages: Sequence[Message],
) -> None:
    """Add the messages to what a report tells already. Raises Refused for one that is decided."""
    lock(session, report)
    if report.status not in (ReportStatus.new, ReportStatus.in_progress):
        raise Refused(_("Laporan ini sudah diputuskan: kronologinya tidak diubah lagi."))
    if not messages:
        raise Refused(_("Pilih pesan dahulu."))
    text = "\n\n".join(filter(None, (report.narrative, quote(messages))))
    if len(text) > LONGEST:
        raise Refused(_("Kronologi menjadi terlalu panjang: pilih lebih sedikit pesan."))
    report.narrative = text
    if talk.report_id != report.id and all(one.report_id != report.id for one in talk.links):
        talk_acts.link(session, talk, officer, now, report)
    told = _(
        "%(n)s menambahkan %(k)s pesan ke kronologi %(r)s.",
        n=officer.name,
        k=len(messages),
        r=report.number,
    )
    note(session, talk, None, told, now)
    audit.record(session, "talk_act", officer, talk, act="chronicle")
    session.flush()
