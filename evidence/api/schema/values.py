"""What the columns of the contract hold, as JSON Schema: as told, as written, and as asked for in an address."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pycountry

from evidence.contract import Column, Kind
from evidence.domain.text import SLUG, UNWANTED
from evidence.fields import StandardCodeField

COMPONENTS = "#/components/schemas/"
MANY = (Kind.LIST, Kind.REFERENCES)
NULL = {"type": "null"}
LINE_BREAKS = r"\n\r\u2028\u2029"
UNPRINTABLE = "".join(
    sign if sign.isprintable() else rf"\u{ord(sign):04X}"
    for sign in UNWANTED.pattern.strip("[]").replace("\ud800-\udfff", "")
)
"""Characters that no text holds; of JSON, which is sent in UTF-8, halves of surrogate pairs are no part anyway."""

MONTHS = r"(0[1-9]|1[0-2])"
SHARED: dict[str, dict[str, Any]] = {
    "Text": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}]*$",
        "description": "Text without control characters.",
    },
    "Line": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}{LINE_BREAKS}]*$",
        "description": "Text on one line, without control characters.",
    },
    "Slug": {
        "type": "string",
        "pattern": f"^{SLUG.pattern}$",
        "description": "The short name of a record in addresses: small letters, digits and hyphens.",
        "examples": ["nano-one"],
    },
    "PartialDate": {
        "type": "string",
        "description": "A date as vague as its source, in EDTF (ISO 8601-2), with the words as printed behind it in "
        "parentheses where they say more: `2020-08-10`, `2020-08`, `2026-34 (Q2 2026)`, `2028/..`. English wordings "
        "are read too, and come back as EDTF. What has two readings is refused with both.",
        "examples": ["2020-08"],
    },
    "Day": {
        "anyOf": [
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": f"^(?!0000)[0-9]{{4}}(-{MONTHS})?$"},
        ],
        "description": "A day, a month or a year: `2020-08-10`, `2020-08`, `2020`. Other dates of EDTF, and English "
        "wordings that have one reading, are read too.",
        "examples": ["2020-08"],
    },
    "Moment": {
        "type": "string",
        "format": "date-time",
        "description": "A moment in ISO 8601; told in UTC.",
        "examples": ["2026-05-04T12:30:00+00:00"],
    },
}


def ref(name: str) -> dict[str, Any]:
    """The component of this name."""
    return {"$ref": COMPONENTS + name}


@cache
def standard(field: type[StandardCodeField]) -> tuple[str, dict[str, Any]]:
    """The codes of an international standard, with the name of the component that lists them."""
    codes = {getattr(one, field.attribute, None) for one in getattr(pycountry, field.register)}
    schema = {
        "type": "string",
        "enum": sorted(code for code in codes if code),
        "description": f"An {field.example}.",
    }
    return field.__name__.removesuffix("Field"), schema


def shared(columns: Iterator[Column]) -> dict[str, dict[str, Any]]:
    """The components that the schemas of these columns name."""
    fields = {type(column.field) for column in columns if column.kind is Kind.STANDARD}
    return SHARED | dict(map(standard, fields))


def one(column: Column) -> dict[str, Any]:
    """What one value of a column is."""
    if column.words:
        return {"type": "string", "enum": list(column.words)}
    if column.kind is Kind.STANDARD:
        return ref(standard(type(column.field))[0])
    if column.kind is Kind.NUMBER:
        return _number(column)
    if column.name == "slug":
        return ref("Slug")
    return dict(PLAIN[column.kind])


def _number(column: Column) -> dict[str, Any]:
    places = getattr(column.field, "decimal_places", 0)
    if not places:
        return {"type": "integer", "minimum": 1}
    before = column.field.max_digits - places
    return {"type": "string", "pattern": rf"^-?[0-9]{{1,{before}}}(\.[0-9]{{1,{places}}})?$"}


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
