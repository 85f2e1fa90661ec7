"""A real Chromium in front of the running portal."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# What Chromium says of every answer that is no success; tests look at those pages themselves.
EXPECTED = "Failed to load resource"
# Milliseconds: the machine may be busy, and nothing waits longer than it must.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the portal of this test listens: `http://localhost:…`."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def visit(browser: Browser, address: str, **settings: Any) -> Iterator[Page]:
    """The page of somebody with nothing in their browser yet; `settings` are Playwright's."""
    with browser.new_context(base_url=address, **settings) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh visitor; whatever the page's policy refused or a script threw fails the test."""
    complaints: list[str] = []
    with visit(browser, address, viewport=DESKTOP, locale="id-ID") as page:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        yield page
    assert complaints == [], complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    serious = message.type == "error" and EXPECTED not in message.text
    return [message.text] if serious else []
