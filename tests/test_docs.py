"""What the documentation says about the code is made from the code."""

import pytest

from docs.generate import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_does(name):
    made = PAGES[name]()
    assert (FOLDER / name).read_text() == made, "run `make docs` and commit the result"
