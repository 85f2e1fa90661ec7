"""The toy application, once per test that changes something, and a browser for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from tests.screens.toy_app import make_app
from tests.support.browser import DESK, chromium, serving


@pytest.fixture
def toy(tmp_path: Path) -> Flask:
    """The application on our generic templates."""
    return make_app(tmp_path)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who only reads: one application for all of them."""
    return make_app(tmp_path_factory.mktemp("toy")).test_client()


@pytest.fixture
def visitor(toy: Flask) -> FlaskClient:
    """Somebody without a browser's script."""
    return toy.test_client()


@pytest.fixture
def address(toy: Flask) -> Iterator[str]:
    """Where the toy application answers."""
    with serving(toy) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file."""
    with chromium() as one:
        yield one


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh profile, at a desk."""
    with browser.new_context(viewport=DESK, base_url=address) as context:
        context.set_default_timeout(5000)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of it."""
    return context.new_page()
