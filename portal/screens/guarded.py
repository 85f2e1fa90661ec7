"""Pages beside the generated screens: closed, unless the permission table opens them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort
from flask_admin import BaseView

from portal.access.permissions import may
from portal.screens.sign_in import current_officer


class GuardedView(BaseView):
    """A page of its own. `permission` opens it, `permissions` name views that ask for another."""

    permission: ClassVar[str]
    permissions: ClassVar[Mapping[str, str]] = {}

    def is_accessible(self) -> bool:
        """Whether it stands in the menu of this officer."""
        return self.opens()

    def opens(self, name: str = "") -> bool:
        """Whether this officer may open the view of this name."""
        return may(current_officer(), self.permissions.get(name, self.permission))

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        if not self.opens(name):
            abort(403)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """As it is: Flask-Admin's own would run a view twice that raised a TypeError."""
        return fn(self, *args, **kwargs)
