"""What is sent to be written, as JSON Schema: a record that is made, one that is changed, one of several that are."""

from collections.abc import Iterable, Sequence
from typing import Any

from evidence.api.bodies import MOST
from evidence.api.resources import Api, Resource
from evidence.api.schema import records, values
from evidence.api.values import SEVERAL, nullable
from evidence.contract import Column, Kind

VERSION: dict[str, Any] = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2**31 - 1,
    "description": "The version that was read; the record is written only if it still has it.",
}


def new(resource: Resource) -> str:
    """The name of the component of a record that is made."""
    return f"New{records.name_of(resource)}"


def replacement(resource: Resource) -> str:
    """The name of the component of all that is said of a record, but for its key, which stands in the address."""
    return f"{records.name_of(resource)}Replacement"


def change(resource: Resource) -> str:
    """The name of the component of what is said anew of a record."""
    return f"{records.name_of(resource)}Change"


def listed_change(resource: Resource) -> str:
    """The name of the component of what is said anew of one record of several."""
    return f"Listed{records.name_of(resource)}Change"


def inner(resource: Resource) -> str:
    """The name of the component of a part that stands inside of the record that is made with it."""
    return f"Inner{records.name_of(resource)}"


def schemas(api: Api, resource: Resource) -> dict[str, dict[str, Any]]:
    """The components of what is written to a table."""
    model, columns = resource.model, _written(resource)
    parts = api.parts(resource)
    held = {name: _several(values.ref(inner(part))) for name, part in parts.items()}
    besides = {name: one for name, one in columns.items() if name not in model.KEY}
    found = {
        replacement(resource): _object(besides, held, needs=_stated(resource, besides)),
        change(resource): _object(besides),
        new(resource): _object(columns, held, needs=_stated(resource, columns)),
        listed_change(resource): _object(columns, {"version": VERSION}, needs=(*model.KEY, "version")),
    }
    for part in parts.values():
        parent = getattr(part.model, "PARENT", "")
        own = {name: one for name, one in _written(part).items() if name != parent}
        found[inner(part)] = _object(own, needs=_stated(part, own))
        found |= values.shared(iter(part.columns.values()))
    return found


def example(resource: Resource) -> dict[str, Any]:
    """What may be sent to make a record: what has to be stated, and its slug."""
    told = records.example(resource)
    columns = _written(resource)
    return {name: told[name] for name, column in columns.items() if column.required or name == "slug"}


def replacement_example(resource: Resource) -> dict[str, Any]:
    """What may be sent as all that is said of a record."""
    return {name: value for name, value in example(resource).items() if name not in resource.model.KEY}


def change_example(resource: Resource) -> dict[str, Any]:
    """What may be sent to change a record: the first column that is no part of its key."""
    told = records.example(resource)
    name = next(name for name in _written(resource) if name not in resource.model.KEY)
    return {name: told[name]}


def listed_change_example(resource: Resource) -> list[dict[str, Any]]:
    """What may be sent to change several records."""
    told = records.example(resource)
    return [{**{name: told[name] for name in resource.model.KEY}, "version": 7, **change_example(resource)}]


def several(schema: dict[str, Any]) -> dict[str, Any]:
    """So many records of this kind as a body may hold."""
    return _several(schema)


def _several(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema, "maxItems": MOST}


def _written(resource: Resource) -> dict[str, Column]:
    return {name: column for name, column in resource.table.by_name.items() if not column.computed}


def _object(
    columns: dict[str, Column], besides: dict[str, Any] | None = None, *, needs: Sequence[str] = ()
) -> dict[str, Any]:
    """An object of these columns and nothing else, that has to state some of them."""
    properties = {name: _value(column) for name, column in columns.items()} | (besides or {})
    told: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return told | ({"required": [*needs]} if needs else {})


def _stated(resource: Resource, names: Iterable[str]) -> list[str]:
    """Which of these columns a new record has to state; a slug that others make up is proposed."""
    proposed = {"slug"} if getattr(resource.model, "SLUG_FROM", ()) else set()
    return [name for name in names if resource.table.by_name[name].required and name not in proposed]


def _value(column: Column) -> dict[str, Any]:
    """What is sent of a column."""
    schema = _one(column)
    if column.kind in SEVERAL:
        schema = {"type": "array", "items": schema, "uniqueItems": True}
    if nullable(column):
        schema = values.nullable(schema)
    return {**schema, "description": values.described(column)}


def _one(column: Column) -> dict[str, Any]:
    if column.words:
        return {"type": "string", "enum": list(column.words)}
    if column.kind is Kind.NUMBER:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{values.decimal(column)}$"}]}
    if column.name != "slug" and column.kind in SENT:
        return values.ref(SENT[column.kind])
    return values.one(column)


SENT = {
    Kind.TEXT: "SentText",
    Kind.DATE: "SentLine",
    Kind.LINE: "SentLine",
    Kind.LIST: "SentLine",
}
"""The components of texts as they are sent, with white space around them that is taken off."""
