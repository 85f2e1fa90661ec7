"""A visitor without JavaScript: follows links and fills in forms as they are on the page."""

import io
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

STEPS = (
    "kontak",
    "keamanan",
    "pelapor",
    "korban",
    "kejadian",
    "waktu-tempat",
    "terlapor",
    "harapan",
    "berkas",
)
NARRATIVE = "Kejadian rekaan: saya mendengar teriakan dari rumah sebelah."


class Page:
    """An answer of the portal, read as a page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.leads_to = response.headers.get("Location", "")
        self.text = response.text
        self._tree = html.fromstring(response.text) if response.text.strip() else None

    def words(self, selector: str = "//main") -> str:
        """The visible words under an XPath, blanks squeezed."""
        if self._tree is None:
            return ""
        found = self._tree.xpath(selector)
        return " ".join(" ".join(node.text_content() for node in found).split())

    @property
    def title(self) -> str:
        """The title a tab shows."""
        return self.words("//title")

    def error_at(self, field: str) -> str:
        """The sentence beside a field."""
        return self.words(f"//*[@id='{field}-error']")

    def form(self, action: str) -> dict[str, Any]:
        """The fields of the form that posts to `action`, as they stand."""
        assert self._tree is not None
        for form in self._tree.forms:
            if (form.get("action") or "").partition("?")[0] == action:
                # The first line end of a textarea belongs to its tag.
                return {name: value.removeprefix("\n") for name, value in form.form_values()}
        raise AssertionError(f"no form leads to {action}")

    def values(self, xpath: str) -> list[str]:
        """Attribute values or texts under an XPath."""
        assert self._tree is not None
        return [str(value) for value in self._tree.xpath(xpath)]

    def links(self) -> list[str]:
        """Where the page leads."""
        return self.values("//a/@href")


class Visitor:
    """Somebody with a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> Page:
        """Open an address."""
        return Page(self.client.get(path))

    def fill(self, path: str, aksi: str = "lanjut", shown_at: str = "", **fields: Any) -> Page:
        """Open `shown_at` (or `path`) and post its form with `fields` changed."""
        address = path.partition("?")[0]
        form = self.get(shown_at or path).form(address) | {"aksi": aksi} | _named(fields)
        return self.post(path, form)

    def post(self, path: str, form: dict[str, Any]) -> Page:
        """Post a form as it is."""
        kind = "multipart/form-data" if any(_is_file(v) for v in form.values()) else None
        return Page(self.client.post(path, data=form, content_type=kind))

    def report(self, **answers: dict[str, Any]) -> Page:
        """Fill in every step (`kejadian={"narrative": …}`) up to the page of the answers."""
        told = {"kejadian": {"narrative": NARRATIVE}, "berkas": {"card": "tidak_ada"}} | answers
        for step in STEPS:
            page = self.fill(f"/lapor/{step}", **told.get(step, {}))
            assert page.status == 303, page.words()
        return self.get("/lapor/periksa")

    def send(self) -> Page:
        """Send the report; the page that comes then."""
        page = self.fill("/lapor/periksa")
        assert page.status == 303, page.words()
        return self.get(page.leads_to)


def receipt(page: Page) -> tuple[str, str]:
    """Number and code on a receipt."""
    number, code = page.values("//*[contains(@class, 'receipt__value')]/text()")
    return number, code


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    """A file as a form carries it."""
    return io.BytesIO(data), name


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """Python names to names of the page: `when__hari` is the box `when-hari`."""
    return {name.replace("__", "-"): value for name, value in fields.items()}


def _is_file(value: Any) -> bool:
    return isinstance(value, tuple) or (isinstance(value, list) and any(map(_is_file, value)))
