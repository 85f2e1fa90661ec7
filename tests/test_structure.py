"""The shape this code lives in. A failing test says what to change, never to raise the limit."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, UniqueConstraint

import admin_views

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("*.py"), *ROOT.glob("portal/**/*.py"), *ROOT.glob("seed/**/*.py")])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
# Reference lists, reviewed answers and officers: a few hundred rows at most.
SMALL = {"region", "code_item", "officer", "setting", "partner_institution", "day_off", "cue"}
SMALL |= {"canned_answer", "signatory"}
MODELS = sorted(ROOT.glob("model*.py"))
LINES = {"models.py": 1500, "model_channels.py": 600, "admin_views.py": 1000}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """Lines of the body, its docstring left out."""
    body = function.body
    first = body[1] if ast.get_docstring(function) is not None and len(body) > 1 else body[0]
    return (function.end_lineno or 0) - first.lineno + 1


def imported(path: Path) -> set[str]:
    """Full names of the modules that `path` imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def outside(path: Path, *allowed: str) -> set[str]:
    """What `path` imports beyond the packages allowed."""
    return {
        name
        for name in imported(path)
        if not any(name == package or name.startswith(f"{package}.") for package in allowed)
    }


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_is_short_enough_to_be_read_at_once(path: Path) -> None:
    length = len(path.read_text().splitlines())
    assert length < LINES.get(named(path), 300), f"{length} lines: split {named(path)} by subject"


def test_functions_are_short() -> None:
    lengths = {
        f"{named(path)}:{function.lineno} {function.name}": body_lines(function)
        for path in SOURCES
        for function in functions(path)
    }
    assert [name for name, length in lengths.items() if length > 40] == []
    assert statistics.median(lengths.values()) <= 8


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_imports_stand_at_the_top(path: Path) -> None:
    inside = [
        f"{function.name}:{node.lineno}"
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=named)
def test_nothing_is_left_to_do(path: Path) -> None:
    marks = re.findall(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b", path.read_text())
    assert marks == [], "finish it or open an issue"


@pytest.mark.parametrize("path", MODELS, ids=named)
def test_models_know_the_standard_library_and_sqlalchemy_alone(path: Path) -> None:
    own = [one.stem for one in MODELS]
    assert outside(path, "sqlalchemy", *own, *sys.stdlib_module_names) == set()


def test_tables_are_imported_from_one_place() -> None:
    parts = {"model_base", "model_codes", "model_channels", "model_letters"}
    users = [path for path in SOURCES + TESTS if path not in MODELS]
    found = {named(path): parts & {name.split(".")[0] for name in imported(path)} for path in users}
    assert {name: which for name, which in found.items() if which} == {}


def test_models_hold_data_only() -> None:
    allowed = {"__str__", "__mapper_args__", "__tablename__", "__init_subclass__"}
    bodies = [node for path in MODELS for node in tree(path).body]
    classes = [node for node in bodies if isinstance(node, ast.ClassDef)]
    methods = {
        f"{owner.name}.{method.name}"
        for owner in classes
        if any("Base" in ast.unparse(base) for base in owner.bases)
        for method in owner.body
        if isinstance(method, Function) and method.name not in allowed
    }
    assert methods == set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("admin_*.py")), ids=named)
def test_the_generated_screens_know_tables_screens_access_and_wording_alone(path: Path) -> None:
    allowed = ("models", "portal.screens", "portal.access", "portal.wording", "flask_admin")
    allowed += ("admin_letters",)
    assert outside(path, *allowed, *sys.stdlib_module_names) == set()


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_the_commands_know_the_seed(path: Path) -> None:
    allowed = named(path) == "portal/cli.py" or named(path).startswith("seed/")
    assert allowed or not {name for name in imported(path) if name.split(".")[0] == "seed"}


def _assigned(node: ast.AST) -> Iterator[ast.AST]:
    """What a statement writes to: targets, `setattr(row, "status", …)`, `values(status=…)`."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (part for target in targets for part in ast.walk(target))
    elif isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        yield from node.args if name == "setattr" else []
        yield from node.keywords if name in ("values", "update") else []


def _means_status(part: ast.AST) -> bool:
    names = (getattr(part, field, None) for field in ("attr", "value", "arg"))
    return not isinstance(part, ast.Name) and "status" in names


def _status_writes(path: Path) -> list[str]:
    return [
        f"{named(path)}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.stmt | ast.Call) and any(map(_means_status, _assigned(node)))
    ]


def test_only_the_lifecycle_changes_the_status_of_a_case() -> None:
    written = [found for path in SOURCES for found in _status_writes(path)]
    elsewhere = [f for f in written if not f.startswith("portal/casework/lifecycle.py")]
    others = ("complaint", "sending.status")
    of_cases = [found for found in elsewhere if not any(one in found for one in others)]
    assert of_cases == [], "call lifecycle.advance() instead"


def test_every_list_of_casework_is_sorted_by_an_index() -> None:
    unindexed = {
        f"{screen.model.__tablename__}.{column}"
        for _title, screens in admin_views.MENU
        for screen in screens
        if screen.model.__tablename__ not in SMALL
        for column in {*screen.column_sortable_list, screen.column_default_sort[0]}
        if column not in _first_columns(screen.model.__table__)
    }
    assert unindexed == set(), "a list of a million rows must not be sorted on each visit"


def _first_columns(table: Table) -> set[str]:
    """The columns that an index, a unique constraint or the key begins with."""
    unique = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    groups = [table.primary_key.columns, *(one.columns for one in [*table.indexes, *unique])]
    return {next(iter(group)).name for group in groups}
