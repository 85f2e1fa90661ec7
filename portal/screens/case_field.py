"""The case that a form asks for although its table keeps none: it says whose victims are meant."""

from typing import Any

from models import Case, Victim
from portal.screens import lookups, one_case, texts
from portal.screens.fields import RowField
from portal.wording import lazy as _l


class AskedCase(RowField):
    """Asked, never written."""

    def populate_obj(self, obj: Any, name: str) -> None:
        """It only narrows what else is chosen."""


def make() -> Any:
    """The unbound field."""
    told = _l("Hanya korban kasus ini yang ditawarkan. Kosongkan bila belum menjadi kasus.")
    loader, label = lookups.loader(Case, one_case.CASE), texts.of(Victim, one_case.CASE)
    return AskedCase(loader, label, [], allow_blank=True, description=told)
