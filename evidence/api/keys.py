"""Keys in addresses: the parts of a record's key joined by `+`, percent-encoded.

That is unambiguous from the left: every part but the last is a slug, which holds no plus sign. A moment is written in
ISO 8601 with its offset, as sheets do, and may be given in any offset.
"""

from typing import Any
from urllib.parse import quote

from django.http import Http404

from evidence.api.resources import Resource, Seen
from evidence.contract import Kind
from evidence.exchange.cells import MomentWidget
from evidence.models import Slugged
from evidence.services.slugs import nearest_of

JOINED = "+"


def encoded(key: str) -> str:
    """The key as it stands in an address."""
    return quote(key, safe="")


def cells(resource: Resource, key: str) -> dict[str, str]:
    """The parts of a key by their columns. Raises Http404 where the text has not the parts of one."""
    names = resource.model.KEY
    parts = key.split(JOINED, len(names) - 1)
    if len(parts) < len(names):
        raise Http404(
            f"A key of {resource.name} is {JOINED.join(names)}; “{key[:80]}” lacks {names[len(parts)]}."
        )
    return dict(zip(names, parts, strict=True))


def lookups(resource: Resource, key: str) -> dict[str, Any]:
    """How the row with this key is found. Raises Http404 where the text is none."""
    held = (_held(resource, name, part) for name, part in cells(resource, key).items())
    return dict(zip(resource.model.key_lookups(), held, strict=True))


def merged_into(seen: Seen, key: str) -> str:
    """The slug of the record with which the one of this former slug was merged, if the reader sees it; else empty."""
    model = seen.resource.model
    former: Any = model.find_former([key]).get(key) if issubclass(model, Slugged) else None
    visible = former is not None and seen.rows.filter(pk=former.pk).exists()
    return former.slug if visible else ""


def missing(seen: Seen, key: str) -> Http404:
    """That there is no such record, with the nearest that the reader sees."""
    resource, near = seen.resource, ""
    if issubclass(resource.model, Slugged):
        near = nearest_of(seen.rows, key)
    hint = f"; did you mean “{near}”?" if near else "."
    return Http404(f"None of the {resource.table.label} has the key “{key[:160]}”{hint}")


def _held(resource: Resource, name: str, part: str) -> Any:
    if resource.table.by_name[name].kind is not Kind.MOMENT:
        if "\0" in part:  # which PostgreSQL takes for an error of ours
            raise Http404("A key holds no such character.")
        return part
    try:
        if (found := MomentWidget().clean(part)) is not None:
            return found
    except ValueError as error:
        raise Http404(str(error)) from error
    raise Http404(f"A key of {resource.name} ends with a moment.")
