"""Parts inside of the record that they belong to: a claim with its citations in one request."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.api.tables import API
from claims.models import Citation, Claim
from evidence.models import Change, Part
from tests.api import WRITTEN, client_of, refusal, send
from tests.factories import ClaimFactory, CompanyFactory, PredicateFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(curator: User) -> Client:
    CompanyFactory(slug="lg")
    PredicateFactory(slug="has-size", value_type="text")
    SourceFactory(slug="filing")
    return client_of(curator)


def claim(**said: Any) -> dict[str, Any]:
    """A claim, as a body says it."""
    return {
        "statement": "LG is large",
        "subject": "lg",
        "predicate": "has-size",
        "value": "large",
        "modality": "actual",
        **said,
    }


def test_every_part_may_stand_inside_of_what_it_belongs_to_under_the_name_of_its_table() -> None:
    parts = {resource.name: set(API.parts(resource)) for resource in WRITTEN if API.parts(resource)}
    assert parts["claims"] == {"citations", "premises"}
    assert set().union(*parts.values()) == {
        resource.name for resource in WRITTEN if issubclass(resource.model, Part)
    }
    for resource in WRITTEN:
        assert not set(API.parts(resource)) & set(resource.columns)


def test_a_claim_is_made_with_its_citations_and_premises_in_one_change(desk: Client) -> None:
    premise = ClaimFactory(slug="premise")
    changes = Change.objects.count()
    body = claim(
        citations=[
            {"source": "filing", "stance": "supports", "locator": "p1", "quote": "a “large” | firm"},
            {"source": "filing", "stance": "mentions", "locator": "p2", "slug": "second"},
        ],
        premises=[{"premise": premise.slug, "role": "supporting"}],
    )
    answer = send(desk, "post", "claims/?reason=read", body)
    assert answer.status_code == 201, answer.content
    assert Change.objects.count() == changes + 1
    made = Claim.objects.get(slug="lg-is-large")
    assert [(one.slug, one.quote) for one in made.citations.all()] == [
        ("lg-is-large-filing-p1", "a “large” | firm"),
        ("second", ""),
    ]
    assert [one.premise for one in made.premises.all()] == [premise]
    assert "citations" not in answer.json() and answer.json()["version"] == 1


def test_errors_of_parts_stand_at_their_places_and_nothing_is_written(desk: Client) -> None:
    wrong = [
        {"source": "filling", "stance": "supports", "locator": "a\nb"},
        {"source": "filing", "stance": "suports", "quoet": "x"},
        {"source": "filing", "stance": "supports", "slug": "three", "claim": "other"},
        {"stance": "supports", "prefix": "x", "source": "filing", "slug": "four"},
    ]
    found = {
        (error["pointer"], error["code"])
        for error in refusal(send(desk, "post", "claims/", claim(citations=wrong)), 400)
    }
    assert found == {
        ("/citations/0/source", "unknown_slug"),
        ("/citations/0/locator", "control_character"),
        ("/citations/1/stance", "unknown_code"),
        ("/citations/1/quoet", "unknown_key"),
        ("/citations/2/claim", "read_only"),
        ("/citations/3/quote", "invalid"),
    }
    listed = [claim(), claim(slug="other", citations=[{"source": "filling", "stance": "supports"}])]
    (error,) = refusal(send(desk, "post", "claims/", listed), 422)
    assert error["pointer"] == "/1/citations/0/source"
    assert not Claim.objects.exists() and not Citation.objects.exists()


def test_rules_over_several_rows_are_told_at_the_part_that_breaks_them(desk: Client) -> None:
    body = [
        claim(slug="one", premises=[{"premise": "two", "role": "necessary"}]),
        claim(slug="two", premises=[{"premise": "one", "role": "necessary"}]),
    ]
    (error,) = refusal(send(desk, "post", "claims/", body), 422)
    assert error["pointer"] in ("/0/premises/0/premise", "/1/premises/0/premise")
    assert "closes a circle" in error["detail"]
    assert not Claim.objects.exists()


def test_parts_are_a_list_of_objects(desk: Client) -> None:
    for given in ("x", {"source": "filing"}, None):
        (error,) = refusal(send(desk, "post", "claims/", claim(citations=given)), 400)
        assert (error["pointer"], error["code"]) == ("/citations", "wrong_type")
    (error,) = refusal(send(desk, "post", "claims/", claim(citations=["x"])), 400)
    assert (error["pointer"], error["code"]) == ("/citations/0", "wrong_type")


def test_a_record_that_has_no_name_yet_hides_nothing_of_its_parts(desk: Client) -> None:
    body = {"citations": [{"source": "filling", "stance": "supports"}], "premises": [{"role": "x"}]}
    found = {error["pointer"] for error in refusal(send(desk, "post", "claims/", body), 400)}
    assert {"/statement", "/citations/0/source", "/premises/0/role", "/premises/0/premise"} <= found
    assert not {pointer for pointer in found if pointer.endswith(("/claim", "/conclusion", "/slug"))}


def test_parts_of_what_there_is_are_written_at_their_own_address(desk: Client) -> None:
    ClaimFactory(slug="one")
    answer = send(desk, "patch", "claims/one/", {"citations": []}, If_Match="*")
    (error,) = refusal(answer, 400)
    assert error["pointer"] == "/citations" and "/citations/" in error["detail"]
    body = {"claim": "one", "source": "filing", "stance": "supports", "locator": "p1"}
    assert send(desk, "post", "citations/", body).json()["slug"] == "one-filing-p1"
    assert Claim.objects.get(slug="one").version == 2
    other = ClaimFactory(slug="other")
    answer = send(desk, "patch", "citations/one-filing-p1/", {"claim": other.slug}, If_Match="*")
    assert "A part stays with its record" in refusal(answer, 422)[0]["detail"]


def test_a_put_that_makes_a_record_takes_its_parts_too(desk: Client) -> None:
    body = claim(citations=[{"source": "filing", "stance": "supports"}])
    assert send(desk, "put", "claims/large/", body, If_None_Match="*").status_code == 201
    assert Citation.objects.get().claim.slug == "large"
