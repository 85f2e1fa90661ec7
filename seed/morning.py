"""The demo's last hours: people who write and come in while somebody tries the portal out.

Told backwards from the hour at which the demo is begun, so that the inbox lives: somebody in
danger, somebody who has just written, a talk that waits for its reporter, one put off, one done.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Channel, Conversation, Job, SendState
from portal.casework import (
    answering,
    conversations,
    correspondents,
    hearing,
    sendings,
    talk_acts,
    talk_reading,
    visits,
)
from portal.casework.conversations import Incoming
from portal.casework.correspondents import EMAIL, PHONE, KnownAs
from seed import officers, texts
from seed.stage import MINUTE, Stage, Story, play

TOMORROW = timedelta(days=1)
OFFICER = "petugas"


class Chat(NamedTuple):
    """Somebody who writes: so many minutes ago, with these words, and how far the office is."""

    ago: int
    channel: Channel
    known_as: KnownAs
    name: str
    said: Sequence[str]
    answer: str = ""
    note: str = ""
    finished: bool = False
    put_off: str = ""


def _whatsapp(last: int) -> KnownAs:
    return KnownAs(PHONE, f"+6281200000{last}")


CHATS = (
    Chat(
        200,
        Channel.whatsapp,
        _whatsapp(31),
        "Tetangga Rekaan",
        ("Selamat pagi, apakah kantor buka pada hari Sabtu?",),
        "Selamat pagi. Loket buka Senin sampai Jumat; telepon dan WhatsApp dijawab setiap hari.",
        finished=True,
    ),
    Chat(
        150,
        Channel.email,
        KnownAs(EMAIL, "sekolah@contoh.invalid"),
        "Guru Rekaan",
        ("Kami ingin melaporkan seorang murid yang sering murung. Surat sekolah menyusul besok.",),
        put_off="Surat dari sekolah menyusul besok.",
    ),
    Chat(
        95,
        Channel.whatsapp,
        _whatsapp(32),
        "Anggrek Rekaan",
        (
            "Saya mau bercerita tentang adik saya, tetapi belum tahu harus mulai dari mana.",
            "Boleh lewat tulisan saja? Saya belum bisa menelepon.",
        ),
        "Boleh. Tulis sedikit demi sedikit, kami membacanya. Apakah adik Anda aman sekarang?",
        note="Lebih suka menulis daripada menelepon; jangan ditelepon dahulu.",
    ),
    Chat(
        24,
        Channel.email,
        KnownAs(EMAIL, "dahlia@contoh.invalid"),
        "Dahlia Rekaan",
        ("Bagaimana cara meminta pendampingan untuk teman kerja saya?",),
    ),
    Chat(
        9,
        Channel.whatsapp,
        _whatsapp(33),
        "Kamboja Rekaan",
        ("Ada yang mengancam akan membunuh saya. Saya takut pulang sekarang.",),
    ),
)
# Minutes ago, what for, and how far: 2 done, 1 at the desk, 0 still waiting.
VISITORS = (
    (70, "informasi", 2),
    (12, "melapor", 1),
    (4, "tidak_diketahui", 0),
)


def begin(session: Session, now: datetime) -> None:
    """The hours before `now` (aware), in a demo that has just been made. The caller commits."""
    stage = Stage(session, officers.add(session), frozenset(), now)
    told = [_talk(stage, chat, now) for chat in CHATS]
    play(stage, [*told, _counter(stage, now)], now)
    session.execute(delete(Job).where(Job.kind == answering.JOB))  # nothing leaves for anybody
    session.flush()


def _talk(stage: Stage, chat: Chat, now: datetime) -> Story:
    yield now - MINUTE * chat.ago
    somebody = correspondents.meet(stage.session, [chat.known_as], stage.now, chat.name)
    talk = conversations.with_somebody(stage.session, somebody, chat.channel, stage.now)
    for place, text in enumerate(chat.said):
        outside = f"rekaan-{chat.ago}-{place}"  # an answer can say which message it answers
        said = Incoming(texts.INVENTED + text, stage.now, external_id=outside)
        hearing.hear(stage.session, talk, said, stage.now)
        yield stage.now + MINUTE * 2
    if chat.answer or chat.put_off:
        talk_acts.take(stage.session, talk, stage[OFFICER], stage.now)
        yield stage.now + MINUTE * 3
        yield from _deal_with(stage, talk, chat)


def _deal_with(stage: Stage, talk: Conversation, chat: Chat) -> Story:
    session, officer = stage.session, stage[OFFICER]
    if chat.answer:
        answer = answering.Answer(text=chat.answer)
        sent = answering.reply(session, talk, officer, answer, stage.now).sending
        if sent is not None:
            sendings.put(sent, SendState.read, None)
        yield stage.now + MINUTE
    if chat.note:
        talk_acts.write_note(session, talk, officer, chat.note, stage.now)
    if chat.put_off:
        until = stage.now + TOMORROW
        talk_acts.snooze(session, talk, officer, stage.now, until, chat.put_off)
    if chat.finished:
        talk_acts.finish(session, talk, officer, stage.now)
    last = talk_reading.newest(session, talk)
    talk_reading.sit(session, talk, officer, last, stage.now)


def _counter(stage: Stage, now: datetime) -> Story:
    session, officer = stage.session, stage["petugas2"]
    for ago, purpose, steps in VISITORS:
        yield now - MINUTE * ago
        visits.arrive(session, officer, stage.now, purpose)
        if steps == 0:
            continue
        yield stage.now + MINUTE * 3
        visit = visits.call_next(session, officer, stage.now)
        if steps == 2 and visit is not None:
            yield stage.now + MINUTE * 8
            visits.finish(session, visit, officer, stage.now, "informasi")
