"""One thing that waits, as the first page shows it: a figure, and where it leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from models import Officer

Conditions = Sequence[ColumnElement[bool]]
Where = Callable[[Officer, datetime], Conditions]


@dataclass(frozen=True)
class Queue:
    """What waits: a figure, and where `order` is given the first rows by it.

    `query` narrows the generated list of `model` to the same rows; `page` is the endpoint of a
    page of its own instead. An `alarming` queue should be empty; a `quiet` one shows only when it
    is not.
    """

    label: Any
    model: type[Any]
    where: Where
    query: str
    icon: str
    order: Any = None
    alarming: bool = False
    page: str = ""
    quiet: bool = False
