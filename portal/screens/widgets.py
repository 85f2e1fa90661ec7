"""Form fields as our templates show them: native pickers, look-ups, titled sections.

A screen says `model_form_converter = FormConverter` once (the Screen base class
does); inline forms follow it. `section` is a form rule for `form_rules`.
"""

from collections.abc import Iterator
from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import rules
from flask_admin.helpers import get_url
from flask_admin.model.fields import AjaxSelectField, AjaxSelectMultipleField
from flask_admin.model.form import converts
from markupsafe import Markup
from wtforms import Field, fields, widgets
from wtforms.fields.choices import Choice

from portal.indonesia import dates
from portal.wording import _

INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


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
        search = {
            "data-lookup": get_url(".ajax_lookup", name=self.loader.name),
            "data-minimum-input-length": int(options.get("minimum_input_length", 1)),
            "data-placeholder": options.get("placeholder") or _("Ketik untuk mencari"),
        }
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


class FormConverter(AdminModelConverter):
    """Columns to fields: our own kinds of column too, all with native controls."""

    @converts("models.UtcDateTime", "DateTime")
    def convert_instant(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """An instant, as local date and time."""
        return LocalDateTimeField(**field_args)

    @converts("models.SealedDate", "Date")
    def convert_day(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """A calendar day."""
        return fields.DateField(**field_args)

    @converts("Time")
    def convert_hour(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """A time of day."""
        return fields.TimeField(**field_args)

    @converts("models.SealedText")
    def convert_sealed_text(self, column: Any, field_args: dict[str, Any], **extra: Any) -> Field:
        """Sealed text: one line, unless the screen overrides it with a text area."""
        self._nullable_common(column, field_args)
        return fields.StringField(**field_args)

    def _model_select_field(
        self, prop: Any, multiple: Any, remote_model: Any, **kwargs: Any
    ) -> Field:
        loader = getattr(self.view, "_form_ajax_refs", {}).get(prop.key)
        if loader is None:
            return super()._model_select_field(prop, multiple, remote_model, **kwargs)
        return (MultiLookupField if multiple else LookupField)(loader, **kwargs)


class MultiCheckbox(fields.SelectMultipleField):
    """Several of a list, as check boxes under one label."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def section(title: Any, *names: Any, help: Any = None) -> rules.Container:
    """A form rule: the fields `names` (or rules) in one titled section of the form."""
    return rules.Container("lib.section", rules.NestedRule(list(names)), title=title, help=help)
