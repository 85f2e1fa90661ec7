"""A letter as its reader meets it: poppler's text of the PDF, and what a screen shows."""

import subprocess
from html.parser import HTMLParser


def _poppler(*command: str, pdf: bytes) -> str:
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def pages(pdf: bytes) -> list[str]:
    """The text of each page, laid out as on paper."""
    return _poppler("pdftotext", "-layout", "-", "-", pdf=pdf).split("\f")[:-1]


def text(pdf: bytes) -> str:
    """All the words in reading order, one blank between them."""
    return " ".join(_poppler("pdftotext", "-raw", "-", "-", pdf=pdf).split())


def letters(pdf: bytes) -> str:
    """All characters without any blank: for what may be broken into lines anywhere."""
    return "".join(text(pdf).split())


def properties(pdf: bytes) -> dict[str, str]:
    """Title, author, pages and so on."""
    lines = _poppler("pdfinfo", "-", pdf=pdf).splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def fonts(pdf: bytes) -> list[str]:
    """The names of the fonts, subset tags taken off."""
    return [row["name"].partition("+")[2] or row["name"] for row in font_table(pdf)]


def font_table(pdf: bytes) -> list[dict[str, str]]:
    """What poppler says of each font: `name`, and `yes` or `no` for `emb`, `sub` and `uni`."""
    rows = _poppler("pdffonts", "-", pdf=pdf).splitlines()[2:]
    cells = (row.split() for row in rows)
    return [dict(zip(("name", "emb", "sub", "uni"), (c[0], *c[-5:-2]), strict=True)) for c in cells]


def words(markup: str) -> str:
    """What a reader finds in it, without any blank."""
    found: list[str] = []
    reader = HTMLParser(convert_charrefs=True)
    reader.handle_data = found.append  # type: ignore[method-assign]
    reader.feed(markup)
    return "".join("".join(found).split())
