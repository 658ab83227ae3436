"""Choosing a record by typing a part of its name, without a query a row."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models


class LabelledAutocomplete(AutocompleteMixin):
    """Shows what is chosen from labels that were loaded for all rows at once."""

    known: dict[str, str] | None = None

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> Any:
        # An address or a form may carry anything; the form's own validation says so.
        chosen = [str(key) for key in value if str(key).isascii() and str(key).isdigit()]
        if self.known is None or not set(chosen) <= self.known.keys():
            return super().optgroups(name, chosen or [""], attr)
        select: Any = self  # these are mixed into a select, which makes the options
        labels = {key: self.known[key] for key in chosen} or ({} if select.is_required else {"": ""})
        options = [
            select.create_option(name, key, label, key in chosen, index, attrs=attr)
            for index, (key, label) in enumerate(labels.items())
        ]
        return [(None, options, 0)]


class RecordSelect(LabelledAutocomplete, AutocompleteSelect):
    """Chooses one record."""


class RecordSelectMultiple(LabelledAutocomplete, AutocompleteSelectMultiple):
    """Chooses several records."""


def tell_labels(form: Any, instance: models.Model) -> None:
    """Give the form's record selects the labels of what the instance refers to, which is loaded already."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, RecordSelect):
            target = getattr(instance, name, None)
            widget.known = {str(target.pk): str(target)} if target is not None else {}
        elif isinstance(widget, RecordSelectMultiple):
            rows = getattr(instance, name).all() if instance.pk else ()
            widget.known = {str(row.pk): str(row) for row in rows}
