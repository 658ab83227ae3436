"""Proposals of duplicates: found by name and identifier, remembered where they are none, nothing done unasked."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Company, Distinction, Entity, Patent, Person
from claims.services.duplicates import hold_apart, host, patent_number, proposals, similar, ticker
from claims.services.merging import merge
from evidence.choices import Door
from evidence.services.changes import change
from tests.factories import (
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    EventFactory,
    InvestmentFactory,
    OwnershipFactory,
    PatentFactory,
    PersonFactory,
    PlantFactory,
    TopicFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db


def proposed() -> set[tuple[str, str]]:
    found, _ = proposals()
    return {(one.first.slug, one.second.slug) for one in found}


@pytest.fixture
def two() -> tuple[Company, Company]:
    return CompanyFactory(slug="lg-chem", name="LG Chem"), CompanyFactory(slug="lgc-ltd", name="LG Chem Ltd.")


def test_two_of_one_type_that_are_called_alike_are_proposed_with_the_reason(
    two: tuple[Company, Company],
) -> None:
    PlantFactory(name="LG Chem")
    CompanyFactory(name="LG Energy Solution")
    (found,), number = proposals()
    assert (found.first.slug, found.second.slug, number) == ("lg-chem", "lgc-ltd", 1)
    assert found.reasons == ("names alike: “LG Chem” and “LG Chem Ltd.”",)
    assert proposals(types=["plant"]) == ([], 0)


def test_aliases_count_as_names(two: tuple[Company, Company]) -> None:
    CompanyFactory(slug="third", name="엘지화학", aliases=["LG Chem Co."])
    assert proposed() == {("lg-chem", "lgc-ltd"), ("lg-chem", "third"), ("lgc-ltd", "third")}


@pytest.mark.parametrize(
    ("factory", "one", "other", "reason"),
    [
        (
            CompanyFactory,
            {"tickers": ["TSX: NANO"]},
            {"tickers": ["X: Y", "tsx:nano"]},
            "same ticker TSX: NANO",
        ),
        (
            CompanyFactory,
            {"website": "https://www.nanoone.ca"},
            {"website": "http://nanoone.ca/"},
            "same website nanoone.ca",
        ),
        (
            PatentFactory,
            {"number": "KR 10-2791544"},
            {"number": "10-2791544 B1", "jurisdiction": "KR"},
            "same number KR102791544",
        ),
    ],
)
def test_what_shares_an_identifier_is_proposed_whatever_its_name(
    factory: Any, one: dict[str, Any], other: dict[str, Any], reason: str
) -> None:
    first, second = factory(name="Something", **one), factory(name="Wholly different", **other)
    (found,), _ = proposals()
    assert found.reasons == (reason,)
    assert [told.reasons for told in similar(first)] == [(reason,)]
    assert [told.entity for told in similar(second)] == [first]


@pytest.mark.parametrize(
    ("factory", "one", "other"),
    [
        (CompanyFactory, {"website": "https://x.org/nano-one"}, {"website": "https://x.org/lg-chem"}),
        (CompanyFactory, {"tickers": ["TSX: NANO"]}, {"tickers": ["OTC: NANO"]}),
    ],
)
def test_identifiers_that_differ_are_none(factory: Any, one: dict[str, Any], other: dict[str, Any]) -> None:
    factory(name="Something", **one), factory(name="Wholly different", **other)
    assert proposed() == set()


@pytest.mark.parametrize(
    ("factory", "one", "other"),
    [
        (PatentFactory, {"number": "KR 1"}, {"number": "KR 2"}),
        (EventFactory, {"date": "2022"}, {"date": "2024"}),
        (PlantFactory, {"country": "CA"}, {"country": "US"}),
    ],
)
def test_things_of_one_name_that_cannot_be_one_are_not_proposed(
    factory: Any, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first = factory(name="Trade mission", **one)
    factory(name="Trade mission", **other)
    assert proposed() == set()
    assert similar(first) == []
    third = factory(name="Trade mission", **one)
    assert proposed() in ({(first.slug, third.slug)}, {(third.slug, first.slug)})


@pytest.mark.parametrize(
    ("factory", "field"), [(AgreementFactory, "parties"), (InvestmentFactory, "investor")]
)
def test_deals_of_one_name_without_a_party_in_common_are_not_proposed(factory: Any, field: str) -> None:
    party, other = CompanyFactory(), CompanyFactory()
    first = factory(name="Joint development agreement", **{field: [party]})
    factory(name="Joint development agreement", **{field: [other]})
    assert proposed() == set()
    assert similar(first) == []
    third = factory(name="Joint development agreement", **{field: [party, CompanyFactory()]})
    assert {frozenset(pair) for pair in proposed()} == {frozenset((first.slug, third.slug))}


def test_a_pair_judged_different_is_not_proposed_again(two: tuple[Company, Company], curator: User) -> None:
    with change(actor=curator, door=Door.ADMIN):
        made = hold_apart(entity=two[1], other=two[0], reason="The second is its American branch.")
    assert proposed() == set()
    assert similar(two[0]) == []
    assert made.history.get().change.actor == curator
    with pytest.raises(ValidationError, match="These two were judged to be different already"), some_change():
        hold_apart(entity=two[0], other=two[1], reason="Again.")


def test_a_judgement_without_a_reason_is_none(two: tuple[Company, Company]) -> None:
    with pytest.raises(ValidationError), some_change():
        hold_apart(entity=two[1], other=two[0], reason="")
    assert not Distinction.objects.exists()


def test_what_names_each_other_is_not_proposed(two: tuple[Company, Company]) -> None:
    OwnershipFactory(owner=two[0], owned=two[1])
    vague = TopicFactory(name="LFP process")
    TopicFactory(name="LFP-process", may_be=[vague])
    assert proposed() == set()


def test_what_nobody_holds_any_longer_is_not_proposed(two: tuple[Company, Company], reviewer: User) -> None:
    with some_change():
        two[0].review = "submitted"
        two[0].save()
    with change(actor=reviewer, door=Door.ADMIN, reason="A mistake."):
        two[0].review = "rejected"
        two[0].save()
    assert proposed() == set()


def test_a_merged_pair_is_proposed_no_longer(two: tuple[Company, Company], curator: User) -> None:
    with change(actor=curator, door=Door.ADMIN, reason="One company."):
        merge(kept=two[0], gone=two[1])
    assert proposed() == set()


def test_of_a_pair_the_one_comes_first_that_had_better_stay(two: tuple[Company, Company]) -> None:
    ClaimFactory(subject=two[1])
    assert proposed() == {("lgc-ltd", "lg-chem")}
    with some_change():
        two[0].review = "accepted"
        two[0].save()
    assert proposed() == {("lg-chem", "lgc-ltd")}


def test_the_likeliest_come_first_and_the_rest_is_counted() -> None:
    for slug, name, tickers in (
        ("d", "Umicore", []),
        ("c", "Umicor", []),
        ("a", "LG Chem", []),
        ("b", "LG Chem", []),
        ("y", "Something", ["A: B"]),
        ("x", "Other", ["A: B"]),
    ):
        CompanyFactory(slug=slug, name=name, tickers=tickers)
    found, number = proposals(most=2)
    assert ([{one.first.slug, one.second.slug} for one in found], number) == ([{"x", "y"}, {"a", "b"}], 3)


@pytest.mark.parametrize(
    "name",
    ["LG Chem", "lg chem inc.", "LG Chemm", "L.G. Chem", "LGChem", "Chem LG"],
)
def test_what_is_typed_finds_what_it_may_be_the_same_as(name: str, two: tuple[Company, Company]) -> None:
    CompanyFactory(name="LG Energy Solution")
    assert {found.entity for found in similar(Company(name=name))} == set(two)


def test_what_is_typed_is_found_by_alias_accent_and_identifier() -> None:
    quebec = CompanyFactory(name="Investissement Québec", slug="investissement-quebec", aliases=["IQ Corp"])
    nano = CompanyFactory(name="Nano One", tickers=["TSX: NANO"])
    patent = PatentFactory(number="US 10,374,232 B2", name="Something")
    assert [one.entity for one in similar(Company(name="Investissement Quebec"))] == [quebec]
    assert [one.entity for one in similar(Company(name="Other", aliases=["Nano-One Inc."]))] == [nano]
    assert [one.entity for one in similar(Company(name="Other", tickers=["tsx:nano"]))] == [nano]
    assert [one.entity for one in similar(Patent(name="Other", number="US10,374,232"))] == [patent]
    assert similar(Person(name="Nano One")) == []
    assert similar(Company(name="")) == []


def test_a_name_of_any_length_can_be_typed(two: tuple[Company, Company]) -> None:
    for name in ("a" * 100_000, "word " * 5000, "%_\\' \" --"):
        assert similar(Company(name=name, aliases=[name] * 100, tickers=[name] * 30)) == []


def test_the_order_of_a_person_s_names_does_not_matter() -> None:
    dan = PersonFactory(name="Dan Blondal")
    assert [found.entity for found in similar(Person(name="Blondal, Dan"))] == [dan]


def test_proposals_and_what_is_typed_take_as_many_queries_whatever_there_is(
    two: tuple[Company, Company],
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            proposals(most=50)
            similar(Company(name="LG Chem"))
        return len(captured)

    few = queries()
    multiply(CompanyFactory(name="LG Chem"), 500)
    assert queries() == few
    assert Entity.objects.count() == 503


@pytest.mark.parametrize(
    ("number", "jurisdiction", "same"),
    [
        ("KR 10-2791544", "", "KR102791544"),
        ("10-2791544", "KR", "KR102791544"),
        ("US 10,374,232 B2", "US", "US10374232"),
        ("EP3000000A1", "", "EP3000000"),
        ("", "KR", ""),
    ],
)
def test_a_patent_s_number_has_one_spelling(number: str, jurisdiction: str, same: str) -> None:
    assert patent_number(number, jurisdiction) == same


def test_websites_and_tickers_have_one_spelling() -> None:
    assert host("HTTPS://www.NanoOne.ca/") == "nanoone.ca"
    assert host("https://x.org/About/Us/?a=1") == "x.org/about/us"
    assert host("http://[x") == ""
    assert ticker(" tsx :nano") == "TSX: NANO"
