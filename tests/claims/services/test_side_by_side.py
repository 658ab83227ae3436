"""Entities side by side: rows by predicate, cells with all that is known of a claim, verdicts, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.exchange.compared import as_json
from claims.models import Entity
from claims.services.side_by_side import CLAIMS_SHOWN, MOST, CompareRefused, Row, SideBySide, side_by_side
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
    TopicFactory,
)
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[3] / "docs" / "comparing.md"


@pytest.fixture
def processes() -> tuple[Entity, Entity]:
    return TopicFactory(slug="one-pot", name="One-Pot"), TopicFactory(slug="lpf", name="LPF")


def compared(*slugs: str) -> SideBySide:
    return side_by_side(slugs=slugs or ("one-pot", "lpf"))


def row(found: SideBySide) -> Row:
    (only,) = found.rows
    return only


def test_a_cell_tells_all_of_a_claim(processes: tuple[Entity, Entity]) -> None:
    saved = PredicateFactory(label="lowers greenhouse gases by", value_type="percent", single_valued=True)
    claim = ClaimFactory(
        subject=processes[0],
        predicate=saved,
        value="up to 60%",
        scope=["nmc"],
        when="2025",
        modality="projected",
    )
    source = SourceFactory(slug="report", title="A report", published="May 2026")
    CitationFactory(claim=claim, source=source, locator="2.1 b2", stance="supports", quote="up to 60%")
    one_pot, lpf = row(compared()).cells
    (shown,) = one_pot.claims
    assert lpf.claims == ()
    assert (shown.value, shown.read_as, shown.scope, shown.when) == (
        "up to 60%",
        "0–60 %",
        ("nmc",),
        "2025",
    )
    assert (shown.modality, shown.basis, shown.confidence, shown.review) == (
        "projected",
        "inference",
        "unjudged",
        "draft",
    )
    (place,) = shown.places
    assert (place.source, place.locator, place.stance, place.published) == (
        "report",
        "2.1 b2",
        "supports",
        "2026-05 (May 2026)",
    )


def test_verdicts_are_of_values_and_what_sets_claims_apart_stands_beside_them(
    processes: tuple[Entity, Entity],
) -> None:
    amount = PredicateFactory(value_type="money", single_valued=True, persistence="timeless")
    for process, value, scope in zip(processes, ("US$10M", "CAD 10M"), ([], ["pilot"]), strict=True):
        claim = ClaimFactory(subject=process, predicate=amount, value=value, scope=scope)
        CitationFactory(claim=claim, source=SourceFactory(published="June 2022"))
    (pair,) = row(compared()).pairs
    (claims,) = pair.claims
    assert (pair.summary.likeness, pair.summary.apart) == ("differ", True)
    assert "CAD 1 = USD 0.76928 to 0.79743 (2022-06-01/2022-06-30, ECB)" in claims.likened.explanation
    assert claims.likened.separators == (("scope", "one speaks of none in particular, the other of pilot"),)


def test_what_differs_comes_first_and_what_is_claimed_of_one_only_last(
    processes: tuple[Entity, Entity],
) -> None:
    for slug, values in (
        ("a-same", ("5 t", "5 t")),
        ("b-differ", ("5 t", "9 t")),
        ("c-one", ("5 t",)),
        ("d-may-be", ("5 t", "at least 5 t")),
    ):
        predicate = PredicateFactory(slug=slug, value_type="quantity", unit=["t"])
        for process, value in zip(processes, values, strict=False):
            ClaimFactory(subject=process, predicate=predicate, value=value)
    found = compared()
    assert [one.predicate.slug for one in found.rows] == ["b-differ", "d-may-be", "a-same", "c-one"]
    assert [one.predicate.slug for one in found.common] == ["b-differ", "d-may-be", "a-same"]


def test_entities_stand_in_the_order_asked_for_and_each_once(processes: tuple[Entity, Entity]) -> None:
    found = compared("lpf", "one-pot", "lpf", " one-pot ")
    assert [side.slug for side in found.entities] == ["lpf", "one-pot"]


def test_each_two_of_three_entities_get_a_verdict(processes: tuple[Entity, Entity]) -> None:
    third, maker = TopicFactory(slug="third"), PredicateFactory(between_entities=True)
    acme, other = CompanyFactory(), CompanyFactory()
    for subject, company in ((processes[0], acme), (processes[1], acme), (third, other)):
        ClaimFactory(subject=subject, predicate=maker, object=company, value="")
    found = row(compared("one-pot", "lpf", "third"))
    told = {(pair.a.slug, pair.b.slug): pair.summary.likeness.value for pair in found.pairs}
    assert told == {
        ("one-pot", "lpf"): "same",
        ("one-pot", "third"): "differ",
        ("lpf", "third"): "differ",
    }
    assert found.likeness == "differ"


def test_rejected_and_retracted_claims_are_left_out(processes: tuple[Entity, Entity]) -> None:
    ClaimFactory(subject=processes[0], review="rejected")
    assert compared().rows == ()


def test_of_very_many_claims_the_first_are_shown_and_it_is_said(processes: tuple[Entity, Entity]) -> None:
    multiply(ClaimFactory(subject=processes[0]), CLAIMS_SHOWN)
    cell = row(compared()).cells[0]
    assert (len(cell.claims), cell.more) == (CLAIMS_SHOWN, True)


@pytest.mark.parametrize(
    ("slugs", "told"),
    [
        ([], "Choose 2 to 8 entities; none is chosen yet."),
        (["one-pot"], "Choose 2 to 8 entities; one is chosen."),
        (["one-pot", "one-pot", ""], "Choose 2 to 8 entities; one is chosen."),
        (["one-pot", "one-pto"], "There is no entity “one-pto”; did you mean “one-pot”?"),
        (["lpf", "One-Pot"], "There is no entity “One-Pot”; did you mean “one-pot”?"),
        (["lpf", "xyzzy"], "There is no entity “xyzzy”."),
        (["lpf", "\x00"], "There is no entity “\x00”."),
        (["lpf", "x" * 300], f"There is no entity “{'x' * 80}…”."),
        (
            [f"a{n}" for n in range(MOST + 1)],
            "9 entities are too many to be read side by side; choose at most 8.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_way_out(
    slugs: list[str], told: str, processes: tuple[Entity, Entity]
) -> None:
    with pytest.raises(CompareRefused) as refused:
        side_by_side(slugs=slugs)
    assert refused.value.messages == (told,)


def test_the_number_of_queries_does_not_grow_with_predicates_and_claims() -> None:
    plants = [PlantFactory(slug=f"plant-{letter}") for letter in "abc"]
    slugs = [plant.slug for plant in plants]

    def fill(predicates: int) -> int:
        for number in range(predicates):
            predicate = PredicateFactory(**[{}, {"measured": True}, {"value_type": "money"}][number % 3])
            for plant in plants:
                claim = ClaimFactory(subject=plant, predicate=predicate, value="US$10M", object=plants[0])
                CitationFactory(claim=claim)
        with CaptureQueriesContext(connection) as captured:
            assert len(side_by_side(slugs=slugs).rows) >= predicates
        return len(captured)

    assert fill(3) == fill(12)


def test_the_json_has_the_keys_that_its_page_documents(processes: tuple[Entity, Entity]) -> None:
    predicate = PredicateFactory(measured=True)
    for process, value in zip(processes, ("5 GWh", "9 GWh"), strict=True):
        CitationFactory(claim=ClaimFactory(subject=process, predicate=predicate, value=value, scope=["a"]))
    ClaimFactory(subject=processes[0], predicate=predicate, value="5 GWh")
    found = compared()
    told = json.loads(json.dumps(as_json(found, found.rows)))
    page = PAGE.read_text(encoding="utf-8")
    missing = {key for key in _keys(told) if f"`{key}`" not in page}
    assert missing - {"one-pot", "lpf", "scope"} == set()
    assert told["predicates"][0]["claims"]["one-pot"][0]["citations"][0]["stance"] == "supports"


def _keys(told: Any) -> set[str]:
    if isinstance(told, dict):
        return set(told) | {key for value in told.values() for key in _keys(value)}
    return {key for value in told for key in _keys(value)} if isinstance(told, list) else set()
