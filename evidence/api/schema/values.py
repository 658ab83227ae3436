"""What the columns of the contract hold, as JSON Schema: as told, as written, and as asked for in an address."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pycountry

from evidence.api.schema.shared import SHARED
from evidence.contract import Column, Kind

COMPONENTS = "#/components/schemas/"
MANY = (Kind.LIST, Kind.REFERENCES)
NULL = {"type": "null"}


def ref(name: str) -> dict[str, Any]:
    """The component of this name."""
    return {"$ref": COMPONENTS + name}


@cache
def standard(field: Any) -> tuple[str, dict[str, Any]]:
    """The codes that a field of an international standard takes, with the name of the component that lists them."""
    codes = {getattr(one, field.attribute, None) for one in getattr(pycountry, field.register)}
    schema = {
        "type": "string",
        "enum": sorted(code for code in codes if code),
        "description": f"An {field.example}.",
    }
    return type(field).__name__.removesuffix("Field"), schema


def codes(column: Column) -> list[str]:
    """The codes that a column takes, of ours or of an international standard; none where it takes others too."""
    if column.kind is Kind.STANDARD:
        known: list[str] = standard(column.field)[1]["enum"]
        return known
    return list(column.words)


def shared(columns: Iterator[Column]) -> dict[str, dict[str, Any]]:
    """The components that the schemas of these columns name."""
    fields = [column.field for column in columns if column.kind is Kind.STANDARD]
    return SHARED | dict(map(standard, fields))


def one(column: Column) -> dict[str, Any]:
    """What one value of a column is."""
    if column.words:
        return {"type": "string", "enum": list(column.words)}
    if column.kind is Kind.STANDARD:
        return ref(standard(column.field)[0])
    if column.kind is Kind.NUMBER:
        return _number(column)
    if column.name == "slug":
        return ref("Slug")
    return dict(PLAIN[column.kind])


def _number(column: Column) -> dict[str, Any]:
    places = getattr(column.field, "decimal_places", 0)
    if not places:
        return {"type": "integer", "minimum": 1}
    return {"type": "string", "pattern": f"^{decimal(column)}$"}


def decimal(column: Column) -> str:
    """The pattern of a number with its decimal places."""
    places = column.field.decimal_places
    return rf"-?[0-9]{{1,{column.field.max_digits - places}}}(\.[0-9]{{1,{places}}})?"


PLAIN: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: ref("Text"),
    Kind.LINE: ref("Line"),
    Kind.LIST: ref("Line"),
    Kind.DATE: ref("PartialDate"),
    Kind.MOMENT: ref("Moment"),
    Kind.BOOL: {"type": "boolean"},
    Kind.REFERENCE: ref("Slug"),
    Kind.REFERENCES: ref("Slug"),
}


def described(column: Column) -> str:
    """What a column is for, with the meaning of its words and the table that it names."""
    told = [str(column.field.help_text) or f"{column.label}."]
    meant = [f"`{word}` {meaning}" for word, meaning in column.meanings.items() if says_more(word, meaning)]
    if meant:
        told.append(" · ".join(meant) + ".")
    if column.target is not None:
        several = "Slugs" if column.kind is Kind.REFERENCES else "The slug"
        told.append(f"{several} of {column.target._meta.verbose_name_plural}.")
    if column.computed:
        told.append("Computed; it is not written.")
    return " ".join(told)


def says_more(word: str, meaning: str) -> bool:
    """Whether what a word means is not plain from the word itself."""
    return meaning.lower() != word.replace("_", " ").lower()


def may_be_null(column: Column) -> bool:
    """Whether a column may be told as null."""
    return column.kind not in (*MANY, Kind.BOOL) and bool(
        column.field.blank or column.field.null or column.name in getattr(column.field.model, "QUOTING", ())
    )


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, or null."""
    if "$ref" in schema or "anyOf" in schema:
        return {"anyOf": [*schema.get("anyOf", [schema]), NULL]}
    words = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **words}
