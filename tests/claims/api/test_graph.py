"""The graph: entities and what links them, as whoever asks may see it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.api import graph
from claims.contract import TABLES
from claims.models import Entity
from evidence.contract import Kind
from tests.api import client_of, errors
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    OwnershipFactory,
    PersonFactory,
    PositionFactory,
    PredicateFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

NAMING = [
    (table, column)
    for table in TABLES
    for column in table.columns
    if issubclass(table.model, Entity) and column.target and issubclass(column.target, Entity)
]


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


def graph_of(client: Client, **asked: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.get("/api/v1/graph/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def nodes(client: Client, **asked: Any) -> list[str]:
    return [node["slug"] for node in graph_of(client, **asked)["nodes"]]


def edges(client: Client, **asked: Any) -> list[str]:
    return [
        f"{edge['source']} {edge['kind']} {edge['target']}" for edge in graph_of(client, **asked)["edges"]
    ]


@pytest.fixture
def chain(db: None) -> None:
    """A person in a company, which owns another, which has an agreement with a third."""
    ceo, one, two, three = (
        PersonFactory(slug="ceo", accepted=True),
        *(CompanyFactory(slug=slug, accepted=True) for slug in ("one", "two", "three")),
    )
    PositionFactory(slug="chair", person=ceo, company=one)
    OwnershipFactory(slug="share", owner=one, owned=two)
    AgreementFactory(slug="deal", parties=[two, three], accepted=True)


@pytest.mark.parametrize(("table", "column"), NAMING, ids=lambda one: one.name)
def test_every_column_in_which_an_entity_names_others_links_them(
    table: Any, column: Any, colleague: Client
) -> None:
    with some_change():
        target = FACTORY_OF[column.target]() if column.target is not Entity else CompanyFactory()
        many = column.kind is Kind.REFERENCES
        record = FACTORY_OF[table.model](**{column.name: [target] if many else target})
    assert f"{record.slug} {column.name} {target.slug}" in edges(colleague)


def test_owners_positions_and_claims_link_entities(colleague: Client) -> None:
    ceo, one, two = PersonFactory(slug="ceo"), CompanyFactory(slug="one"), CompanyFactory(slug="two")
    PositionFactory(slug="chair", person=ceo, company=one)
    OwnershipFactory(slug="share", owner=one, owned=two)
    supplies = PredicateFactory(slug="supplies", between_entities=True)
    claim = {"subject": one, "object": two, "predicate": supplies, "value": "", "modality": "planned"}
    ClaimFactory(slug="claim", negated=True, confidence="low", basis="fact", **claim)
    body = graph_of(colleague)
    assert body["edges"] == [
        {
            "source": "ceo",
            "target": "one",
            "kind": "position",
            "table": "positions",
            "key": "chair",
            "basis": "inference",
            "confidence": "unjudged",
            "negated": False,
            "modality": None,
        },
        {
            "source": "one",
            "target": "two",
            "kind": "ownership",
            "table": "ownerships",
            "key": "share",
            "basis": "inference",
            "confidence": "unjudged",
            "negated": False,
            "modality": None,
        },
        {
            "source": "one",
            "target": "two",
            "kind": "supplies",
            "table": "claims",
            "key": "claim",
            "basis": "fact",
            "confidence": "low",
            "negated": True,
            "modality": "planned",
        },
    ]
    assert body["nodes"][0] == {
        "slug": "ceo",
        "type": "person",
        "name": Entity.objects.get(slug="ceo").name,
        "basis": "inference",
        "confidence": "unjudged",
    }
    assert edges(colleague, min_confidence="low") == ["one supplies two"]
    assert edges(colleague, min_confidence="medium") == []


@pytest.mark.usefixtures("chain")
def test_around_an_entity_it_goes_so_many_steps(colleague: Client) -> None:
    assert nodes(colleague, around="ceo") == ["ceo", "one"]
    assert nodes(colleague, around="ceo", depth=2) == ["ceo", "one", "two"]
    assert nodes(colleague, around="ceo", depth=3) == ["ceo", "deal", "one", "two"]
    assert edges(colleague, around="deal") == ["deal parties three", "deal parties two"]
    assert nodes(colleague, around="ceo", depth=3, type="company") == ["ceo", "one", "two"]
    OwnershipFactory(
        slug="more", owner=Entity.objects.get(slug="three"), owned=Entity.objects.get(slug="two")
    )
    assert "three ownership two" in edges(colleague, around="deal")


@pytest.mark.usefixtures("chain")
def test_nobody_sees_links_of_what_is_not_accepted(colleague: Client) -> None:
    secret = CompanyFactory(slug="secret", accepted=True)
    AgreementFactory(slug="open", parties=[secret, Entity.objects.get(slug="one")], accepted=True)
    with some_change():
        secret.review = "submitted"
        secret.save()
    assert "open parties secret" in edges(colleague)
    for asked in ({}, {"around": "one", "depth": 3}, {"around": "open"}):
        body = graph_of(client_of(), **asked)
        assert "secret" not in str(body) and "open parties one" in edges(client_of(), **asked)
    (error,) = errors(client_of(), "/api/v1/graph/", around="secret")
    assert error["code"] == "unknown_slug"


@pytest.mark.usefixtures("chain")
def test_what_is_too_large_says_how_to_narrow_it(colleague: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MOST_NODES", 3)
    for asked in ({}, {"around": "ceo", "depth": 3}):
        (error,) = errors(colleague, "/api/v1/graph/", **asked)
        assert error["code"] == "too_large" and "around" in error["detail"]
    assert nodes(colleague, type="company") == ["one", "three", "two"]
    monkeypatch.setattr(graph, "MOST_EDGES", 1)
    (error,) = errors(colleague, "/api/v1/graph/", around="deal")
    assert error["code"] == "too_large"


@pytest.mark.usefixtures("chain")
def test_its_queries_do_not_grow_with_the_rows(reader: User) -> None:
    counts = []
    for number in (0, 60):
        multiply(Entity.objects.get(slug="one").leaf, number)
        with CaptureQueriesContext(connection) as captured:
            assert client_of().get("/api/v1/graph/").status_code == 200
        counts.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            assert client_of().get("/api/v1/graph/?around=ceo&depth=3").status_code == 200
        counts.append(len(captured))
    assert counts == [3, 6, 3, 6]


def test_what_it_does_not_understand_is_refused(colleague: Client) -> None:
    for asked, parameter in (
        ({"depth": "2"}, "depth"),
        ({"around": "x"}, "around"),
        ({"type": "plants"}, "type"),
        ({"min_confidence": "unjudged"}, "min_confidence"),
        ({"limit": "3"}, "limit"),
    ):
        (error,) = errors(colleague, "/api/v1/graph/", **asked)
        assert error["parameter"] == parameter
