"""Choosing entities on pages that name them by slug in their address: by typing a part of a name."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from claims.models import Claim, Entity
from evidence.admin.panels import is_key
from evidence.admin.widgets import RecordSelectMultiple

ENTITY, ADD = "entity", "add"
"""The parameters that name entities: by slug, and as the autocomplete does, by row id."""


class ChoosingForm(forms.Form):
    """Adds entities."""

    add = forms.ModelMultipleChoiceField(queryset=Entity.objects.all(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields[ADD]
        field.widget = RecordSelectMultiple(Claim._meta.get_field("subject"), admin.site)
        field.widget.choices = field.choices
        field.widget.known = {}


def with_added(request: HttpRequest, name: str) -> str:
    """The address of the page with the slugs of what was added; empty where nothing was."""
    if ADD not in request.GET:
        return ""
    rows = [int(row) for row in request.GET.getlist(ADD) if is_key(row)]
    added = dict(Entity.objects.filter(pk__in=rows).values_list("pk", "slug"))
    slugs = [*request.GET.getlist(ENTITY), *(added[row] for row in rows if row in added)]
    return address(name, slugs, request.GET)


def address(name: str, slugs: Iterable[str], others: QueryDict | dict[str, str] | None = None) -> str:
    """The address of a page of this name with these entities, and the other parameters."""
    rest = [(key, value) for key, value in (others or {}).items() if key not in (ENTITY, ADD)]
    query = [*((ENTITY, slug) for slug in dict.fromkeys(slugs) if slug), *rest]
    return f"{reverse(name)}?{urlencode(query)}"
