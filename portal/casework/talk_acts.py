"""What officers do with conversations: take, hand over, put off, end, label, connect.

Each function is one act: it asks `talk_rules`, changes the rows, leaves a line in the conversation
that the other side never sees, an audit entry and notices, and does not commit. Nothing here is
sent to anybody outside.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Case,
    Conversation,
    ConversationLink,
    Message,
    Officer,
    Report,
    ReportStatus,
    TalkState,
)
from portal.access import gate, scope
from portal.casework import conversations, reports, talk_follow
from portal.casework.lifecycle import Refused, lock
from portal.casework.talk_follow import give, happened
from portal.casework.talk_rules import permit
from portal.casework.threads import family, note
from portal.indonesia import dates
from portal.notices import tell
from portal.protection import audit
from portal.wording import _

# --- whose it is --------------------------------------------------------------------------------


def take(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """Take a conversation nobody has; that of an unclaimed report takes the report as well."""
    report = talk.report
    if report is not None:
        lock(session, report)  # before its conversation, as the acts on reports do
    permit(session, talk, "take", officer)
    if report is not None and report.status is ReportStatus.new:
        reports.take(session, report, officer, now)
    give(session, talk, officer)
    happened(session, talk, "take", officer, _("Diambil %(name)s.", name=officer.name), now)


def take_over(
    session: Session, talk: Conversation, officer: Officer, now: datetime, reason: str
) -> None:
    """Take it from a colleague, who is told; with a reason that stays in the conversation."""
    permit(session, talk, "take_over", officer)
    why, before = _reason(reason), talk.owner
    give(session, talk, officer)
    told = _("Diambil alih %(name)s: %(why)s", name=officer.name, why=why)
    happened(session, talk, "take_over", officer, told, now)
    tell(session, [before], "talk_taken_over", but=officer)  # who may not meet it any more


def hand_over(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    to: Officer,
    text: str | None = None,
) -> None:
    """Hand it to a colleague, who is told. Raises Refused for who must or may not meet it."""
    permit(session, talk, "hand_over", officer)
    _refuse_receiver(session, talk, to)
    give(session, talk, to)
    if talk.report is not None and not scope.sees(session, to, talk):
        raise Refused(
            _("%(name)s tidak dapat membuka laporannya: alihkan laporannya dahulu.", name=to.name)
        )
    told = _("Dialihkan %(by)s kepada %(to)s.", by=officer.name, to=to.name)
    happened(session, talk, "hand_over", officer, f"{told} {text or ''}".strip(), now)
    tell(session, [to], "talk_handed_over", conversation=talk, but=officer)


def _refuse_receiver(session: Session, talk: Conversation, to: Officer) -> None:
    if not to.active or to.id == talk.owner_id:
        raise Refused(_("Pilih petugas lain yang aktif."))
    if to.id in kept_out(session, talk):
        raise Refused(_("%(name)s dikecualikan dan tidak dapat dipilih.", name=to.name))


def kept_out(session: Session, talk: Conversation) -> set[int]:
    """The ids of officers who must not meet a matter of this conversation."""
    with scope.system(session):
        about = [one.report or one.case for one in talk.links]
        if talk.report is not None:
            about.append(talk.report)
        return {key for one in about for key in gate.kept_out(session, one)}


def _reason(text: str | None) -> str:
    found = (text or "").strip()
    if not found:
        raise Refused(_("Tuliskan alasannya."))
    return found


# --- how far it is ------------------------------------------------------------------------------


def finish(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    version: int | None = None,
) -> None:
    """Nobody waits for anything any more; whatever comes in opens it again."""
    permit(session, talk, "finish", officer, version)
    talk.state, talk.waiting_since = TalkState.done, None
    talk.snooze_until = talk.snooze_reason = None
    happened(session, talk, "finish", officer, _("Diselesaikan %(n)s.", n=officer.name), now)


def reopen(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """Go on with it; whoever reopens what nobody has takes it."""
    permit(session, talk, "reopen", officer)
    talk.state = TalkState.open
    if talk.owner is None:
        give(session, talk, officer)
    happened(session, talk, "reopen", officer, _("Dibuka kembali %(n)s.", n=officer.name), now)


def snooze(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    until: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Put it off until `until` (aware). Any message wakes it before; nothing is ever sent."""
    permit(session, talk, "snooze", officer, version)
    if until <= now:
        raise Refused(_("Pilih waktu yang akan datang."))
    talk.snooze_until, talk.snooze_reason = until, _reason(reason)
    when, why = dates.moment(until), talk.snooze_reason
    told = _("Ditunda %(n)s sampai %(when)s: %(why)s", n=officer.name, when=when, why=why)
    happened(session, talk, "snooze", officer, told, now)


def wake(session: Session, talk: Conversation, officer: Officer | None, now: datetime) -> None:
    """Back among what waits: by hand, or (officer None) because the time has come."""
    if officer is not None:
        permit(session, talk, "wake", officer)
    talk.snooze_until = talk.snooze_reason = None
    if talk.state is not TalkState.done:
        talk.state = TalkState.open if talk.owner_id else TalkState.new
    told = _("Penundaan diakhiri %(n)s.", n=officer.name) if officer else _("Waktu tunda habis.")
    happened(session, talk, "wake", officer, told, now)


def wake_due(session: Session, now: datetime) -> int:
    """A chore of the clock: what was put off until now is back, and its officer is told."""
    due = select(Conversation).where(Conversation.snooze_until <= now)
    woken = list(session.scalars(due))
    for talk in woken:
        wake(session, talk, None, now)
        tell(session, [talk.owner], "talk_woken", conversation=talk)
    return len(woken)


# --- no complaint -------------------------------------------------------------------------------


def dismiss(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Say that this is no complaint. It stays in sight until a second officer agrees."""
    permit(session, talk, "dismiss", officer, version)
    talk.dismissed_by, talk.dismissed_at = officer, now
    talk.dismissal_reason = why = _reason(reason)
    told = _("%(n)s mengusulkan “bukan pengaduan”: %(why)s", n=officer.name, why=why)
    happened(session, talk, "dismiss", officer, told, now)


def agree(
    session: Session,
    talk: Conversation,
    officer: Officer,
    now: datetime,
    version: int | None = None,
) -> None:
    """A second officer agrees: hidden under its filter until somebody writes again."""
    permit(session, talk, "agree", officer, version)
    talk.dismissal_agreed_by = officer
    talk.state, talk.waiting_since = TalkState.done, None
    told = _("%(n)s menyetujui: bukan pengaduan.", n=officer.name)
    happened(session, talk, "agree", officer, told, now)


def restore(session: Session, talk: Conversation, officer: Officer, now: datetime) -> None:
    """It may be a complaint after all."""
    permit(session, talk, "restore", officer)
    talk.dismissed_at = talk.dismissed_by = None
    talk.dismissal_reason = talk.dismissal_agreed_by = None
    talk.state = TalkState.open if talk.owner_id else TalkState.new
    talk.waiting_since = talk_follow.unanswered_since(session, talk)
    told = _("%(n)s mencabut tanda “bukan pengaduan”.", n=officer.name)
    happened(session, talk, "restore", officer, told, now)


# --- what is said about it, and what it is about -----------------------------------------------


def write_note(
    session: Session, talk: Conversation, officer: Officer, text: str, now: datetime
) -> Message:
    """What colleagues alone read."""
    message = note(session, talk, officer, text, now)
    audit.record(session, "note_written", officer, talk)
    return message


def label(
    session: Session, talk: Conversation, officer: Officer, now: datetime, labels: Sequence[str]
) -> None:
    """The labels of a conversation, codes of the list `label_percakapan`."""
    permit(session, talk, "label", officer)
    talk.labels = list(labels)
    audit.record(session, "talk_act", officer, talk, act="label")
    session.flush()


def link(
    session: Session, talk: Conversation, officer: Officer, now: datetime, about: Report | Case
) -> None:
    """Say which report or case it is about; who is kept from that meets it no longer."""
    permit(session, talk, "link", officer)
    named = {"report": about} if isinstance(about, Report) else {"case": about}
    conversations.link(session, talk, officer, **named)
    told = _("%(n)s menghubungkan dengan %(what)s.", n=officer.name, what=about.number)
    happened(session, talk, "link", officer, told, now)
    with scope.system(session):
        talk_follow.release_kept(session, talk, now)


def unlink(
    session: Session, talk: Conversation, officer: Officer, now: datetime, about: Report | Case
) -> None:
    """It is not about that after all. Whoever has nothing else to do with it keeps it if theirs."""
    permit(session, talk, "unlink", officer)
    column = ConversationLink.report_id if isinstance(about, Report) else ConversationLink.case_id
    with scope.system(session):
        members = [one.id for one in family(session, talk)]
        wanted = select(ConversationLink).where(
            ConversationLink.conversation_id.in_(members), column == about.id
        )
        found = list(session.scalars(wanted))
        if not found:
            raise Refused(_("Percakapan ini tidak terhubung dengan data itu."))
        for row in found:
            session.delete(row)
        session.flush()
        session.refresh(talk, ["links"])
    told = _("%(n)s melepaskan hubungan dengan %(what)s.", n=officer.name, what=about.number)
    happened(session, talk, "unlink", officer, told, now)
