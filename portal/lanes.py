"""Threads that work side by side, in lanes, until they are told to stop.

In a lane with several hands one of them looks for work, while the others do theirs: who has nothing
to do asks the database no oftener for being many.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
PAUSE_AFTER_TROUBLE = 5.0

Work = Callable[[], object]


def go_on(step: Work) -> float:
    """One step; how many seconds to wait before the next one.

    Trouble passes, mostly with the database: a lane that ended of it would leave its work lying
    while the others go on and nobody looks.
    """
    try:
        return 0.0 if step() else PAUSE_SECONDS
    except Exception as error:
        log.error("a lane stumbled: %s", type(error).__name__)
        return PAUSE_AFTER_TROUBLE


def keep_on(step: Work, stop: threading.Event) -> None:
    """Step after step until `stop` is set; `step` says whether there was something to do."""
    while not stop.is_set():
        stop.wait(go_on(step))


def hands(
    count: int, look: Callable[[], Work | None], stop: threading.Event
) -> list[threading.Thread]:
    """So many hands for one lane, not yet started; `look` finds the next work, if there is any."""
    turn = threading.Lock()
    return [
        threading.Thread(target=_hand, args=(look, turn, stop), daemon=True)
        for _one in range(count)
    ]


def await_end(working: Iterable[threading.Thread]) -> None:
    """Wait for hands that were told to stop; together no longer than for one, since whoever stops
    the worker waits, too."""
    end = time.monotonic() + PAUSE_AFTER_TROUBLE
    for hand in working:
        hand.join(max(0.0, end - time.monotonic()))


def _hand(look: Callable[[], Work | None], turn: threading.Lock, stop: threading.Event) -> None:
    while not stop.is_set():
        with turn:
            found = _wait_for(look, stop)
        for work in found:
            go_on(work)


def _wait_for(look: Callable[[], Work | None], stop: threading.Event) -> list[Work]:
    found: list[Work] = []

    def step() -> bool:
        if (work := look()) is not None:
            found.append(work)
        return bool(found)

    while not found and not stop.is_set():
        stop.wait(go_on(step))
    return found
