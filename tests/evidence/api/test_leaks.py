"""Nothing that is not public reaches somebody who is not signed in: not by any table, format or question."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from claims.models import Citation, Claim, Company, Conflict, FormerSlug, Premise
from claims_site.urls import OTHERS
from evidence.api.ordering import orderings
from evidence.api.resources import Resource
from evidence.contract import Kind
from evidence.services.history import has_history
from tests.api import RESOURCES, client_of, every_resource, key_of, listed, results, sheet
from tests.evidence.api.worlds import SECRET, World, make_world
from tests.factories import ClaimFactory
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, written once for all tests of this file, each of which puts back what it changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(written: World, db: None) -> World:
    return written


@pytest.fixture
def anybody(world: World) -> Client:
    return client_of()


def everything(client: Client, resource: Resource) -> list[dict[str, Any]]:
    return results(client, resource.name, limit=500)


@every_resource
@pytest.mark.parametrize("form", ["json", "csv", "jsonl"])
def test_no_secret_stands_in_a_list(resource: Resource, form: str, anybody: Client) -> None:
    answer = anybody.get(f"/api/v1/{resource.name}/", {"format": form})
    body = answer.getvalue().decode()
    assert answer.status_code == 200 and SECRET not in body
    assert len(everything(anybody, resource)) >= 1


OTHER = [
    "changes/?limit=500",
    "changes/?expand=record&limit=500",
    "changes/?after=1999&limit=500",
    f"changes/?limit=500&table={','.join(one.name for one in RESOURCES if has_history(one.model))}",
    "timeline/?limit=500&count=true",
    "timeline/?format=csv",
    "timeline/?format=jsonl",
    "graph/",
    "graph/?type=company,person,agreement",
]
"""What is asked of the other addresses."""


@pytest.mark.parametrize("asked", OTHER, ids=lambda asked: asked[:30])
def test_no_secret_stands_at_any_other_address(asked: str, anybody: Client, reader: User) -> None:
    assert {asked.partition("/")[0] for asked in OTHER} == set(OTHERS)
    body = anybody.get(f"/api/v1/{asked}").getvalue().decode()
    assert SECRET not in body and len(body) > 2
    assert SECRET in client_of(reader).get(f"/api/v1/{asked}").getvalue().decode()


def test_no_other_address_finds_a_secret(anybody: Client, world: World) -> None:
    public, secret = world.public[Company].slug, Company.objects.get(pk=world.secret[Company].pk).slug
    assert results(anybody, "timeline", search=SECRET) == []
    for asked in (f"graph/?around={public}&depth=3", f"timeline/?entity={public}"):
        assert SECRET not in anybody.get(f"/api/v1/{asked}").content.decode()
    for asked, parameter in ((f"graph/?around={secret}", "around"), (f"timeline/?entity={secret}", "entity")):
        answer = anybody.get(f"/api/v1/{asked}")
        assert answer.status_code == 422 and SECRET not in answer.json()["detail"].replace(secret, "")
        assert answer.json()["errors"][0]["parameter"] == parameter


@every_resource
@pytest.mark.parametrize("day", ["2000-01-01", "2999"])
def test_no_secret_stands_in_what_was(resource: Resource, day: str, anybody: Client, reader: User) -> None:
    if not has_history(resource.model):
        return
    for form in ("json", "csv", "jsonl"):
        answer = anybody.get(f"/api/v1/{resource.name}/", {"format": form, "as_of": day})
        assert answer.status_code == 200 and SECRET not in answer.getvalue().decode()
    rows = results(anybody, resource.name, as_of=day)
    assert rows and listed(anybody, resource.name, as_of=day, count="true")["count"] == len(rows)
    for record in rows:
        key = "+".join(key_of(resource, record))
        assert SECRET not in anybody.get(f"/api/v1/{resource.name}/{key}/", {"as_of": day}).content.decode()
    assert results(anybody, resource.name, as_of=day, search=SECRET) == []
    colleague = client_of(reader)
    assert listed(colleague, resource.name, as_of=day, count="true")["count"] > len(rows)
    for name in resource.table.of_kind(Kind.TEXT, Kind.LINE):
        assert results(anybody, resource.name, as_of=day, **{name: SECRET}) == []


@every_resource
def test_no_secret_comes_by_expansion_of_anything(resource: Resource, anybody: Client) -> None:
    columns = resource.columns.values()
    names = [column.name for column in columns if column.kind in (Kind.REFERENCE, Kind.REFERENCES)]
    asked = {"expand": ",".join(names)} if names else {}
    body = anybody.get(f"/api/v1/{resource.name}/", asked)
    assert body.status_code == 200 and SECRET not in body.content.decode()
    for record in everything(anybody, resource):
        key = "+".join(key_of(resource, record))
        one = anybody.get(f"/api/v1/{resource.name}/{key}/", asked)
        assert one.status_code == 200 and SECRET not in one.content.decode()


@every_resource
def test_no_search_finds_a_secret(resource: Resource, anybody: Client) -> None:
    for part in (SECRET, SECRET[2:5], SECRET.upper()):
        body = listed(anybody, resource.name, search=part, count="true")
        assert (body["count"], body["results"]) == (0, [])
        assert sheet(anybody, resource.name, "jsonl", search=part) == b""


@every_resource
def test_a_count_counts_what_is_shown(resource: Resource, anybody: Client, reader: User) -> None:
    body = listed(anybody, resource.name, count="true", limit=500)
    assert body["count"] == len(body["results"])
    assert listed(client_of(reader), resource.name, count="true")["count"] > body["count"]


@every_resource
def test_no_filter_tells_a_secret_from_what_is_not_there(resource: Resource, anybody: Client) -> None:
    """A row is found by what is shown of it and by nothing else: by secret words as by any others, that is never."""
    address = f"/api/v1/{resource.name}/"
    rows, total = everything(anybody, resource), len(everything(anybody, resource))
    for name, column in resource.asked.items():
        if column.kind in (Kind.REFERENCE, Kind.REFERENCES):
            for slug in (f"{SECRET}-{other.name.replace('_', '-')}" for other in RESOURCES):
                answer = anybody.get(address, {name: slug})
                told = answer.json()["errors"][0]["detail"].replace(slug, "")
                assert answer.status_code == 422 and SECRET not in told
        elif column.kind in (Kind.TEXT, Kind.LINE, Kind.LIST) and not column.words:
            assert listed(anybody, resource.name, **{name: SECRET}, count="true")["count"] == 0, name
            assert (
                listed(anybody, resource.name, **{f"{name}__not": SECRET}, count="true")["count"] == total
            ), name
        if column.kind not in (Kind.BOOL,):
            empty = sum(1 for row in rows if row[name] in (None, [], ""))
            assert listed(anybody, resource.name, **{name: ""}, count="true")["count"] == empty, name


@every_resource
def test_what_is_near_a_secret_is_not_named(resource: Resource, anybody: Client) -> None:
    near = SECRET[:-1] + "-companie"
    for name in resource.table.of_kind(Kind.REFERENCE, Kind.REFERENCES):
        answer = anybody.get(f"/api/v1/{resource.name}/", {name: near})
        assert answer.status_code == 422 and SECRET not in answer.content.decode()
    answer = anybody.get(f"/api/v1/{resource.name}/{near}/")
    assert answer.status_code == 404 and SECRET not in answer.content.decode()


@every_resource
def test_a_secret_record_answers_like_one_that_is_not_there(
    resource: Resource, anybody: Client, world: World, reader: User
) -> None:
    model = Company if resource.name == "entities" else resource.model
    row = model._default_manager.get(pk=world.secret[model].pk)
    answer = anybody.get(f"/api/v1/{resource.name}/{row.key}/")
    missing = anybody.get(f"/api/v1/{resource.name}/{row.key}x/")
    assert answer.status_code == missing.status_code == 404
    assert answer.json()["title"] == missing.json()["title"]
    assert client_of(reader).get(f"/api/v1/{resource.name}/{row.key}/").status_code == 200


@every_resource
def test_no_order_tells_of_what_is_not_shown(resource: Resource, anybody: Client) -> None:
    """Rows that show nothing in a column come in the order of their keys, whatever is stored there."""
    for name in orderings(resource):
        for sign in ("", "-"):
            rows = results(anybody, resource.name, ordering=sign + name, limit=500)
            unstated = [key_of(resource, row) for row in rows if row[name] in (None, "")]
            assert unstated == sorted(unstated), name


def test_words_of_a_restricted_source_are_withheld_and_it_says_so(world: World, reader: User) -> None:
    slug = world.public[Citation].slug
    shown = client_of().get(f"/api/v1/citations/{slug}/").json()
    assert {name: shown[name] for name in Citation.QUOTING} == dict.fromkeys(Citation.QUOTING)
    assert shown["withheld"] is True
    seen = client_of(reader).get(f"/api/v1/citations/{slug}/").json()
    assert {seen[name] for name in Citation.QUOTING} == {SECRET}
    assert seen["withheld"] is False


def test_withheld_words_do_not_order_rows(world: World) -> None:
    one = world.public[Citation]
    Citation._base_manager.filter(pk=one.pk).update(slug="b", quote="a secret that sorts first")
    other = Citation(slug="a", claim=one.claim, source=one.source, stance="supports", quote="z")
    Citation._base_manager.bulk_create([other])
    for ordering in ("quote", "-quote", "locator", "-locator"):
        assert [row["slug"] for row in results(client_of(), "citations", ordering=ordering)] == ["a", "b"]


def test_a_former_slug_of_a_secret_record_leads_nowhere(world: World, reader: User) -> None:
    former = FormerSlug._base_manager.get(pk=world.secret[FormerSlug].pk)
    assert client_of().get(f"/api/v1/companies/{former.slug}/").status_code == 404
    assert client_of(reader).get(f"/api/v1/companies/{former.slug}/").status_code == 308


def test_a_claim_is_not_contested_by_what_is_not_seen(world: World, reader: User) -> None:
    claim = world.public[Claim]
    with some_change():
        hidden = ClaimFactory()
        conflict = Conflict(slug="hidden", explanation="Both cannot be.", kind="noted")
        conflict.save()
        conflict.members.set([claim, hidden])
    assert client_of().get(f"/api/v1/claims/{claim.slug}/").json()["contested"] is False
    assert client_of(reader).get(f"/api/v1/claims/{claim.slug}/").json()["contested"] is True


def test_a_row_that_has_to_name_something_unaccepted_is_not_shown(world: World) -> None:
    premise = world.public[Premise]
    Claim._base_manager.filter(pk=premise.premise_id).update(review="submitted")
    assert client_of().get(f"/api/v1/premises/{premise.key}/").status_code == 404


def test_somebody_without_the_right_to_look_sees_what_everybody_sees(world: World) -> None:
    nobody = client_of(User.objects.create_user("nobody"))
    for resource in RESOURCES:
        assert everything(nobody, resource) == everything(client_of(), resource)
