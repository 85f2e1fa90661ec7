"""An officer at a browser: signs in, opens what is waiting, fills in forms as they read."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PATIENCE
from tests.support.cast import PASSWORD


class Desk:
    """One officer's browser."""

    def __init__(self, browser: Browser, address: str, username: str) -> None:
        context = browser.new_context(
            base_url=address, viewport=DESKTOP, locale="id-ID", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        self.context, self.page = context, context.new_page()
        self.page.goto("/masuk")
        self.fill("Nama pengguna", username)
        self.fill("Kata sandi", PASSWORD)
        self.press("Masuk")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Beranda")

    def close(self) -> None:
        """Leave the desk."""
        self.context.close()

    def open(self, path: str) -> Page:
        """Open an address."""
        self.page.goto(path)
        return self.page

    def fill(self, label: str, text: str) -> None:
        """Type into the field of this label."""
        field = self.page.get_by_label(_reads(label)).first
        field.fill(text)
        expect(field).to_have_value(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list, plain or searchable."""
        field = self.page.get_by_label(_reads(label)).first
        if field.evaluate("field => field.tagName") == "SELECT":
            value = field.locator("option", has_text=option).first.get_attribute("value")
            field.select_option(value)
        else:
            self.look_up(label, option)

    def pick(self, question: str, answer: str) -> None:
        """Choose one of a few answers."""
        group = self.page.get_by_role("group", name=_reads(question))
        group.get_by_role("radio", name=_reads(answer)).first.check()

    def look_up(self, label: str, text: str) -> None:
        """Type into a searchable list and take the first answer."""
        field = self.page.get_by_role("combobox", name=_reads(label)).first
        field.click()
        field.press_sequentially(text)
        self.page.locator(".ts-dropdown .option", has_text=text).first.click()
        expect(self.page.locator(".ts-control .item", has_text=text).first).to_be_visible()
        field.press("Escape")

    def check(self, label: str) -> None:
        """Tick a box."""
        self.page.get_by_label(_reads(label)).first.check()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow a link that reads `name`."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def sees(self, text: str) -> None:
        """The page says so."""
        expect(self.page.locator("main")).to_contain_text(text)

    def download(self, path: str, folder: Path) -> Path:
        """Fetch a file with this officer's session."""
        answer = self.context.request.get(path)
        assert answer.ok, answer.status
        target = folder / f"{abs(hash(path))}.pdf"
        target.write_bytes(answer.body())
        return target


def _reads(label: str) -> re.Pattern[str]:
    """The label, with or without the star of a required field."""
    return re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
