"""What a page tells of the OpenAPI document: operations, parameters and schemas, in words and links."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evidence.api.docs.guides import inline
from evidence.api.schema.answers import JSON
from evidence.api.schema.document import document
from evidence.api.schema.operations import CSRF
from evidence.api.schema.values import COMPONENTS

SHARED = "values"
"""The page of what no single tag owns."""

FEW = 14
"""So many words of a code list are shown; more have to be unfolded."""

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A parameter, as a row of a table and of the form that tries it."""

    name: str
    place: str
    required: bool
    description: SafeString
    kind: SafeString
    choices: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class Answered:
    """An answer: its status, what it means, its headers, and its schema by media type."""

    status: str
    description: SafeString
    headers: tuple[str, ...]
    kinds: tuple[tuple[str, SafeString], ...]


@dataclass(frozen=True)
class Shown:
    """An operation."""

    id: str
    method: str
    path: str
    summary: str
    description: SafeString
    writes: bool
    parameters: tuple[Asked, ...]
    columns: tuple[Asked, ...]
    """Those of the parameters that ask by a column of the records."""
    answers: tuple[Answered, ...]
    body: SafeString
    sent: Any
    """An example of the body; None where nothing is sent."""
    told: Any
    """An example of the answer."""


@dataclass(frozen=True)
class Part:
    """A property of a schema."""

    name: str
    required: bool
    kind: SafeString
    description: SafeString


@dataclass(frozen=True)
class Component:
    """A schema that has a name."""

    name: str
    kind: SafeString
    description: SafeString
    parts: tuple[Part, ...]


@cache
def operations() -> dict[str, list[Shown]]:
    """The operations by their tag."""
    found: dict[str, list[Shown]] = {}
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(_shown(path, method, told))
    return found


@cache
def owners() -> dict[str, str]:
    """On which page each component stands: that of the first tag whose operations name it, else the shared one."""
    found: dict[str, str] = {}
    by_many = set()
    for methods in document()["paths"].values():
        for told in methods.values():
            bodies = (told.get("requestBody", {}), *told["responses"].values())
            for name in _named(bodies):
                if found.setdefault(name, told["tags"][0]) != told["tags"][0]:
                    by_many.add(name)
    return {name: found[name] if name in found and name not in by_many else SHARED for name in _schemas()}


def components(tag: str) -> list[Component]:
    """The components that stand on the page of a tag."""
    return [_component(name, _schemas()[name]) for name, owner in owners().items() if owner == tag]


def kind(schema: Told) -> SafeString:
    """What a schema takes, in words, with links to what has a name."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(COMPONENTS)
        return format_html('<a href="{}#{}">{}</a>', reverse("docs:page", args=[owners()[name]]), name, name)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            told = [kind(one) for one in schema[word]]
            return format_html_join(" or ", "{}", ((one,) for one in told))
    if schema.get("type") == "array":
        return format_html("list of {}", kind(schema["items"]))
    types = schema.get("type", "any")
    listed = types if isinstance(types, list) else [types]
    if words := choices(schema):
        null = " or null" if "null" in listed else ""
        return format_html("{}{}", _words(words), null)
    return format_html("{}{}", " or ".join(listed), _limits(schema))


def choices(schema: Told) -> tuple[str, ...]:
    """The words that a schema takes, but for nothing."""
    if schema.get("type") == "boolean":
        return ("true", "false")
    return tuple(str(word) for word in schema.get("enum", ()) if word not in ("", None))


def _limits(schema: Told) -> str:
    told = {"format": "", "minimum": "from ", "maximum": "to ", "minItems": "at least "}
    found = [f"{sign}{schema[name]}" for name, sign in told.items() if name in schema]
    return f" ({' '.join(found)})" if found else ""


def _words(words: tuple[str, ...]) -> SafeString:
    listed = format_html_join(" ", "<code>{}</code>", ((word,) for word in words))
    if len(words) <= FEW:
        return format_html("{}", listed)
    return format_html("<details><summary>one of {} words</summary>{}</details>", len(words), listed)


def _shown(path: str, method: str, told: Told) -> Shown:
    asked = [_asked(parameter) for parameter in told["parameters"]]
    names = _properties(told)
    by_column = [one for one in asked if one.place == "query" and one.name.split("__")[0] in names]
    sent = told.get("requestBody", {}).get("content", {}).get(JSON, {})
    good = next(answer for status, answer in told["responses"].items() if status < "300")
    return Shown(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=inline(told["description"]),
        writes=any(CSRF in way for way in told["security"]),
        parameters=tuple(one for one in asked if one not in by_column),
        columns=tuple(by_column),
        answers=tuple(_answered(status, answer) for status, answer in told["responses"].items()),
        body=kind(sent["schema"]) if sent else SafeString(),
        sent=sent.get("example"),
        told=good.get("content", {}).get(JSON, {}).get("example"),
    )


def _properties(told: Told) -> set[str]:
    """The columns of the records that an operation tells, with the ends by which dates are asked."""
    found = set()
    for name in _named([answer for status, answer in told["responses"].items() if status < "300"]):
        for inner in (name, *_named([_schemas()[name]])):
            found |= set(_schemas()[inner].get("properties", ()))
    return found | {name + end for name in found for end in ("_after", "_before")}


def _asked(parameter: Told) -> Asked:
    schema = parameter["schema"]
    several = schema.get("type") == "array"
    example = parameter.get("example", "")
    return Asked(
        parameter["name"],
        parameter["in"],
        parameter.get("required", False),
        inline(parameter["description"]),
        kind(schema),
        () if several else choices(schema),
        str(example),
    )


def _answered(status: str, answer: Told) -> Answered:
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    kinds = tuple((name, kind(held["schema"])) for name, held in answer.get("content", {}).items())
    return Answered(status, inline(answer["description"]), tuple(answer.get("headers", ())), kinds)


def _component(name: str, schema: Told) -> Component:
    required = schema.get("required", ())
    parts = tuple(
        Part(part, part in required, kind(told), inline(told.get("description", "")))
        for part, told in schema.get("properties", {}).items()
    )
    return Component(name, kind(schema), inline(schema.get("description", "")), parts)


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


def _named(told: Iterable[Any]) -> Iterator[str]:
    """The schemas that these parts of the document name, in their order."""
    for one in told:
        if isinstance(one, Mapping):
            reference = one.get("$ref")
            if isinstance(reference, str) and reference.startswith(COMPONENTS):
                yield reference.removeprefix(COMPONENTS)
            yield from _named(one.values())
        elif isinstance(one, list):
            yield from _named(one)
