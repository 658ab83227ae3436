"""The OpenAPI document: whole, true to what is answered, and the one list of what may be asked."""

import difflib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from claims.contract import TABLES
from evidence.api.keys import encoded
from evidence.api.problems import RULES
from evidence.api.resources import Resource
from evidence.api.schema.document import document, written
from tests.api import client_of, errors, every_resource, key_of, results
from tests.factories import FACTORY_OF
from tests.factories.base import some_change

SNAPSHOT = Path(__file__).parents[3] / "docs" / "openapi.json"
RENEW = "./run manage spectacular --format openapi-json --file docs/openapi.json"
V1 = "/api/v1/"

Operation = dict[str, Any]


def operation(path: str, method: str = "get") -> Operation:
    """What the document says of a method at an address."""
    found: Operation = document()["paths"][V1 + path][method]
    return found


def every_operation() -> list[tuple[str, Operation]]:
    """All operations, each with a name for people."""
    return [
        (f"{method} {path}", told)
        for path, methods in document()["paths"].items()
        for method, told in methods.items()
    ]


def asked_by(told: Operation) -> list[dict[str, Any]]:
    """The parameters of an operation that stand in the query."""
    return [parameter for parameter in told["parameters"] if parameter["in"] == "query"]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The component that a schema names, or itself."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return document()["components"]["schemas"][name] if name else schema


def sample(schema: dict[str, Any]) -> str:
    """A value of a schema, as it stands in an address."""
    schema = resolved(schema)
    if "examples" in schema:
        return str(schema["examples"][0])
    if "items" in schema:
        return sample(schema["items"])
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if "enum" in schema:
        return str(schema["enum"][0])
    return {"integer": "1", "boolean": "true", "string": "1"}[schema["type"]]


def faults(value: Any, name: str) -> list[str]:
    """Where a value is not what the component of this name says."""
    root = DRAFT202012.create_resource(document())
    told = Draft202012Validator(
        {"$ref": f"urn:document#/components/schemas/{name}"},
        registry=Registry().with_resource("urn:document", root),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [f"{error.json_path}: {error.message}" for error in told.iter_errors(value)]


def test_it_is_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_a_change_of_it_shows_in_the_snapshot() -> None:
    then, now = SNAPSHOT.read_text(encoding="utf-8").splitlines(), written().decode().splitlines()
    changes = "\n".join(
        difflib.unified_diff(then, now, "docs/openapi.json", "as it is now", lineterm="", n=2)
    )
    assert not changes, f"Read the difference; if it is meant, {RENEW}\n{changes}"


def test_every_address_under_the_version_is_described() -> None:
    def addresses(patterns: list[Any], before: str) -> set[str]:
        found = set()
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                found |= addresses(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern) and here.startswith(V1):
                found.add(here.replace("<str:key>", "{key}").replace("<path:key>", "{key}"))
        return found

    assert addresses(get_resolver().url_patterns, "/") == set(document()["paths"])


@pytest.mark.django_db
def test_every_method_that_is_answered_is_described(reader: User) -> None:
    for path, methods in document()["paths"].items():
        told = client_of(reader).options(path.replace("{key}", "a+b+c"))
        allowed = {method.strip().lower() for method in told["Allow"].split(",")}
        assert allowed - {"head", "options"} == set(methods), path


def test_every_operation_says_what_it_does_and_how_it_answers() -> None:
    names = [told["operationId"] for _, told in every_operation()]
    assert len(set(names)) == len(names)
    for place, told in every_operation():
        assert told["summary"] and told["description"] and told["tags"] and told["security"], place
        assert {"400", "401", "406", "429"} <= set(told["responses"]), place
        assert any(status < "300" for status in told["responses"]), place
        for parameter in told["parameters"]:
            assert parameter["description"] and parameter["schema"], f"{place} {parameter['name']}"


def test_every_body_has_an_example_that_it_describes() -> None:
    for place, told in every_operation():
        bodies = [told["requestBody"]] if "requestBody" in told else []
        whole = [
            answer for answer in told["responses"].values() if "application/json" in answer.get("content", {})
        ]
        for body in (*bodies, *whole):
            held = body["content"]["application/json"]
            root = {**document(), **held["schema"]}
            assert [
                error.message for error in Draft202012Validator(root).iter_errors(held["example"])
            ] == [], place


@every_resource
@pytest.mark.django_db
def test_what_is_declared_is_taken_and_nothing_else_is(resource: Resource, reader: User) -> None:
    with some_change():
        for table in TABLES:
            FACTORY_OF[table.model]()
    client, name = client_of(reader), resource.name
    (record, *_) = results(client, name)
    key = encoded("+".join(key_of(resource, record)))
    for address, place in ((f"{V1}{name}/", f"{name}/"), (f"{V1}{name}/{key}/", f"{name}/{{key}}/")):
        declared = {
            one["name"]: one.get("example") or sample(one["schema"]) for one in asked_by(operation(place))
        }
        answer = client.get(address, declared)
        assert answer.status_code == 422, answer.content  # a sample names nothing that there is
        assert {error["code"] for error in answer.json()["errors"]} <= RULES
        others = {f"{name}_x": "" for name in declared}
        assert {error["parameter"] for error in errors(client, address, **others)} == {*others}
        told = client.options(address).json()
        assert {*declared} == {*told.get("parameters", []), *told["shaping"]}


@every_resource
@pytest.mark.django_db
def test_records_are_what_their_components_say(resource: Resource, reader: User) -> None:
    with some_change():
        for table in TABLES:
            FACTORY_OF[table.model].create_batch(2)
    name = resource.model.__name__
    references = next(
        (one for one in asked_by(operation(f"{resource.name}/")) if one["name"] == "expand"), None
    )
    expanded = {"expand": ",".join(references["schema"]["items"]["enum"])} if references else {}
    for client in (client_of(), client_of(reader)):
        for asked in ({"count": "true"}, expanded, {"fields": resource.model.KEY[0]}):
            page = client.get(f"{V1}{resource.name}/", asked).json()
            assert faults(page, f"{name}Page") == []
            for record in page["results"]:
                assert faults(record, name) == []
    assert set(resource.columns) == set(document()["components"]["schemas"][name]["properties"])


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_it_is_served_to_anybody_in_both_formats(form: str, client: Client) -> None:
    answer = client.get(f"/api/schema/?format={form}")
    assert (answer.status_code, answer["Content-Type"]) == (200, f"application/{form}")
    assert (
        client.get(f"/api/schema/?format={form}", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )


def test_it_takes_no_other_question(client: Client) -> None:
    answer = client.get("/api/schema/?form=json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
