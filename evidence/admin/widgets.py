"""Choosing a record by typing a part of its name, without a query a row."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models


class _KnowsLabels:
    """Shows what is chosen from labels that were loaded for all rows at once."""

    known: dict[str, str] | None = None

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        chosen = [str(key) for key in value if str(key)]
        if self.known is None or not set(chosen) <= self.known.keys():
            return super().optgroups(name, value, attrs)  # type: ignore[misc]  # of the widget it is mixed into
        empty = (
            [] if self.allow_multiple_selected or self.is_required else [self._option(name, "", "", 0, attrs)]
        )  # type: ignore[attr-defined]
        options = [
            self._option(name, key, self.known[key], index + 1, attrs) for index, key in enumerate(chosen)
        ]
        return [(None, [*empty, *options], 0)]

    def _option(self, name: str, key: str, label: str, index: int, attrs: dict[str, Any] | None) -> Any:
        return self.create_option(name, key, label, bool(key), index, attrs=attrs)  # type: ignore[attr-defined]


class RecordSelect(_KnowsLabels, AutocompleteSelect):
    """Chooses one record."""


class RecordSelectMultiple(_KnowsLabels, AutocompleteSelectMultiple):
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
