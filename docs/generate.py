"""What we say about the code, made from the code: `python -m docs.generate` (make docs).

A test compares the pages with what this makes, so that they cannot drift apart.
"""

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from models import Base, Role, Sealed
from portal.access.permissions import TABLES, VERBS
from portal.casework.report_rules import REPORT_RULES
from portal.casework.rules import CASE_RULES, Rule
from portal.config import Settings

FOLDER = Path(__file__).parent


def settings() -> str:
    """One row a setting, made from the fields."""
    return "\n".join([_SETTINGS, *map(_setting, fields(Settings)), ""])


_SETTINGS = """# Settings

Made from `portal/config.py` by `make docs`. Read once, from the environment. A missing or weak one
in production stops the start with one line that names it; an unknown `PORTAL_…` name does too.
With `PORTAL_ENV=demo` the secrets are made and kept in `PORTAL_DATA/demo.env`, mode 0600.

| name | meaning | default |
|---|---|---|"""


def _setting(one: Field[Any]) -> str:
    about = one.metadata
    default = f"`{about['default']}`" if about["default"] else "none"
    return f"| `{about['env']}` | {about['about']} | {default} |"


def lifecycle() -> str:
    """The rules of cases and reports as diagrams and tables."""
    parts = ["# The life of a case and of a report", _made_from("portal/casework/rules.py")]
    for title, rules, first in (
        ("A case", CASE_RULES, "identified"),
        ("A report", REPORT_RULES, "new"),
    ):
        parts += [f"## {title}", _diagram(rules.values(), first), _rules_table(rules.values())]
    return "\n\n".join(parts) + "\n"


def _diagram(rules: Iterable[Rule], first: str) -> str:
    arrows = [
        f"    {source} --> {rule.target}: {rule.label}"
        for rule in rules
        if rule.target
        for source in sorted(rule.sources)
        if source != rule.target
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *arrows, "```"])


def _rules_table(rules: Iterable[Rule]) -> str:
    head = ["act", "button", "from", "to", "who", "reason", "what must hold"]
    rows = [
        [
            f"`{rule.act}`",
            str(rule.label),
            ", ".join(sorted(rule.sources)),
            rule.target or "(stays)",
            _roles(rule.who),
            "yes" if rule.needs_reason else "",
            ", ".join(one.__name__.replace("_", " ") for one in rule.requires),
        ]
        for rule in rules
    ]
    return _table(head, rows)


def permissions() -> str:
    """Which role may do what to which table."""
    rows = [
        [f"`{table}`", *(_roles(rights[verb]) for verb in VERBS)]
        for table, rights in sorted(TABLES.items())
    ]
    return "\n\n".join(
        [
            "# Who may do what to which table",
            _made_from("portal/access/permissions.py")
            + " Which rows a role meets stands in `portal/access/scope.py`; what may happen to a "
            "case or a report in [lifecycle.md](lifecycle.md).",
            _table(["table", *VERBS], rows),
            "",
        ]
    )


def data_dictionary() -> str:
    """Every table and column, which of them are sealed, and what the database enforces."""
    parts = ["# The tables", _made_from("models.py")]
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__tablename__):
        table = mapper.local_table
        if isinstance(table, Table):
            about = (mapper.class_.__doc__ or "").strip()
            parts += [f"## `{table.name}`", about, _columns(table)]
    return "\n\n".join(parts) + "\n"


def _columns(table: Table) -> str:
    rows = [
        [
            f"`{column.name}`",
            "sealed" if isinstance(column.type, Sealed) else type(column.type).__name__,
            "" if column.nullable else "yes",
            ", ".join(f"`{key.target_fullname}`" for key in column.foreign_keys),
        ]
        for column in table.columns
    ]
    return _table(["column", "type", "required", "refers to"], rows)


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(role for role in Role if role in set(roles)) or "nobody"


def _made_from(source: str) -> str:
    return f"Made from `{source}` by `make docs`."


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "lifecycle.md": lifecycle,
    "permissions.md": permissions,
    "data-dictionary.md": data_dictionary,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())


if __name__ == "__main__":
    main()
