"""Waiting for what another process or a browser does in its own time."""

import time
from collections.abc import Callable

# The machine may be busy: long enough to be sure, and nothing waits longer than it must.
PATIENCE = 60.0


def until(happened: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until `happened()` is true; fails the test after `seconds`."""
    last = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < last, "it did not come to that"
        time.sleep(0.02)
