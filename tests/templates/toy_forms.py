"""From the toy tables' columns to our fields, as Flask-Admin lets one say it."""

from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import rules
from flask_admin.model.form import converts
from wtforms import Field, fields

from portal.screens.widgets import LocalDateTimeField, LookupField, MultiLookupField


class FormConverter(AdminModelConverter):
    """Columns to our fields."""

    @converts("DateTime")
    def convert_instant(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """An instant, as local date and time."""
        return LocalDateTimeField(**field_args)

    @converts("Date")
    def convert_day(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """A calendar day."""
        return fields.DateField(**field_args)

    def _model_select_field(
        self, prop: Any, multiple: Any, remote_model: Any, **kwargs: Any
    ) -> Field:
        loader = getattr(self.view, "_form_ajax_refs", {}).get(prop.key)
        if loader is None:
            return super()._model_select_field(prop, multiple, remote_model, **kwargs)
        return (MultiLookupField if multiple else LookupField)(loader, **kwargs)


def section(title: Any, *names: Any, help: Any = None) -> rules.Container:
    """A form rule: the fields `names` (or rules) in one titled section of the form."""
    return rules.Container("lib.section", rules.NestedRule(list(names)), title=title, help=help)
