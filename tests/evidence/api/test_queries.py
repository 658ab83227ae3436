"""How many queries each address takes, in a table that is committed: whatever the rows, and seen when it changes.

    WRITE_QUERIES=1 python -m pytest tests/evidence/api/test_queries.py -n0

writes the table anew. Queries that find out who asks (session, user, rights) are left out.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Company
from claims_site.urls import OTHERS
from evidence.api.resources import Resource
from evidence.models import Change, Notice, Record
from evidence.services.history import has_history
from tests.api import RESOURCES, client_of
from tests.evidence.api.worlds import World, make_world
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "queries.json"
WHO_ASKS = ('FROM "auth_', 'FROM "django_session"', 'FROM "evidence_token"')
MOST = 4
"""Queries that a list may take."""


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.getvalue())
        answer.getvalue()
    return sum(1 for one in captured if not any(table in one["sql"] for table in WHO_ASKS))


def addresses(world: World) -> dict[str, str]:
    """What is asked, by the name under which the table tells it."""
    asked = {f"{name}/": f"{name}/" for name in OTHERS}
    asked["graph/?around"] = f"graph/?around={world.public[Company].slug}&depth=3"
    asked["changes/?expand"] = "changes/?expand=record"
    for resource in RESOURCES:
        name, key = resource.name, row_of(world, resource).key
        asked |= {
            f"{name}/": f"{name}/",
            f"{name}/?count": f"{name}/?count=true",
            f"{name}/<key>/": f"{name}/{key}/",
        }
        if has_history(resource.model):
            asked |= {
                f"{name}/?as_of": f"{name}/?as_of=2999",
                f"{name}/<key>/?as_of": f"{name}/{key}/?as_of=2999",
            }
    return asked


def row_of(world: World, resource: Resource) -> Any:
    model: Any = resource.model if has_history(resource.model) else Company
    return model._default_manager.get(pk=world.public[model].pk)


def grow(like: dict[Any, Any], number: int) -> None:
    """Add so many rows like these to every table, each with a notice; from then on, like the last of them."""
    change = Change.objects.latest("pk")
    for model, row in like.items():
        rows = multiply(model._default_manager.get(pk=row.pk), number)
        like[model] = rows[-1]
        for one in rows:
            notice(change, model, one)


def notice(change: Change, model: type[Record], row: Any) -> None:
    label = model._meta.label_lower
    Notice.objects.create(
        change=change, model=label, row=row.pk, key=row.key, version=1, whole="+", public="+"
    )


def test_the_queries_of_every_address_are_those_of_the_table_whatever_the_rows(curator: User) -> None:
    world = make_world()
    who = {"anonymous": client_of(), "curator": client_of(curator)}
    found, like = [], dict(world.public)
    for number in (3, 57):
        grow(like, number)
        found.append(
            {
                name: {one: count(client, f"/api/v1/{address}") for one, client in who.items()}
                for name, address in addresses(world).items()
            }
        )
    few, many = found
    assert few == many
    lists = {name: counts for name, counts in many.items() if "<key>" not in name and "?expand" not in name}
    assert {name for name, counts in lists.items() if max(counts.values()) > MOST} <= {"graph/?around"}
    text = json.dumps(many, indent=1, sort_keys=True) + "\n"
    if os.environ.get("WRITE_QUERIES"):
        TABLE.write_text(text, encoding="utf-8")
    assert json.loads(TABLE.read_text(encoding="utf-8")) == many
