"""Which stored claims are in conflict: through values, names, times of sources and deals, and qualifiers."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Conflict, Entity, Predicate
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    EventFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
    TopicFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


def claim(subject: Entity, predicate: Predicate, value: str = "", *, cited: Any = (), **others: Any) -> Claim:
    """A claim cited from sources, which are named by the day they were published or given."""
    with some_change():
        made = ClaimFactory(subject=subject, predicate=predicate, value=value, **others)
        for source in [cited] if isinstance(cited, str) else cited:
            CitationFactory(
                claim=made, source=SourceFactory(published=source) if isinstance(source, str) else source
            )
    return made


def amount(**others: Any) -> Predicate:
    return PredicateFactory(
        **{
            "slug": "amount",
            "value_type": "money",
            "single_valued": True,
            "persistence": "timeless",
            **others,
        }
    )


def found() -> Conflict:
    return Conflict.objects.get()


def test_two_amounts_at_the_rates_of_the_deal_are_found_with_rate_and_days() -> None:
    deal, predicate = InvestmentFactory(slug="deal", announced="June 2022"), amount()
    claims = [claim(deal, predicate, value, slug=slug) for slug, value in (("a", "US$10M"), ("b", "CAD 10M"))]
    assert (found().kind, found().status) == ("found", "open")
    assert set(found().members.all()) == set(claims)
    assert found().positions == ["a", "b"]
    assert "CAD 1 = USD 0.76928 to 0.79743 (2022-06-01/2022-06-30, ECB)" in found().explanation
    assert found().slug.startswith("deal-amount-")


@pytest.mark.parametrize(
    "days", [{"closed": "September 2023", "announced": "2005"}, {"announced": "September 2023"}]
)
def test_the_same_amount_in_two_currencies_is_no_conflict(days: dict[str, str]) -> None:
    deal, predicate = InvestmentFactory(**days), amount()
    for value in ("CAD 16.9M", "US$12.5M", "$16.9 million"):
        claim(deal, predicate, value)
    assert not Conflict.objects.exists()


def test_the_days_of_a_claim_go_before_those_of_its_deal_and_those_before_the_source_s() -> None:
    # On 2 January 2002 the euro cost 0.9 dollars, in July 2008 nearly 1.6.
    for when, announced, published, conflicts in [
        ("2002-01-02", "July 2008", "July 2008", False),
        ("", "2002-01-02", "July 2008", False),
        ("", "", "2002-01-02", False),
        ("", "", "2008-07-15", True),
        ("", "2008-07-15", "2002-01-02", True),
        ("2008-07-15", "2002-01-02", "2002-01-02", True),
    ]:
        deal = InvestmentFactory(announced=announced)
        predicate = amount(slug=f"amount-{deal.slug}")
        for value in ("€100M", "US$90M"):
            claim(deal, predicate, value, cited=published, when=when)
        assert Conflict.objects.filter(subject=deal).exists() == conflicts, (when, announced, published)


def test_bare_dollars_of_one_source_are_one_currency() -> None:
    source, predicate = SourceFactory(), amount()
    one, other = InvestmentFactory(), InvestmentFactory()
    for deal, sources in ((one, [source, source]), (other, [source, SourceFactory()])):
        for value, cited in zip(("$10 million", "$70 million"), sources, strict=True):
            claim(deal, predicate, value, cited=[cited])
    assert found().subject == Entity.objects.get(pk=one.pk)
    assert found().within == ["one_source"]


def test_a_share_and_about_that_share_agree() -> None:
    stake = PredicateFactory(value_type="percent", single_valued=True, persistence="timeless")
    deal = InvestmentFactory()
    for value in ("4.9%", "approximately 5%"):
        claim(deal, stake, value)
    assert not Conflict.objects.exists()


def test_a_name_and_what_it_may_mean_agree_and_its_aliases_are_one_entity() -> None:
    chem, energy, basf = (CompanyFactory(slug=slug) for slug in ("lg-chem", "lg-es", "basf"))
    lg = CompanyFactory(slug="lg", may_be=[chem, energy])
    parent = PredicateFactory(between_entities=True, single_valued=True)
    plant = PlantFactory()
    named = {
        partner.slug: claim(plant, parent, object=partner, slug=f"is-{partner.slug}")
        for partner in (lg, chem)
    }
    assert not Conflict.objects.exists()
    claim(plant, parent, object=basf, slug="is-basf")
    assert found().positions == ["is-basf", "is-lg+is-lg-chem"]
    with some_change():
        lg.may_be.add(basf)
    assert found().positions == ["is-basf", "is-lg-chem"]
    assert named["lg"] not in found().members.all()


def test_what_one_source_says_twice_of_an_ambiguous_object_is_of_one_object() -> None:
    lg = CompanyFactory(slug="lg", may_be=[CompanyFactory(slug="lg-chem"), CompanyFactory(slug="lg-es")])
    share = PredicateFactory(slug="share", value_type="percent", single_valued=True, persistence="timeless")
    deal, report, article = InvestmentFactory(slug="deal"), SourceFactory(), SourceFactory()
    claim(deal, share, "10%", object=lg, slug="first", cited=[report])
    claim(deal, share, "20%", object=lg, slug="elsewhere", cited=[article])
    assert not Conflict.objects.exists()
    claim(deal, share, "30%", object=lg, slug="second", cited=[report])
    assert (found().positions, found().about) == (["first", "second"], lg.entity_ptr)
    assert found().slug.startswith("deal-share-lg-")
    claim(deal, share, "40%", object=Entity.objects.get(slug="lg-chem"), slug="chem", cited=[report])
    claim(deal, share, "50%", object=Entity.objects.get(slug="lg-chem"), slug="chem-too", cited=[report])
    slugs = sorted(conflict.slug.rsplit("-", 1)[0] for conflict in Conflict.objects.all())
    assert slugs == ["deal-share-lg", "deal-share-lg-chem"]


def test_a_value_and_its_denial_conflict_whatever_the_predicate() -> None:
    wastewater, process = TopicFactory(slug="wastewater"), TopicFactory()
    produces = PredicateFactory(between_entities=True)
    claim(process, produces, object=wastewater, slug="yes")
    claim(process, produces, object=TopicFactory(), slug="other")
    assert not Conflict.objects.exists()
    claim(process, produces, object=wastewater, negated=True, slug="no")
    assert found().positions == ["no", "yes"]


def test_objects_beside_a_value_have_conflicts_of_their_own() -> None:
    since = PredicateFactory(slug="since", value_type="date", single_valued=True, persistence="timeless")
    holder, lnmo, lfp = CompanyFactory(slug="lg"), TopicFactory(slug="lnmo"), TopicFactory(slug="lfp")
    for chemistry in (lnmo, lfp):
        for value in ("2012", "2017"):
            claim(holder, since, value, object=chemistry)
    conflicts = list(Conflict.objects.order_by("about__slug"))
    assert [conflict.about.slug for conflict in conflicts if conflict.about] == ["lfp", "lnmo"]
    assert all(conflict.members.count() == 2 for conflict in conflicts)


@pytest.mark.parametrize(
    ("one", "other", "conflicts"),
    [
        ({"scope": ["pilot"]}, {"scope": ["Pilot"]}, True),
        ({"scope": ["pilot"]}, {}, False),
        ({"modality": "planned"}, {"modality": "actual"}, False),
        ({"when": "2020"}, {"when": "2021"}, False),
        ({"when": "2020"}, {}, True),
        ({"review": "rejected"}, {}, False),
        ({"review": "retracted"}, {}, False),
    ],
)
def test_qualifiers_and_review_keep_claims_apart(
    one: dict[str, Any], other: dict[str, Any], conflicts: bool
) -> None:
    plant, capacity = PlantFactory(), PredicateFactory(measured=True)
    claim(plant, capacity, "50 GWh", **one)
    claim(plant, capacity, "70 GWh", **other)
    assert Conflict.objects.exists() == conflicts


def test_an_undated_momentary_claim_speaks_of_the_days_of_its_sources() -> None:
    page = SourceFactory(published="2024-05-01")
    column = SourceFactory(published="", part_of=page)
    status = PredicateFactory(coded=True, single_valued=True, persistence="momentary")
    plant = PlantFactory()
    claim(plant, status, "planned", cited="2024-01-01", slug="a")
    claim(plant, status, "built", cited=[column], slug="b")
    assert not Conflict.objects.exists()
    claim(plant, status, "planned", when="May 2024", slug="c")
    assert found().positions == ["b", "c"]


def test_a_record_s_own_field_that_says_otherwise_is_named() -> None:
    plant = PlantFactory(capacity="50 GWh", capacity_unit="GWh/year")
    capacity = PredicateFactory(measured=True, record_field="capacity", applies_to=["plant"])
    for value in ("50 GWh", "70 GWh"):
        claim(plant, capacity, value, cited="2024")
    assert found().within == ["between_sources", "own_field"]
    with some_change():
        plant.capacity = ""
        plant.save()
    assert found().within == ["between_sources"]


def test_the_day_of_an_event_dates_its_money() -> None:
    event = EventFactory(date="2008-07-15")
    predicate = amount()
    for value in ("€100M", "US$90M"):
        claim(event, predicate, value)
    assert "2008-07-15, ECB" in found().explanation


def test_more_than_two_claims_are_grouped_in_positions() -> None:
    plant, capacity = PlantFactory(), PredicateFactory(measured=True)
    for slug, value in (
        ("a", "50 GWh"),
        ("b", "70 GWh"),
        ("c", "50.0 GWh"),
        ("d", "50,000 MWh"),
        ("e", "60–80 GWh"),
    ):
        claim(plant, capacity, value, slug=slug)
    assert found().positions == ["a+c+d", "b+e"]
    assert found().explanation.endswith("5 more pairs of these claims cannot be true together.")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of a few rows as a whole")
def test_claims_are_looked_for_by_what_they_are_about_and_not_by_their_standing_in_review() -> None:
    plant, capacity = PlantFactory(), PredicateFactory(measured=True)
    with CaptureQueriesContext(connection) as captured:
        claim(plant, capacity, "50 GWh")
    reading = [
        query["sql"]
        for query in captured
        if query["sql"].startswith("SELECT")
        and '"subject_id" IN' in query["sql"]
        and "review" in query["sql"]
    ]
    assert reading
    with connection.cursor() as cursor:
        for query in reading:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            assert "claims_claim_subject_predicate" in str(cursor.fetchall())
