"""The clock of the front door."""

import pytest

from portal.screens import browser_session
from tests.security.front_door import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The portal's clock, to be put forward."""
    clock = Clock()
    monkeypatch.setattr(browser_session, "now", clock)
    return clock
