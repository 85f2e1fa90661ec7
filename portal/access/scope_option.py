"""The scope as an option of a statement, as SQLAlchemy compiles and caches it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, bindparam, true
from sqlalchemy.orm import LoaderCriteriaOption
from sqlalchemy.orm.interfaces import CriteriaOption

from models import Base

Says = Callable[[type[Base], BindParameter[int]], ColumnElement[bool]]


class Criterion(LoaderCriteriaOption):
    """The condition on one table; the copy of it that goes into statements is made once.

    The general option makes one for every statement that is compiled, half of that work.
    """

    copy: ColumnElement[bool] | None = None

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        if self.copy is None:
            self.copy = super()._resolve_where_criteria(ext_info)
        return self.copy


class ScopeOption(CriteriaOption):
    """The conditions of one viewer, known to SQLAlchemy's cache of statements by a short name.

    The general options spell their whole conditions out for the cache, with every statement and
    for every table: some milliseconds each time. What has the same name differs by the officer
    alone, and whose conditions they are is in `me`, which every execution binds anew.
    """

    __slots__ = ("criteria", "me", "name")

    def __init__(
        self, name: tuple[Any, ...], officer_id: int | None, models: Any, says: Says
    ) -> None:
        self.name = (ScopeOption, *name)
        self.me = bindparam("scope_me", officer_id, Integer)
        said = ((model, says(model, self.me)) for model in models)
        self.criteria = [
            Criterion(model, one, include_aliases=True, propagate_to_loaders=False)
            for model, one in said
            if one is not true()
        ]

    def _gen_cache_key(self, anon_map: Any, bindparams: list[BindParameter[Any]]) -> Any:
        bindparams.append(self.me)
        return self.name

    def process_compile_state(self, compile_state: Any) -> None:
        """Put the conditions under a statement that is compiled."""
        self.get_global_criteria(compile_state.global_attributes)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Say each of them."""
        for one in self.criteria:
            one.get_global_criteria(attributes)
