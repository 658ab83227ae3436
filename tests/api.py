"""Asking the API in tests: as anybody, or as somebody signed in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.api.tables import API
from evidence.api.keys import encoded
from evidence.api.problems import RULES
from evidence.api.resources import Resource

RESOURCES = list(API.by_name.values())
WRITTEN = [resource for resource in RESOURCES if resource.is_written]
every_written = pytest.mark.parametrize("resource", WRITTEN, ids=lambda resource: resource.name)
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def client_of(user: User | None = None) -> Client:
    """A client that nobody, or this user, is signed in with; what goes wrong in a view is raised."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def listed(client: Client, table: str, /, **asked: Any) -> dict[str, Any]:
    """The body of a list, which is answered."""
    answer = client.get(f"/api/v1/{table}/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def results(client: Client, table: str, /, **asked: Any) -> list[dict[str, Any]]:
    """The records of a page."""
    return listed(client, table, **asked)["results"]


def slugs(client: Client, table: str, /, **asked: Any) -> list[str]:
    """The slugs of a page."""
    return [record["slug"] for record in results(client, table, **asked)]


def pages(client: Client, table: str, /, **asked: Any) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, one after the other."""
    body = listed(client, table, **asked)
    yield body["results"]
    while body["next"]:
        answer = client.get(body["next"])
        assert answer.status_code == 200, answer.content
        body = answer.json()
        yield body["results"]


def sheet(client: Client, table: str, form: str, /, **asked: Any) -> bytes:
    """The bytes of a list as a sheet."""
    answer = client.get(f"/api/v1/{table}/", {"format": form, **asked})
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def errors(client: Client, address: str, **asked: Any) -> list[dict[str, str]]:
    """The errors of a request that is refused: as not understood, or by rules alone."""
    answer = client.get(address, asked)
    assert answer["Content-Type"] == "application/problem+json", answer.content
    told: list[dict[str, str]] = answer.json()["errors"]
    assert answer.status_code == (422 if {error["code"] for error in told} <= RULES else 400), answer.content
    return told


def key_of(resource: Resource, record: Any) -> tuple[Any, ...]:
    """The key of a record as the API tells it."""
    return tuple(record[name] for name in resource.model.KEY)


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    """What is answered to a body of JSON (bytes are sent as they are); `If_Match="*"` and the like are headers."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(
        method.upper(), f"/api/v1/{address}", content, content_type="application/json", headers=named
    )


def refusal(answer: Any, status: int) -> list[dict[str, str]]:
    """The errors of a request that was refused with this status."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    return answer.json()["errors"]


def address_of(resource: Resource, told: dict[str, Any]) -> str:
    """The address of a record, below that of all tables."""
    return f"{resource.name}/{encoded('+'.join(told[name] or '' for name in resource.model.KEY))}/"


def body_of(resource: Resource, told: dict[str, Any]) -> dict[str, Any]:
    """What would make a record that is told so: it without what is worked out."""
    return {name: value for name, value in told.items() if not resource.columns[name].computed}
