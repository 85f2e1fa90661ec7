"""A portal whose WhatsApp is on, and Meta's side of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import Settings
from tests.conftest import SECRETS
from tests.support import meta as played
from tests.support.meta import Meta


@pytest.fixture(scope="session")
def _one_meta() -> Iterator[Meta]:
    with played.running() as found:
        yield found


@pytest.fixture
def meta(_one_meta: Meta) -> Meta:
    """Meta, who remembers nothing of earlier tests."""
    address = _one_meta.address
    _one_meta.__init__(address)  # type: ignore[misc]
    return _one_meta


@pytest.fixture
def whatsapp(meta: Meta) -> Meta:
    """Ask for it to have WhatsApp on in `app`."""
    return meta


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, database_url: str, shared_folder: Path, tmp_path: Path
) -> Settings:
    """As everywhere, and with WhatsApp where a test asks for it."""
    on: dict[str, str] = {}
    if "whatsapp" in request.fixturenames:
        on = request.getfixturevalue("whatsapp").settings()
    folder = shared_folder if "app" in request.fixturenames else tmp_path
    places = {"DATABASE_URL": database_url, "PORTAL_DATA": str(folder), "PORTAL_BACKUPS": "off"}
    return Settings.read(SECRETS | places | on | {"PORTAL_ENV": "testing"})
