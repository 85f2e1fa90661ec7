"""What officers decide about a message on its way: take it back, send it anew, say that it came.

The portal never sends twice by itself: each of these is somebody's act, kept with their name.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CannedAnswer, Message, Officer, Sending, SendState
from portal.casework import answering, channel_state, lifecycle, sendings, talk_rules
from portal.casework.answering import Answer
from portal.protection import audit
from portal.queue import enqueue
from portal.wording import _

RESENT = "resent"
ANEW = (SendState.failed, SendState.unknown, SendState.cancelled)


def cancel(session: Session, sending: Sending, officer: Officer, now: datetime) -> None:
    """Take a message back that has not left yet. Raises Refused once it has."""
    _refuse_others(sending, officer)
    if sending.status is not SendState.queued:
        raise lifecycle.Refused(_("Pesan ini sudah dikirim, jadi tidak dapat dibatalkan."))
    sendings.put(sending, SendState.cancelled, "cancelled")
    session.flush()
    audit.record(session, "message_settled", officer, sending.message, to="cancelled")


def settle_unknown(session: Session, sending: Sending, officer: Officer, now: datetime) -> None:
    """Say that a message arrived whose call nobody saw the end of. Raises Refused for others."""
    _refuse_others(sending, officer)
    _check_unknown(sending)
    sendings.put(sending, SendState.accepted, None)
    session.flush()
    audit.record(session, "message_settled", officer, sending.message, to="accepted")


def _refuse_others(sending: Sending, officer: Officer) -> None:
    """Whoever wrote it, has the conversation, or supervises."""
    holds, told = talk_rules.FACTS["mine"]
    if sending.message.author_id != officer.id and not holds(sending.message.conversation, officer):
        raise lifecycle.Refused(str(told))


def _check_unknown(sending: Sending) -> None:
    if sending.status is not SendState.unknown:
        raise lifecycle.Refused(_("Keadaan pesan ini sudah diketahui."))


def resend(
    session: Session,
    sending: Sending,
    officer: Officer,
    now: datetime,
    reason: str | None = None,
) -> Message:
    """Send the same words as a new message: an act like any answer, with every rule of one.

    Raises what `answering.reply` raises, and Refused for what may still arrive by itself.
    """
    lifecycle.lock(session, sending)
    if sending.error_code == RESENT:  # a second click
        raise lifecycle.Refused(_("Pesan ini sudah dikirim ulang."))
    if sending.status not in ANEW:
        raise lifecycle.Refused(_("Pesan ini tidak perlu dikirim ulang."))
    message = sending.message
    again = Answer(
        text=message.body,
        reason=reason,
        template=_template(session, sending),
        parameters=(sending.parameters or "").split("\n") if sending.parameters else (),
    )
    sent = answering.reply(session, message.conversation, officer, again, now)
    unknown = sending.status is SendState.unknown
    sendings.put(sending, SendState.failed if unknown else sending.status, RESENT)
    session.flush()
    audit.record(session, "message_settled", officer, message, to="resent")
    return sent


def _template(session: Session, sending: Sending) -> CannedAnswer | None:
    if sending.template is None:
        return None
    wanted = select(CannedAnswer).where(CannedAnswer.template == sending.template)
    return session.scalars(wanted).one_or_none()


def resume(session: Session, channel: str, officer: Officer | None, now: datetime) -> int:
    """Let a channel send again what waited while it was stopped; how many messages wait."""
    channel_state.resume(session, channel, now)
    waiting = sendings.queued(session, channel)
    for key in waiting:
        enqueue(session, answering.JOB, {"sending_id": key}, now)
    audit.record(session, "channel_resumed", officer, channel=channel)
    return len(waiting)
