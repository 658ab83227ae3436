"""How a claim that is being typed stands to the others: what its curator sees before leaving the form."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Entity, Predicate
from claims.services.versus import versus
from evidence.models import Source
from tests.factories import CitationFactory, ClaimFactory, InvestmentFactory, PredicateFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def amount() -> Predicate:
    return PredicateFactory(value_type="money", single_valued=True, persistence="timeless")


@pytest.fixture
def stake() -> Predicate:
    return PredicateFactory(value_type="percent", single_valued=True, persistence="timeless")


def deal(announced: str) -> Entity:
    return InvestmentFactory(announced=announced)


def verdict(
    subject: Entity, predicate: Predicate, stored: str, typed: str, source: Source | None = None
) -> Any:
    """The verdict on a typed value beside one claim that is there, both from one source."""
    there = ClaimFactory(subject=subject, predicate=predicate, value=stored)
    if source is not None:
        CitationFactory(claim=there, source=source)
    claim = Claim(subject_id=subject.pk, predicate=predicate, value=typed)
    (found,) = versus(claim, sources=[source.pk] if source else [])
    assert found.claim == there
    return found.comparison


def test_one_number_in_two_currencies_conflicts_with_the_rate_and_its_days(amount: Predicate) -> None:
    found = verdict(deal("June 2022"), amount, "CAD 10M", "US$10M")
    assert found.verdict == "conflicting"
    assert "CAD 1 = USD 0.76928 to 0.79743 (2022-06-01/2022-06-30, ECB)" in found.explanation


def test_a_share_and_about_that_share_do_not(stake: Predicate) -> None:
    assert verdict(deal(""), stake, "4.9 %", "approximately 5 %").verdict == "compatible"


@pytest.mark.parametrize(
    ("stored", "typed", "expected"),
    [
        ("CAD 16.9M", "US$12.5M", "compatible"),
        ("CAD 16.9M", "$16.9 million", "compatible_if"),
        ("$16.9 million", "$12.5 million", "compatible_if"),
    ],
)
def test_the_amounts_of_september_2023_are_no_conflict(
    stored: str, typed: str, expected: str, amount: Predicate
) -> None:
    page = SourceFactory(published="2023-09-25")
    found = verdict(deal("September 2023"), amount, stored, typed, page)
    assert found.verdict == expected
    assert bool(found.reading) == (expected == "compatible_if")


def test_a_headline_and_its_text_agree_under_a_reading_that_is_named(amount: Predicate) -> None:
    page = SourceFactory(published="2023-09-25")
    found = verdict(deal("September 2023"), amount, "$16.9 million", "$12.5 million", page)
    assert found.reading.startswith("USD and CAD")
    assert found.reading in found.explanation


def test_a_stored_claim_is_compared_by_its_own_sources_and_not_with_itself(amount: Predicate) -> None:
    subject, page = deal(""), SourceFactory(published="June 2022")
    claims = [ClaimFactory(subject=subject, predicate=amount, value=value) for value in ("US$10M", "CAD 10M")]
    for claim in claims:
        CitationFactory(claim=claim, source=page)
    (found,) = versus(claims[0])
    assert (found.claim, found.comparison.verdict) == (claims[1], "conflicting")
    assert [citation.source for citation in found.claim.citations.all()] == [page]


def test_conflicts_come_first_and_what_is_separated_last(amount: Predicate) -> None:
    subject = deal("June 2022")
    for value, scope in (("US$50M", ["fees"]), ("US$10.2M", []), ("$10M", []), ("CAD 10M", [])):
        ClaimFactory(subject=subject, predicate=amount, value=value, scope=scope)
    ClaimFactory(subject=subject, predicate=amount, value="US$99M", review="rejected")
    found = versus(Claim(subject_id=subject.pk, predicate=amount, value="US$10M"), sources=[])
    assert [one.verdict for one in found] == [
        "conflicting",
        "compatible if",
        "nearly conflicting",
        "compatible",
    ]


def test_the_form_is_told_while_it_is_filled_in(curator: User, amount: Predicate) -> None:
    subject, page = deal("June 2022"), SourceFactory()
    claim = ClaimFactory(subject=subject, predicate=amount, value="CAD 10M", statement="It was Canadian.")
    CitationFactory(claim=claim, source=page, locator="8 t1 r10 c2")
    desk, address = Client(), reverse("admin:claims_claim_preview")
    desk.force_login(curator)
    typed = {"subject": subject.pk, "predicate": amount.pk, "value": "US$10M", "source": [page.pk, "x"]}
    told = desk.get(address, typed).json()["versus"]
    for words in ("conflicting", "It was Canadian.", "8 t1 r10 c2", "0.76928 to 0.79743"):
        assert words in told
    itself = desk.get(address, {**typed, "claim": claim.pk}).json()["versus"]
    assert "No other claim says this of that subject." in itself
    for unfinished in (
        {"subject": subject.pk},
        {**typed, "value": "€5M USD"},
        {**typed, "subject": "no"},
        {},
    ):
        assert desk.get(address, unfinished).json()["versus"].strip() == ""
    assert Source.objects.count() == 1


def test_an_unfinished_claim_is_compared_with_nothing(amount: Predicate) -> None:
    assert versus(Claim(predicate=amount)) == []
