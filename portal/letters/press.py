"""Letters are set in processes of their own, so that no request waits for another's letter.

Setting a letter keeps one core busy and ReportLab's global state locked. `start` says how many
processes there may be; each process that asks (a web server, the worker of the queue) has its own,
started when its first letter comes and stopped when it ends, however it ends.

A process that dies takes its letter with it: the others and that one are set once more. One that
takes too long gives up by itself, or is killed. After some hundred letters a fresh one takes over.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from types import FrameType
from typing import Any

from portal.letters import RenderError, pdf
from portal.wording import _, language, speaking

# Seconds one letter may take, and how many later a process that did not listen is killed.
LIMIT = 60.0
GRACE = 5.0
# What a process keeps of every letter adds up: after so many, others take its place.
LETTERS = 300

_lock = threading.Lock()
_workers = 0
_press: "_Press | None" = None


class _Overtime(BaseException):
    """Not an Exception: nothing between the alarm and the press may take it for its own."""


class _Press:
    """The processes of one asking process."""

    def __init__(self, workers: int) -> None:
        self.pid = os.getpid()
        self.left = LETTERS * workers
        self.pool = ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), _begin, (LIMIT, GRACE)
        )


def start(workers: int) -> None:
    """Set letters in so many processes from now on; 0: in the process that asks."""
    global _workers
    stop()
    _workers = workers


def stop() -> None:
    """End the processes once their letters are set. The next letter starts new ones."""
    _let_go(_press)


def render(template: str, content: Mapping[str, Any], logo: bytes | None = None) -> bytes:
    """`pdf.render` in a process of the press, within `LIMIT` seconds; raises RenderError as it."""
    if not _workers:
        return pdf.render(template, content, logo)
    order = (language(), template, dict(content), logo)
    try:
        return _ask(order)
    except _Torn:
        pass
    try:
        return _ask(order)
    except _Torn:
        raise RenderError(
            _("Naskah tidak dapat dicetak: pencetakannya terhenti. Cobalah sekali lagi.")
        ) from None


class _Torn(Exception):
    """The processes ended under a letter."""


def _ask(order: tuple[Any, ...]) -> bytes:
    press = _current()
    try:
        return press.pool.submit(_set, *order).result()
    except RenderError as error:
        # Without the other process's traceback.
        raise RenderError(str(error)) from None
    except RuntimeError:
        # BrokenProcessPool, or a pool that another thread has just found broken.
        _let_go(press)
        raise _Torn from None


def _current() -> _Press:
    global _press
    with _lock:
        if _press is not None and _press.pid != os.getpid():
            _press = None  # made before this process was forked: its processes are the parent's
        worn = _press if _press is not None and _press.left <= 0 else None
        if _press is None or worn:
            _press = _Press(_workers)
        _press.left -= 1
        press = _press
    if worn:
        worn.pool.shutdown(wait=False)
    return press


def _let_go(press: _Press | None) -> None:
    global _press
    with _lock:
        if press is None or press is not _press:
            return
        _press = None
    if press.pid == os.getpid():
        press.pool.shutdown(wait=False)


# --- in the process that sets -----------------------------------------------------------------

_limits = (LIMIT, GRACE)


def _begin(limit: float, grace: float) -> None:
    """Leave Ctrl-C to the process that asks, and end when it ends."""
    global _limits
    _limits = limit, grace
    # What was loaded stays; a letter leaves little that refers to itself.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)


def _set(speech: str, template: str, content: Mapping[str, Any], logo: bytes | None) -> bytes:
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, _limits[0])
    try:
        with speaking(speech):
            return pdf.render(template, content, logo)
    except _Overtime:
        with speaking(speech):
            raise RenderError(
                _("Naskah tidak dapat dicetak: pencetakannya terlalu lama.")
            ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    """Give up; whoever does not hear it is killed by the second alarm."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, _limits[1])
    raise _Overtime
