"""What an act is on the officers' screens: its form, what does it, and what it is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models import Officer
from portal.casework.rules import Rule
from portal.screens import act_forms
from portal.screens.act_doing import Do

Facts = Callable[[Any, Officer], dict[str, Any]]
Obstacles = Callable[[Any, str, Officer], list[str]]


def nothing(subject: Any, officer: Officer) -> dict[str, Any]:
    """No facts besides."""
    return {}


@dataclass(frozen=True)
class Act:
    """One act as a page: `explains` is what will happen, `facts` what the page shows besides."""

    form: type[act_forms.ActForm]
    do: Do
    explains: Any = ""
    facts: Facts = nothing
    template: str = "screens/act.html"


@dataclass(frozen=True)
class Words:
    """What an act is called, what is said when it is done, and whether it is not easily undone."""

    label: Any
    done: Any
    grave: bool = False
    bulk: bool = False


def words_of(rules: Mapping[str, Rule]) -> dict[str, Words]:
    """The words of acts that a lifecycle knows."""
    return {name: Words(one.label, one.done, one.grave, one.bulk) for name, one in rules.items()}
