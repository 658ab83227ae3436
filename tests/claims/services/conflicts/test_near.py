"""What is nearly in conflict: kinds, filters, and the walk through all groups a page at a time."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Conflict, Entity, Predicate
from claims.services.conflicts import near
from claims.services.conflicts.near import START, Kind, NearPage, near_conflicts
from tests.factories import ClaimFactory, CompanyFactory, PlantFactory, PredicateFactory
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db


@pytest.fixture
def capacity() -> Predicate:
    return PredicateFactory(slug="capacity", measured=True, persistence="lasting")


def pair(plant: Entity, predicate: Predicate, one: dict[str, Any], other: dict[str, Any]) -> None:
    for number, given in enumerate((one, other)):
        slug = f"{plant.slug}-{predicate.slug}-{number}"
        ClaimFactory(subject=plant, predicate=predicate, **{"value": "50 GWh", "slug": slug, **given})


def told(page: NearPage) -> list[tuple[str, list[str]]]:
    return [(found.a.slug, [kind.value for kind in found.near.kinds]) for found in page.pairs]


NEAR = [
    ({"scope": ["pilot"]}, {"value": "70 GWh"}, ["scope"]),
    ({"modality": "planned"}, {"value": "70 GWh"}, ["modality"]),
    ({"modality": "planned", "scope": ["pilot"]}, {"value": "70 GWh"}, ["scope", "modality"]),
    ({"scope": ["pilot"]}, {"value": "50 GWh"}, None),
    ({"scope": ["pilot"], "when": "2020"}, {"value": "70 GWh", "when": "2022"}, None),
    ({}, {"value": "70 GWh"}, None),
    ({"scope": ["pilot"]}, {"value": "70 GWh", "review": "rejected"}, None),
]


@pytest.mark.parametrize(("one", "other", "kinds"), NEAR)
def test_pairs_kept_apart_by_scope_or_modality_alone_are_listed(
    one: dict[str, Any], other: dict[str, Any], kinds: list[str] | None, capacity: Predicate
) -> None:
    pair(PlantFactory(slug="plant"), capacity, one, other)
    page = near_conflicts()
    assert told(page) == ([] if kinds is None else [("plant-capacity-0", kinds)])
    for found in page.pairs:
        assert "have nothing in common" in found.near.comparison.explanation
        assert len(found.near.told) == len(found.near.kinds)


def test_pairs_compatible_in_one_reading_only_are_listed_with_it() -> None:
    amount = PredicateFactory(slug="amount", value_type="money", single_valued=True, persistence="timeless")
    pair(PlantFactory(slug="plant"), amount, {"value": "$10M"}, {"value": "US$10M"})
    (found,) = near_conflicts().pairs
    assert (found.near.kinds, found.near.comparison.reading) == ((Kind.READING,), "USD")
    assert not Conflict.objects.exists()


def test_an_ambiguous_name_is_a_reading() -> None:
    chem, energy = CompanyFactory(slug="lg-chem"), CompanyFactory(slug="lg-energy-solution")
    lg, parent = (
        CompanyFactory(may_be=[chem, energy]),
        PredicateFactory(between_entities=True, single_valued=True),
    )
    pair(CompanyFactory(), parent, {"object": lg, "value": ""}, {"object": chem, "value": ""})
    assert near_conflicts().pairs[0].near.comparison.reading == "lg-chem"


def test_the_list_is_narrowed_by_kind_and_by_entity(capacity: Predicate) -> None:
    plants = [PlantFactory(slug=slug) for slug in ("first", "second", "third")]
    for plant, (one, other, _) in zip(plants, NEAR, strict=False):
        pair(plant, capacity, one, other)
    both = [("third-capacity-0", ["scope", "modality"])]
    assert told(near_conflicts(kinds=[Kind.SCOPE])) == [("first-capacity-0", ["scope"]), *both]
    assert told(near_conflicts(kinds=[Kind.MODALITY])) == [("second-capacity-0", ["modality"]), *both]
    assert told(near_conflicts(kinds=[Kind.READING])) == []
    assert told(near_conflicts(subject=plants[2].pk)) == both
    assert near_conflicts(subject=plants[2].pk, after=(plants[2].pk, capacity.pk)).pairs == ()


def test_pages_together_list_every_pair_once(capacity: Predicate, monkeypatch: pytest.MonkeyPatch) -> None:
    headcount = PredicateFactory(slug="headcount", measured=True)
    plants = [PlantFactory(slug=f"plant-{number}") for number in range(7)]
    for plant in plants:
        for predicate in (capacity, headcount):
            pair(plant, predicate, *NEAR[0][:2])
    every = told(near_conflicts())
    assert len(every) == 14
    for enough, lot, subjects, most in ((3, 2, 2, 4), (1, 5, 3, 3), (100, 1, 1, 1), (14, 3, 2, 100)):
        for name, number in (
            ("ENOUGH", enough),
            ("LOT", lot),
            ("SUBJECTS", subjects),
            ("MOST_SUBJECTS", most),
        ):
            monkeypatch.setattr(near, name, number)
        after, pages = START, []
        while after is not None:
            page = near_conflicts(after=after)
            pages += told(page)
            after = page.next
        assert pages == every


def test_of_a_group_with_very_many_claims_the_first_are_looked_at_and_it_is_said(capacity: Predicate) -> None:
    plant = PlantFactory(slug="plant")
    pair(plant, capacity, *NEAR[0][:2])
    multiply(Claim.objects.get(slug="plant-capacity-1"), near.CLAIMS_A_GROUP)
    page = near_conflicts()
    assert [(subject.slug, predicate.slug) for subject, predicate in page.cut] == [("plant", "capacity")]
    assert len(page.pairs) == near.CLAIMS_A_GROUP - 1


def test_the_number_of_queries_does_not_grow_with_the_claims(capacity: Predicate) -> None:
    pair(PlantFactory(slug="plant"), capacity, *NEAR[0][:2])
    with CaptureQueriesContext(connection) as few:
        near_conflicts()
    for number in range(20):
        pair(PlantFactory(slug=f"other-{number}"), capacity, *NEAR[1][:2])
    multiply(Claim.objects.get(slug="plant-capacity-1"), 300)
    with CaptureQueriesContext(connection) as many:
        assert len(near_conflicts().pairs) > 20
    assert len(many) == len(few)


def test_an_empty_ledger_has_nothing_to_look_at() -> None:
    assert near_conflicts() == NearPage((), 0, None, ())
