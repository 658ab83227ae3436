"""The first rows of other tables on a record's page, and the addresses of pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

ROWS_SHOWN = 25


def is_key(text: str) -> bool:
    """Whether an address names a row by this."""
    return text.isascii() and text.isdigit() and len(text) < 19  # of a 64-bit number


@dataclass(frozen=True)
class Pick:
    """What can be done with rows that are marked in a panel: a page that is opened with them."""

    label: str
    url: Callable[[], str]
    name: str
    column: str = "pk"
    """The attribute of a row that is sent, and the name under which it is."""


@dataclass(frozen=True)
class Panel:
    """The first rows of another table on a record's page, with a link to the whole list."""

    title: str
    rows: Callable[[Any], models.QuerySet]
    columns: tuple[str, ...]
    link: Callable[[Any], str]
    pick: Pick | None = None

    def first(self, record: Any) -> dict[str, Any]:
        """What the template shows."""
        model = self.rows(record).model
        found = list(self.rows(record)[: ROWS_SHOWN + 1])
        shown = found[:ROWS_SHOWN]
        return {
            "title": self.title,
            "heads": [str(model._meta.get_field(name).verbose_name) for name in self.columns],
            "rows": [
                {
                    "url": change_url(row),
                    "cells": [shown_value(row, name) for name in self.columns],
                    "mark": getattr(row, self.pick.column) if self.pick else None,
                    "name": str(row),
                }
                for row in shown
            ],
            "pick": self.pick and {"label": self.pick.label, "url": self.pick.url(), "name": self.pick.name},
            "more": len(found) > len(shown),
            "list": self.link(record),
        }


def gone(desk: admin.ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The answer to the address of a record that there is not: a message, and the first page."""
    redirect: Any = getattr(desk, "_get_obj_does_not_exist_redirect")  # noqa: B009 - missing in the stubs
    return redirect(request, desk.opts, object_id)


def change_url(record: models.Model) -> str:
    """The address of a record's page."""
    leaf = getattr(record, "leaf_model", type(record))
    return reverse(f"admin:{leaf._meta.app_label}_{leaf._meta.model_name}_change", args=[record.pk])


def list_url(model: type[models.Model], **filters: Any) -> str:
    """The address of a list, narrowed by lookups."""
    query = "&".join(f"{lookup}={value}" for lookup, value in filters.items())
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + f"?{query}"


def shown_value(record: Any, name: str) -> str:
    """A column of a record for people: the label of a code, the name of a reference."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "" if value is None else str(value)
