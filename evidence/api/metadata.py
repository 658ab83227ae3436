"""What OPTIONS tells of an address: the columns of its table, what each holds, and what a list can be asked for."""

from typing import Any

from rest_framework.metadata import SimpleMetadata
from rest_framework.request import Request

from evidence.api import filters, ordering
from evidence.api.asking import LISTING, READING
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
        parts = {"parts": [*view.api.parts(seen.resource)]} if seen.resource.is_written else {}
        listing = {"parameters": [*LISTING, *filters.parameters(seen)], "ordering": ordering.orderings(seen)}
        return {
            **told,
            "columns": columns,
            **parts,
            "shaping": [*READING],
            **({} if view.detail else listing),
        }


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
