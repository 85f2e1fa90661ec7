"""What the documentation says about the code is made from the code."""

import re

import pytest

from docs.generate import FOLDER, PAGES
from portal.config import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_does(name):
    made = PAGES[name]()
    assert (FOLDER / name).read_text() == made, "run `make docs` and commit the result"


def test_the_page_about_security_names_files_and_tests_that_exist() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"`((?:portal|tests|tools|assets|bench)/[\w./-]+|[\w./-]+\.py)`", page))
    assert {name for name in named if not _exists(name)} == set()
    assert len(named) > 80


def _exists(name: str) -> bool:
    return (ROOT / name).exists() or any(ROOT.glob(f"portal/**/{name}"))
