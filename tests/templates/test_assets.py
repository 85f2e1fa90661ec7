"""What the browser loads is built, complete and our own; after a change: `make assets`."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "portal/static"
TEMPLATES = ROOT / "portal/templates"
PUBLIC = sorted((TEMPLATES / "public").rglob("*.html"))
OFFICERS = sorted(
    path for path in TEMPLATES.rglob("*.html") if path not in PUBLIC and path.name != "assets.html"
)
SHEETS = {
    "admin": (STATIC / "admin/admin.css").read_text(),
    "public": (STATIC / "public/public.css").read_text(),
}


def classes(path: Path) -> set[str]:
    """The classes a template writes out; those made of expressions are left aside."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(), flags=re.S)
    text = re.sub(r"\{\{.*?\}\}", "\0", text, flags=re.S)
    words = " ".join(re.findall(r'\bclass="([^"]*)"', text)).split()
    return {word for word in words if "\0" not in word}


def styled(sheet: str) -> set[str]:
    """The classes a style sheet speaks about."""
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[\w-]|\\.)+)", sheet)}


# Marks without a look of their own: columns, hooks of the script, a wrapper.
BARE = re.compile(
    r"(col-.*|clock-text|brand-icon|officer-arrow|govuk-js-.*|govuk-form-group--.*|js-.*|no-js"
    r"|govuk-template|inline-list|inline-delete|alone-(text|submit|foot|demo)|way-label)"
)


@pytest.mark.parametrize("path", [*OFFICERS, *PUBLIC], ids=lambda path: path.stem)
def test_every_class_of_a_template_is_in_the_built_style_sheet(path: Path) -> None:
    side = "public" if path in PUBLIC else "admin"
    bare = {name for name in classes(path) if BARE.fullmatch(name)}
    ours = {name for name in classes(path) if side == "admin" or name.startswith("govuk-")}
    assert ours - bare - styled(SHEETS[side]) == set(), "run `make assets`"


def test_the_addresses_carry_the_fingerprints_of_the_files_as_they_are() -> None:
    written = (TEMPLATES / "assets.html").read_text()
    fingerprints = dict(re.findall(r'"([\w/.-]+)": "([0-9a-f]{10})"', written))
    assert {"admin/admin.css", "admin/admin.js", "public/public.css"} <= set(fingerprints)
    for name, fingerprint in fingerprints.items():
        digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
        assert digest.startswith(fingerprint), f"{name} changed: run `make assets`"


def test_every_screen_has_its_icon_in_the_menu() -> None:
    named = set(re.findall(r'title, icon = .*"([\w-]+)"\n', (ROOT / "admin_views.py").read_text()))
    assert len(named) > 30
    assert named <= set(json.loads((ROOT / "assets/icons.json").read_text()))


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "admin/icons.svg").read_text()))
    assert drawn == set(json.loads((ROOT / "assets/icons.json").read_text()))
    for path in OFFICERS:
        named = set(re.findall(r'\bicon\(\s*"([\w-]+)"', path.read_text()))
        assert named <= drawn, path


@pytest.mark.parametrize("side", SHEETS)
def test_a_style_sheet_loads_nothing_from_elsewhere(side: str) -> None:
    addresses = re.findall(r"url\(([^)]{0,40})|@import ([^;]*)", SHEETS[side])
    assert all(kind.strip("\"'").startswith("data:image/svg+xml") for kind, _other in addresses)


@pytest.mark.parametrize(
    ("side", "names"),
    [("admin", ("Tabler", "Bootstrap", "Tom Select")), ("public", ("GOV.UK Frontend",))],
)
def test_the_licences_of_what_is_built_in_lie_beside_it(side: str, names: tuple[str, ...]) -> None:
    text = (STATIC / side / "LICENSES.txt").read_text()
    assert all(name in text for name in names)


def test_a_page_of_the_officers_weighs_little() -> None:
    weight = sum((STATIC / f"admin/{name}").stat().st_size for name in ("admin.css", "admin.js"))
    assert weight < 330_000
