"""The demo's telephone and counter: calls with and without words, missed ones, a day's queue."""

from datetime import datetime, timedelta

from models import Call, Direction
from portal.casework import calls, ringing, visits
from portal.casework.ringing import Event
from seed import texts
from seed.stage import MINUTE, Stage, Story

BEFORE = timedelta(hours=15)  # 09.00 on the day before the demo's today
NUMBER, OTHER = "+628120000021", "+628120000022"
CALLS = (
    ("konseling", NUMBER, "Menanyakan cara mendampingi anak yang takut pulang."),
    ("diam", OTHER, ""),
    ("permintaan_informasi", "", "Menanyakan jam layanan."),
    ("terputus", OTHER, ""),
)
PURPOSES = ("melapor", "informasi", "perkembangan_kasus", "tidak_diketahui")


def tell(stage: Stage, end: datetime) -> Story:
    """The day before the demo's today, at both doors."""
    yield end - BEFORE
    for kind, number, notes in CALLS:
        _call(stage, kind, number, notes)
        yield stage.now + MINUTE * 25
    for name, number in (("demo-1", OTHER), ("demo-2", NUMBER)):
        for told in ("newCall", "hangup"):
            event = Event(told, name, Direction.masuk, number)
            ringing.hear(stage.session, event, stage.now)
        yield stage.now + MINUTE * 20
    yield from _queue(stage)


def _call(stage: Stage, kind: str, number: str, notes: str) -> Call:
    session, officer = stage.session, stage["petugas"]
    call = calls.open_one(session, Direction.masuk, officer, stage.now)
    said = f"{texts.INVENTED}{notes}" if notes else ""
    calls.jot(session, call, officer, said, number, kind)
    calls.close(session, call, officer, stage.now + MINUTE * 6)
    return call


def _queue(stage: Stage) -> Story:
    session, officer = stage.session, stage["petugas2"]
    for number, purpose in enumerate(PURPOSES):
        visits.arrive(session, officer, stage.now, purpose, urgent=number == 2)
        yield stage.now + MINUTE * 4
        visit = visits.call_next(session, officer, stage.now)
        yield stage.now + MINUTE * 9
        if visit is not None:
            visits.finish(session, visit, officer, stage.now, "informasi")
