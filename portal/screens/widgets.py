"""Form fields as our templates show them: native pickers, look-ups, check boxes."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_admin.helpers import get_url
from flask_admin.model.fields import AjaxSelectField, AjaxSelectMultipleField
from markupsafe import Markup
from wtforms import fields, widgets
from wtforms.fields.choices import Choice, SelectChoice

from portal.indonesia import dates
from portal.screens import one_case
from portal.wording import _

INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def offered(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """What may be chosen, from pairs of a value and its label, in the language in force."""
    return [SelectChoice(value, str(label)) for value, label in pairs]


class LookupField(AjaxSelectField):
    """A select with the chosen row only; the script searches the others on the server.

    Flask-Admin's own widget is a hidden input, which no label reaches and which
    is empty without script.
    """

    widget = widgets.Select()

    def _chosen(self) -> list[Any]:
        return [self.data] if self.data else []

    def iter_choices(self) -> Iterator[Choice]:
        """The chosen rows, after an empty choice where only one may be chosen."""
        if not self.widget.multiple:
            yield Choice("", "", not self._chosen(), {})
        for row in self._chosen():
            value, text = self.loader.format(row)
            yield Choice(str(value), text, True, {})

    def __call__(self, **kwargs: Any) -> Markup:
        """The control, with what the script needs to search."""
        options = self.loader.options
        search: dict[str, Any] = {
            "data-lookup": get_url(".ajax_lookup", name=self.loader.name),
            "data-minimum-input-length": int(options.get("minimum_input_length", 1)),
            "data-placeholder": options.get("placeholder") or _("Ketik untuk mencari"),
        }
        if self.loader.model in one_case.BELONGING:
            search["data-within"] = getattr(self, "of_case", "")
        return super().__call__(**search | kwargs)


class MultiLookupField(LookupField, AjaxSelectMultipleField):
    """Several rows looked up."""

    widget = widgets.Select(multiple=True)

    def _chosen(self) -> list[Any]:
        return list(self.data or ())


class LocalDateTimeField(fields.DateTimeLocalField):
    """An instant, typed and shown in WIB; `data` is aware."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, tz=dates.WIB, **{"format": INSTANT_FORMATS} | kwargs)


class MultiCheckbox(fields.SelectMultipleField):
    """Several of a list, as check boxes under one label."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
