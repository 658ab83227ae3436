"""What OPTIONS tells of an address: the columns of its table, what each holds, and what a list can be asked for."""

from typing import Any

from rest_framework.metadata import SimpleMetadata
from rest_framework.request import Request

from evidence.api import asking, filters, formats, ordering
from evidence.api.parameters import names_of
from evidence.contract import Column


class Metadata(SimpleMetadata):
    """The columns and parameters of a table."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "formats": [renderer.media_type for renderer in view.get_renderers()],
        }
        if (seen := getattr(view, "seen", None)) is None:
            return told
        columns = {name: _told(column) for name, column in seen.resource.columns.items()}
        resource = seen.resource
        told |= {"columns": columns} | ({"parts": [*view.api.parts(resource)]} if resource.is_written else {})
        if "key" in view.kwargs:
            return {**told, "shaping": names_of(asking.of_record(resource))}
        listing = [*asking.listing_by(resource), *filters.parameters(resource)]
        told["shaping"] = names_of(asking.reading(resource, formats.LISTS))
        return {**told, "parameters": names_of(listing), "ordering": ordering.orderings(resource)}


def _told(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "holds": column.kind.value,
        "required": column.required,
        "computed": column.computed,
        "help": str(column.field.help_text),
    }
    if column.words:
        told["words"] = list(column.words)
    if column.target is not None:
        told["names"] = str(column.target._meta.verbose_name_plural)
    return told
