"""The records of a table as JSON Schema: as they are told, and in pages; with an example of each."""

from typing import Any

from evidence.api.parameters import Parameter
from evidence.api.resources import Api, Resource
from evidence.api.schema import values
from evidence.contract import Column, Kind

EXAMPLES: dict[Kind, Any] = {
    Kind.TEXT: "What is known of it, in a sentence or two.",
    Kind.LINE: "As printed",
    Kind.LIST: ["As printed"],
    Kind.DATE: "2020-08",
    Kind.MOMENT: "2026-05-04T12:30:00+00:00",
    Kind.BOOL: False,
    Kind.REFERENCE: "nano-one",
    Kind.REFERENCES: ["nano-one"],
}


def name_of(resource: Resource) -> str:
    """The name of the component that tells of one record."""
    return resource.model.__name__


def schemas(api: Api, resource: Resource) -> dict[str, dict[str, Any]]:
    """The components of a table: its record, a page of them, and what these name."""
    return {
        name_of(resource): record(api, resource),
        f"{name_of(resource)}Page": page(resource),
        **values.shared(iter(resource.columns.values())),
    }


def record(api: Api, resource: Resource) -> dict[str, Any]:
    """A record as it is told: with `fields` or `omit` some of its columns, with `expand` records for slugs."""
    return {
        "type": "object",
        "description": str(resource.model.__doc__).partition("\n\n")[0],
        "properties": {name: told(api, column) for name, column in resource.columns.items()},
        "additionalProperties": False,
    }


def told(api: Api, column: Column) -> dict[str, Any]:
    """What a record holds in a column."""
    schema = values.one(column)
    if column.target is not None:
        expanded = values.ref(name_of(api.by_model[column.target]))
        schema = {"anyOf": [schema, expanded]}
    if column.kind in values.MANY:
        schema = {"type": "array", "items": schema}
    if values.may_be_null(column):
        schema = values.nullable(schema)
    return {**schema, "description": values.described(column)}


def page(resource: Resource) -> dict[str, Any]:
    """A page of records."""
    return {
        "type": "object",
        "required": ["next", "results"],
        "properties": {
            "count": {
                "type": "integer",
                "description": "How many rows are asked for in all; with `count=true` only.",
            },
            "next": {
                "type": ["string", "null"],
                "description": "The address of the next page; null on the last.",
            },
            "results": {"type": "array", "items": values.ref(name_of(resource))},
        },
        "additionalProperties": False,
    }


def example(resource: Resource) -> dict[str, Any]:
    """A record as it may be told."""
    return {name: _example(column) for name, column in resource.columns.items()}


def key(resource: Resource) -> Parameter:
    """The key of a record in its address."""
    names = resource.model.KEY
    if names == ("slug",):
        return Parameter("key", "The slug of the record.", values.ref("Slug"), place="path", required=True)
    parts = " + ".join(f"`{name}`" for name in names)
    told = f"The key of the record: {parts}, joined by `+` and percent-encoded."
    example = key_example(resource)
    return Parameter(
        "key", told, {"type": "string", "minLength": 1}, place="path", required=True, example=example
    )


def key_example(resource: Resource) -> str:
    """The key of that record, as it stands in an address before it is encoded."""
    told = example(resource)
    return "+".join(str(told[name]) for name in resource.model.KEY)


def _example(column: Column) -> Any:
    if column.words:
        words = [column.words[0]]
        return words if column.kind is Kind.LIST else words[0]
    if column.kind is Kind.STANDARD:
        return next(iter(EXAMPLE_CODES.get(values.standard(column.field)[0], [])), None)
    if column.kind is Kind.NUMBER:
        return "45.37" if getattr(column.field, "decimal_places", 0) else 7
    return "nano-one" if column.name == "slug" else EXAMPLES[column.kind]


EXAMPLE_CODES = {"Country": ["CA"], "Currency": ["CAD"], "Language": ["en"]}
