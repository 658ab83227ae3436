"""Asking the API in tests: as anybody, or as somebody signed in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.api.tables import API
from evidence.api.problems import RULES
from evidence.api.resources import Resource

RESOURCES = list(API.by_name.values())
every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def client_of(user: User | None = None) -> Client:
    """A client that nobody, or this user, is signed in with; what goes wrong in a view is raised."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def listed(client: Client, table: str, **asked: Any) -> dict[str, Any]:
    """The body of a list, which is answered."""
    answer = client.get(f"/api/v1/{table}/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def results(client: Client, table: str, **asked: Any) -> list[dict[str, Any]]:
    """The records of a page."""
    return listed(client, table, **asked)["results"]


def slugs(client: Client, table: str, **asked: Any) -> list[str]:
    """The slugs of a page."""
    return [record["slug"] for record in results(client, table, **asked)]


def pages(client: Client, table: str, **asked: Any) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, one after the other."""
    body = listed(client, table, **asked)
    yield body["results"]
    while body["next"]:
        answer = client.get(body["next"])
        assert answer.status_code == 200, answer.content
        body = answer.json()
        yield body["results"]


def sheet(client: Client, table: str, form: str, **asked: Any) -> bytes:
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
