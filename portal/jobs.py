"""What the clock does and what was put off: the background worker.

`HANDLERS` is the work that acts put off (`portal.queue.enqueue`), `CLOCK` what
happens by itself. Both may run twice: a worker that dies leaves its job to the
next one, and several workers keep the same clock.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, Job, Letter, LetterFile, Logo, Officer
from portal import lanes, notices, queue
from portal.access import delays, links, scope, sessions
from portal.casework import (
    alarms,
    answering,
    attachments,
    breaches,
    conflicts,
    deliveries,
    drafts,
    erasing,
    monitoring,
    officer_drafts,
    old_talks,
    retention,
    ringing,
    sendings,
    signing_certificates,
    signing_held,
    talk_acts,
    worked_off,
)
from portal.channels import (
    chat_in,
    mail_in,
    mail_out,
    mailbox,
    telephone,
    whatsapp,
    whatsapp_media,
    whatsapp_out,
)
from portal.config import Settings
from portal.db import READING, db
from portal.letters import register, versions
from portal.protection import audit, audit_anchors, files, rebuilding, rotation
from portal.protection.backup import make, schedule
from portal.protection.backup.stream import BackupError

log = logging.getLogger(__name__)

Handler = Callable[[Session, dict[str, Any]], object]
Chore = Callable[[Session, datetime], object]


def _sweep(session: Session, now: datetime) -> int:
    """Remove stored files whose row was never committed."""

    def named(keys: set[str]) -> set[str]:
        columns = (Attachment.storage_key, LetterFile.storage_key, Logo.storage_key)
        found = (session.scalars(select(key).where(key.in_(keys))) for key in columns)
        return {key for keys_of_table in found for key in keys_of_table}

    return files.sweep(named, older_than=now - timedelta(days=1))


def _render_letter(session: Session, payload: dict[str, Any]) -> None:
    letter = session.get_one(Letter, payload["letter_id"])
    if letter.content is not None:  # else it was erased before its PDF was made
        versions.stored(session, letter)


def _daily_backup(session: Session, now: datetime) -> None:
    """The backup of the day; a failure is told to the operator, and tried again in an hour."""
    settings: Settings = current_app.extensions["settings"]
    if settings.backups is None:
        return
    try:
        made = schedule.daily(make.place(settings, db.engine), settings.backups, now)
    except BackupError as error:
        log.error("no backup was made: %s", error)
        raise
    if made:
        audit.record(session, "backup_made", None, rows=made.rows, files=made.files)


def _screen_officer(session: Session, payload: dict[str, Any]) -> None:
    officer = session.get_one(Officer, payload["officer_id"])
    conflicts.screen_officer(session, officer, datetime.now(UTC))


# Who understands what a channel delivers, and who carries its answers out of the house.
READERS: dict[str, deliveries.Reader] = {
    mail_in.CHANNEL: mail_in.read,
    chat_in.CHANNEL: chat_in.read,
    telephone.CHANNEL: telephone.read,
    whatsapp.CHANNEL: whatsapp.read,
}
TRANSPORTS: dict[str, sendings.Transport] = {
    mail_in.CHANNEL: mail_out.answer,
    whatsapp.CHANNEL: whatsapp_out.send,
}


def _read_delivery(session: Session, payload: dict[str, Any]) -> None:
    deliveries.work(session, payload, READERS)


def _send_message(session: Session, payload: dict[str, Any]) -> None:
    sendings.work(session, payload, TRANSPORTS)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys((deliveries.JOB, deliveries.LONG), _read_delivery),
    answering.JOB: _send_message,
    whatsapp_media.JOB: whatsapp_media.fetch,
    attachments.SCAN: attachments.scan,
    attachments.DESTROY: attachments.destroy,
    register.JOB: _render_letter,
    rebuilding.JOB: rebuilding.go_on,
    conflicts.JOB: _screen_officer,
    retention.JOB: retention.erase_due,
    erasing.JOB: erasing.finish,
    rotation.JOB: rotation.go_on,
    notices.MAIL: mail_out.mail_notice,
}
CLOCK: dict[str, tuple[timedelta, Chore]] = {
    "drafts.purge": (timedelta(minutes=1), drafts.purge),
    "officer_drafts.purge": (timedelta(hours=1), officer_drafts.purge),
    "sessions.sweep": (timedelta(minutes=1), sessions.sweep),
    "delays.purge": (timedelta(hours=1), delays.purge),
    "links.purge": (timedelta(hours=1), links.purge),
    "talks.wake": (timedelta(minutes=1), talk_acts.wake_due),
    "files.rescan": (timedelta(hours=1), attachments.rescan),
    "files.sweep": (timedelta(hours=6), _sweep),
    "retention.nightly": (timedelta(hours=1), retention.nightly),
    "talks.nightly": (timedelta(hours=1), old_talks.nightly),
    "breaches.remind": (timedelta(minutes=10), breaches.remind),
    "audit.anchor": (timedelta(minutes=5), audit_anchors.anchor),
    "clock.alarms": (timedelta(minutes=1), alarms.run),
    "monitoring.escalate": (timedelta(hours=1), monitoring.escalate),
    "backups.daily": (timedelta(hours=1), _daily_backup),
    "mailbox.fetch": (timedelta(minutes=1), mailbox.fetch),
    "calls.tidy": (timedelta(minutes=1), ringing.tidy),
    "media.watch": (timedelta(hours=1), whatsapp_media.watch),
    "certificates.warn": (timedelta(hours=1), signing_certificates.warn),
    "letters.held": (timedelta(hours=1), signing_held.watch),
    "deliveries.purge": (timedelta(hours=1), worked_off.purge_bytes),
    "jobs.purge": (timedelta(hours=1), worked_off.purge_jobs),
}
# These take their time, in a thread of their own: letters and deadlines must not wait for them.
SLOW = {"backups.daily", "mailbox.fetch"}
# These take long or wait for others outside: lanes of their own, so that nothing waits behind them.
FILES = (attachments.SCAN, whatsapp_media.JOB)
LANES = tuple(map(frozenset, ((answering.JOB,), (notices.MAIL,), FILES, (deliveries.LONG,))))
OUTWARD = frozenset().union(*LANES)
# Whoever does not take an answer holds up their own conversation, and so many others at most.
HANDS = {answering.JOB: 6}


class Worker:
    """One process that does jobs and keeps the clock until `stop` is set."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stop = threading.Event()
        self._due: dict[str, datetime] = {}
        self._slow: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Work until stopped; trouble with the database is waited out, not died of."""
        lanes.go_on(self._release)
        hands = [hand for kinds in LANES for hand in self._hands(kinds)]
        for hand in hands:
            hand.start()
        lanes.keep_on(self.step, self.stop)
        lanes.await_end(hands)

    def _hands(self, kinds: frozenset[str]) -> list[threading.Thread]:
        count = max(HANDS.get(kind, 1) for kind in kinds)
        return lanes.hands(count, partial(self._look, only=kinds), self.stop)

    def _release(self) -> bool:
        """Take over at once from workers of this machine that were killed."""
        now = datetime.now(UTC)
        return bool(self._transaction(lambda session: queue.release(session, queue.has_ended, now)))

    def step_outward(self) -> bool:
        """One job that waits for somebody outside; whether there was one."""
        return self._job(only=OUTWARD)

    def step(self) -> bool:
        """What the clock says, then one job; whether there was a job."""
        now = datetime.now(UTC)
        for name, (every, chore) in CLOCK.items():
            if self._due.get(name, now) <= now:
                self._due[name] = now + every
                self._begin(name, chore, now)
        return self._job(but=OUTWARD)

    def _begin(self, name: str, chore: Chore, now: datetime) -> None:
        if name not in SLOW:
            self._chore(name, chore, now)
        elif name not in self._slow or not self._slow[name].is_alive():
            words = (name, chore, now)
            self._slow[name] = threading.Thread(target=self._chore, args=words, daemon=True)
            self._slow[name].start()

    def wait(self) -> None:
        """Until everything slow has ended."""
        for thread in self._slow.values():
            thread.join()

    def _chore(self, name: str, chore: Chore, now: datetime) -> None:
        try:
            self._transaction(lambda session: chore(session, now), READING)
        except Exception as error:  # one chore that fails must not keep the others from running
            log.error("%s failed: %s", name, type(error).__name__)

    def _job(self, **kinds: Collection[str]) -> bool:
        work = self._look(**kinds)
        if work is not None:
            work()
        return work is not None

    def _look(self, **kinds: Collection[str]) -> lanes.Work | None:
        """The work of the next job of these kinds, which is ours from now on."""

        def claim(session: Session) -> lanes.Work | None:
            job = queue.claim(session, self.name, datetime.now(UTC), **kinds)
            return partial(self._attend, job.id, job.kind, job.payload) if job else None

        found: lanes.Work | None = self._transaction(claim)
        return found

    def _attend(self, job_id: int, kind: str, payload: dict[str, Any]) -> None:
        try:
            self._transaction(lambda session: _do(session, job_id, kind, payload), READING)
        except Exception as error:  # whatever a handler raises is written on its job
            log.error("job %d (%s) failed: %s", job_id, kind, type(error).__name__)
            self._transaction(_failing(job_id, error))

    def _transaction(self, work: Callable[[Session], Any], *marks: str) -> Any:
        """`work` in a session of its own that sees every row, committed at the end.

        Marked READING it locks nothing before it writes: a letter takes its time to render.
        """
        with self.app.app_context(), scope.system(db.session()):
            db.session.info.update(dict.fromkeys(marks, True))
            result = work(db.session())
            db.session.commit()
            return result


def _do(session: Session, job_id: int, kind: str, payload: dict[str, Any]) -> None:
    HANDLERS[kind](session, payload)
    queue.finish(session.get_one(Job, job_id), datetime.now(UTC))


def _failing(job_id: int, error: Exception) -> Callable[[Session], None]:
    return lambda session: queue.fail(session.get_one(Job, job_id), error, datetime.now(UTC))


def work_off(app: Flask) -> None:
    """Do what is due, and nothing that will be due later: for tests and `worker --once`."""
    worker = Worker(app)
    for _turn in ("before and", "after what was slow"):
        while worker.step() or worker.step_outward():
            pass
        worker.wait()
