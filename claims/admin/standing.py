"""The fields of an entity, each marked by how it stands, with the claims behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.badges import BEARINGS, STATES, Badge
from claims.models import Claim, Entity
from claims.services.records import Behind, Standing, standings_shown
from claims.services.showing import ShownClaim
from evidence.domain.text import counted
from evidence.services.roles import may

OPEN = 6
"""How many claims behind a field stand open; the rest can be unfolded."""

Shown = tuple[Badge, Behind, ShownClaim]


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field for the panel: its name, what it says, how it stands, and the claims behind it."""

    name: str
    label: str
    badge: Badge
    summary: str
    first: Sequence[Shown]
    rest: Sequence[Shown]


class FieldStandings:
    """Mixed into the admin of an entity: marks beside its fields, and what admin/entity_change_form.html lists."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        entity = context.get("original")
        if entity is not None and may(request.user, "view", Claim):
            # What was typed and refused stands in the form, not in the record.
            stored = type(entity)._base_manager.get(pk=entity.pk) if request.method == "POST" else entity
            found, claims = standings_shown(stored)
            _mark(context["adminform"].form, stored, found)
            context = {**context, "fields_behind": [_shown(stored, one, claims) for one in found]}
        rendered: Any = super()
        return rendered.render_change_form(request, context, *args, **kwargs)


def _mark(form: Any, entity: Entity, found: Iterable[Standing]) -> None:
    """Put the marks before the help texts, of fields that can be written and of those that are only shown."""
    marked = {
        one.field: _with_mark(one, str(entity._meta.get_field(one.field).help_text))  # type: ignore[union-attr]  # a column
        for one in found
    }
    for name, text in marked.items():
        if name in form.fields:
            form.fields[name].help_text = text
    form._meta.help_texts = {**(form._meta.help_texts or {}), **marked}


def _with_mark(one: Standing, help_text: str) -> SafeString:
    return format_html(
        '<a class="mark" href="#behind-{}">{} {}</a> {}',
        one.field,
        STATES[one.state],
        _summary(one),
        help_text,
    )


def _summary(one: Standing) -> str:
    if not one.supporting and not one.against:
        return "no claim says so"
    said = [f"{counted(len(one.supporting), 'claim')} for it"]
    return ", ".join([*said, *([f"{len(one.against)} against"] if one.against else [])])


def _shown(entity: Entity, one: Standing, claims: Mapping[int, ShownClaim]) -> ShownField:
    listed = [(BEARINGS[behind.bearing], behind, claims[behind.claim]) for behind in one.behind]
    label = str(entity._meta.get_field(one.field).verbose_name)  # type: ignore[union-attr]  # a column
    return ShownField(one.field, label, STATES[one.state], _summary(one), listed[:OPEN], listed[OPEN:])
