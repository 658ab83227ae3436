"""How the fields of a record stand: supported, contested or unsupported, by which claims and why."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from claims.choices import Resolution
from claims.models import Claim, Conflict, Entity, Predicate
from claims.services.conflicts import resolve
from claims.services.records import Standing, against_own_field, standings
from claims.services.statements import stated
from evidence.choices import Door
from evidence.services.changes import change
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
    PublisherFactory,
    TopicFactory,
)
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db


def speaks_of(field: str, value_type: str, persistence: str = "timeless", **others: Any) -> Predicate:
    single = others.pop("single_valued", True)
    return PredicateFactory(
        record_field=field, value_type=value_type, persistence=persistence, single_valued=single, **others
    )


def says(subject: Entity, predicate: Predicate, value: Any = "", **others: Any) -> Claim:
    given = {"object": value} if isinstance(value, Entity) else {"value": value}
    return ClaimFactory(subject=subject, predicate=predicate, **{"value": "", **given, **others})


def standing(entity: Entity, field: str = "") -> Standing:
    found = [one for one in standings(entity) if field in ("", one.field)]
    assert len(found) == 1, found
    return found[0]


def bearings(entity: Entity, field: str = "") -> dict[str, str]:
    slugs = dict(Claim.objects.values_list("pk", "slug"))
    return {slugs[one.claim]: one.bearing.value for one in standing(entity, field).behind}


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([], "unsupported"),
        (["US$10M"], "supported"),
        (["US$10M", "US$10.1M"], "supported"),
        (["US$30M"], "contested"),
        (["US$10M", "US$30M"], "contested"),
        (["$10M"], "unsupported"),
        (["a lot"], "unsupported"),
    ],
)
def test_an_amount_is_held_against_the_claims_about_it(values: list[str], state: str) -> None:
    deal, amount = InvestmentFactory(amount="US$10M", stake_percent=""), speaks_of("amount", "money")
    for value in values:
        says(deal, amount, value)
    assert standing(deal).state == state


def test_an_empty_field_and_one_that_no_predicate_speaks_of_are_left_out() -> None:
    speaks_of("closed", "date")
    speaks_of("amount", "money")
    assert [one.field for one in standings(InvestmentFactory(closed=""))] == ["amount"]


def test_a_predicate_speaks_of_fields_of_the_types_it_applies_to() -> None:
    speaks_of("kind", "code", codes=["pilot"], applies_to=["plant"])
    assert standings(InvestmentFactory()) == []
    assert standing(PlantFactory(kind="pilot")).field == "kind"


def test_what_agrees_in_one_reading_only_does_not_support_and_is_shown() -> None:
    deal, amount = InvestmentFactory(amount="US$10M"), speaks_of("amount", "money")
    says(deal, amount, "$10M", slug="dollars")
    assert (standing(deal).state, bearings(deal)) == ("unsupported", {"dollars": "perhaps"})


def test_of_a_field_of_several_values_claims_support_those_it_holds_only() -> None:
    nano, cbmm, other = (CompanyFactory() for _ in range(3))
    deal = AgreementFactory(parties=[nano, cbmm])
    party = speaks_of("parties", "entity", "lasting", single_valued=False)
    says(deal, party, other, slug="other")
    assert (standing(deal, "parties").state, bearings(deal, "parties")) == ("unsupported", {"other": "aside"})
    says(deal, party, nano, slug="nano")
    says(deal, party, other, slug="not-other", negated=True)
    assert standing(deal, "parties").state == "supported"
    assert bearings(deal, "parties") == {"nano": "supports", "not-other": "aside", "other": "aside"}


def test_a_denial_of_one_value_speaks_against_a_field_of_several() -> None:
    nano, cbmm = CompanyFactory(), CompanyFactory()
    deal = AgreementFactory(parties=[nano, cbmm])
    party = speaks_of("parties", "entity", "lasting", single_valued=False)
    says(deal, party, cbmm, negated=True, slug="not-cbmm")
    assert (standing(deal).state, bearings(deal)) == ("contested", {"not-cbmm": "against"})


@pytest.mark.parametrize(
    ("modality", "same", "other"),
    [
        ("actual", "supports", "against"),
        ("planned", "supports", "aside"),
        ("projected", "supports", "aside"),
        ("possible", "aside", "aside"),
        ("conditional", "aside", "aside"),
    ],
)
def test_what_is_planned_supports_a_field_and_only_what_is_actual_speaks_against_it(
    modality: str, same: str, other: str
) -> None:
    plant = PlantFactory(capacity="50 GWh/year")
    capacity = speaks_of("capacity", "quantity", "momentary", unit=["GWh/year"])
    says(plant, capacity, "50 GWh/year", modality=modality, slug="same")
    says(plant, capacity, "90 GWh/year", modality=modality, slug="other", when="2024", scope=[])
    assert bearings(plant) == {"same": same, "other": other}


def test_a_claim_of_a_scope_says_nothing_of_the_whole() -> None:
    plant = PlantFactory(capacity="50 GWh/year")
    says(plant, speaks_of("capacity", "quantity", unit=["GWh/year"]), "5 GWh/year", scope=["pilot"])
    assert standing(plant).state == "unsupported"


def test_what_a_later_claim_of_the_same_scope_contradicts_is_past() -> None:
    plant = PlantFactory(capacity="50 GWh/year")
    capacity = speaks_of("capacity", "quantity", "momentary", unit=["GWh/year"])
    says(plant, capacity, "10 GWh/year", when="2019", slug="then")
    assert standing(plant).state == "contested"
    says(plant, capacity, "2 GWh/year", when="2025", scope=["pilot"], slug="pilot")
    assert standing(plant).state == "contested"
    says(plant, capacity, "50 GWh/year", when="2023", slug="now")
    assert standing(plant).state == "supported"
    assert bearings(plant) == {"now": "supports", "pilot": "aside", "then": "past"}


def test_an_old_claim_that_still_holds_goes_on_supporting() -> None:
    company, seoul = CompanyFactory(headquarters="Seoul"), TopicFactory(name="Seoul", kind="place")
    located = speaks_of("headquarters", "entity", "lasting")
    says(company, located, seoul, when="1990", slug="old")
    says(company, located, seoul, when="2020", slug="new")
    assert bearings(company) == {"new": "supports", "old": "supports"}


@pytest.mark.parametrize(
    ("field", "name", "aliases", "expected"),
    [
        ("Seoul", "Seoul, South Korea", [], "supports"),
        ("Seoul, South Korea", "Seoul", [], "supports"),
        ("seoul", "Seoul", [], "supports"),
        ("Seoul", "Capital of Korea", ["Seoul"], "supports"),
        ("Paris, Texas", "Paris, France", [], "aside"),
        ("Busan", "Seoul", [], "aside"),
    ],
)
def test_a_place_in_words_is_the_entity_of_that_name(
    field: str, name: str, aliases: list[str], expected: str
) -> None:
    company, place = (
        CompanyFactory(headquarters=field),
        TopicFactory(name=name, aliases=aliases, kind="place"),
    )
    says(company, speaks_of("headquarters", "entity", "lasting"), place, slug="claim")
    assert bearings(company) == {"claim": expected}


def test_a_place_in_words_that_names_another_entity_is_contested() -> None:
    TopicFactory(name="Busan", kind="place")
    company, seoul = CompanyFactory(headquarters="Busan, Korea"), TopicFactory(name="Seoul", kind="place")
    says(company, speaks_of("headquarters", "entity", "lasting"), seoul)
    assert standing(company).state == "contested"


def test_an_ambiguous_name_supports_the_field_that_bears_it_and_perhaps_what_it_may_mean() -> None:
    chem, energy = CompanyFactory(), CompanyFactory()
    lg = CompanyFactory(name="LG", may_be=[chem, energy])
    owner = speaks_of("owners", "entity", "lasting", single_valued=False)
    for owned, expected in ((lg, "supports"), (chem, "perhaps")):
        plant = PlantFactory(owners=[owned])
        says(plant, owner, lg, slug=f"claim-{expected}")
        assert bearings(plant) == {f"claim-{expected}": expected}


def test_rejected_claims_are_not_behind_anything() -> None:
    deal = InvestmentFactory(amount="US$10M")
    says(deal, speaks_of("amount", "money"), "US$30M", review="rejected")
    assert standing(deal).behind == ()


def test_a_field_is_contested_where_a_claim_that_supports_it_is() -> None:
    deal, amount = InvestmentFactory(amount="US$10M"), speaks_of("amount", "money")
    claim = says(deal, amount, "US$10M")
    CitationFactory(claim=claim, stance="refutes")
    assert standing(deal).state == "contested"
    assert standing(deal).behind[0].contested


def test_an_open_conflict_about_a_part_does_not_contest_the_whole() -> None:
    plant = PlantFactory(capacity="50 GWh/year")
    capacity = speaks_of("capacity", "quantity", unit=["GWh/year"])
    says(plant, capacity, "50 GWh/year")
    for value in ("1 GWh/year", "9 GWh/year"):
        says(plant, capacity, value, scope=["pilot"])
    assert Conflict.objects.count() == 1
    assert standing(plant).state == "supported"


def test_what_a_resolved_conflict_decided_no_longer_contests_the_field(reviewer: User) -> None:
    deal, amount = InvestmentFactory(amount="US$10M"), speaks_of("amount", "money")
    says(deal, amount, "US$10M", slug="right")
    says(deal, amount, "US$30M", slug="wrong")
    assert standing(deal).state == "contested"
    with change(actor=reviewer, door=Door.ADMIN):
        resolve(conflict=Conflict.objects.get(), resolution=Resolution.ERROR_IN_SOURCE, reason="A misprint.")
    assert standing(deal).state == "supported"
    assert bearings(deal) == {"right": "supports", "wrong": "decided"}
    assert standing(deal).behind[1].explanation == "Decided: error in a source. A misprint."
    says(deal, amount, "US$50M", slug="newer")
    assert standing(deal).state == "contested"


def test_a_decision_between_claims_that_are_both_against_the_field_leaves_it_contested(
    reviewer: User,
) -> None:
    deal, amount = InvestmentFactory(amount="US$10M"), speaks_of("amount", "money")
    wrong = [says(deal, amount, value) for value in ("US$30M", "US$50M")]
    Conflict.objects.get()
    ConflictFactory(members=wrong, decided=True)
    with change(actor=reviewer, door=Door.ADMIN):
        resolve(
            conflict=Conflict.objects.get(kind="found"), resolution=Resolution.SUPERSEDED, reason="By date."
        )
    assert standing(deal).state == "contested"


def test_a_field_of_which_several_predicates_speak_is_shown_once() -> None:
    deal = InvestmentFactory(amount="US$10M")
    one, other = speaks_of("amount", "money"), speaks_of("amount", "money")
    says(deal, one, "US$10M")
    assert standing(deal).state == "supported"
    says(deal, other, "US$30M")
    assert standing(deal).state == "contested"
    assert len(standing(deal).behind) == 2


@pytest.mark.parametrize(
    ("field", "value_type", "held"),
    [
        ("name", "date", "no date at all"),
        ("agreement", "money", None),
        ("amount", "none", "US$10M"),
        ("amount", "entity", "US$10M"),
    ],
)
def test_a_predicate_that_does_not_fit_its_field_leaves_it_unsupported(
    field: str, value_type: str, held: str | None
) -> None:
    deal = InvestmentFactory(**{field: held or AgreementFactory()})
    predicate = speaks_of(field, value_type)
    value = CompanyFactory() if value_type == "entity" else "" if value_type == "none" else "2020"
    says(deal, predicate, value)
    assert standing(deal).state == "unsupported"


@pytest.mark.parametrize("field", ["publisher", "claims", "may_be", "created", "history"])
def test_a_field_that_no_claim_can_be_held_against_breaks_nothing(field: str) -> None:
    company = CompanyFactory(publisher=PublisherFactory())
    predicate = speaks_of(field, "text", single_valued=False, applies_to=["company"])
    says(company, predicate, "anything")
    assert standings(company) == []


def test_against_own_field_names_what_speaks_against_it() -> None:
    deal, amount = InvestmentFactory(amount="US$10M"), speaks_of("amount", "money")
    claims = [says(deal, amount, value) for value in ("US$10M", "US$30M")]
    found = stated(Q(subject=deal.pk))
    assert against_own_field(deal, amount, found) == [claims[1].pk]


def test_the_number_of_queries_does_not_grow_with_claims_and_predicates() -> None:
    deal = InvestmentFactory(amount="US$10M", announced="2020")
    claim = says(deal, speaks_of("amount", "money"), "US$10M")
    CitationFactory(claim=claim)
    with CaptureQueriesContext(connection) as few:
        standings(deal)
    multiply(claim, 1500)
    for _ in range(5):
        says(deal, speaks_of("announced", "date"), "2020")
    with CaptureQueriesContext(connection) as many:
        standings(deal)
    assert len(many) == len(few)
