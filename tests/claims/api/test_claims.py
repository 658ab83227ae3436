"""What lists of claims are asked for besides their columns."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.api import client_of, errors, results, slugs
from tests.factories import CitationFactory, ClaimFactory, CompanyFactory, ConflictFactory, PlantFactory
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


@pytest.fixture
def three(db: None) -> None:
    lg, plant = CompanyFactory(slug="lg"), PlantFactory(slug="plant")
    ClaimFactory(slug="about-lg", subject=lg)
    ClaimFactory(slug="about-plant", subject=plant, object=lg)
    ClaimFactory(slug="about-other", subject=CompanyFactory(slug="other"))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"entity": "lg"}, ["about-lg", "about-plant"]),
        ({"entity": "lg", "role": "any"}, ["about-lg", "about-plant"]),
        ({"entity": "lg", "role": "subject"}, ["about-lg"]),
        ({"entity": "lg,plant", "role": "subject"}, ["about-lg", "about-plant"]),
        ({"entity": "lg", "role": "object"}, ["about-plant"]),
        ({"type": "plant"}, ["about-plant"]),
        ({"type": "company"}, ["about-lg", "about-other", "about-plant"]),
        ({"type": "company", "role": "subject"}, ["about-lg", "about-other"]),
        ({"subject": "other", "type": "plant"}, []),
    ],
    ids=str,
)
def test_claims_are_found_by_what_they_name_and_as_what(
    asked: dict[str, str], found: list[str], colleague: Client
) -> None:
    assert slugs(colleague, "claims", **asked) == found


@pytest.mark.usefixtures("three")
def test_a_role_or_type_that_there_is_not_is_refused(colleague: Client) -> None:
    for asked, told in (
        ({"entity": "lg", "role": "subjct"}, "subject"),
        ({"role": "subject"}, "entity"),
        ({"type": "compny"}, "company"),
        ({"entity": "lgg"}, "lg"),
    ):
        (error,) = errors(colleague, "/api/v1/claims/", **asked)
        assert told in error["detail"]


def test_claims_tell_whether_they_are_contested_and_are_found_by_it(colleague: Client) -> None:
    plain, refuted = ClaimFactory(slug="plain"), ClaimFactory(slug="refuted")
    one, other = ClaimFactory(slug="one"), ClaimFactory(slug="other")
    with some_change():
        ConflictFactory(members=[one, other])
    CitationFactory(claim=refuted, stance="refutes")
    assert [row["contested"] for row in results(colleague, "claims")] == [True, True, False, True]
    assert slugs(colleague, "claims", contested="true") == ["one", "other", "refuted"]
    assert slugs(colleague, "claims", contested="false") == [plain.slug]
    assert slugs(colleague, "claims", ordering="-contested,-slug") == ["refuted", "other", "one", "plain"]


def test_entities_of_all_types_stand_in_one_list_and_are_found_by_type(colleague: Client) -> None:
    CompanyFactory(slug="lg")
    PlantFactory(slug="plant")
    assert [(row["slug"], row["type"]) for row in results(colleague, "entities")] == [
        ("lg", "company"),
        ("plant", "plant"),
    ]
    assert slugs(colleague, "entities", type="plant") == ["plant"]
