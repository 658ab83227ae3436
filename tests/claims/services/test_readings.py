"""Whether a claim's value is understood is noted beside it, follows its predicate, and counts as no change."""

import importlib
import pkgutil
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import migrations
from claims.models import Agreement, Claim, Investment, Plant, Predicate
from claims.services.readings import unread
from evidence.choices import Door
from evidence.models import Change
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from tests.factories import (
    AgreementFactory,
    ClaimFactory,
    InvestmentFactory,
    OwnershipFactory,
    PlantFactory,
    PredicateFactory,
)
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db


def noted(claim: Claim) -> str:
    return Claim.objects.values_list("value_state", flat=True).get(pk=claim.pk)


def redefine(predicate: Predicate, actor: User, **columns: Any) -> None:
    with change(actor=actor, door=Door.ADMIN):
        for name, value in columns.items():
            setattr(predicate, name, value)
        predicate.save()


@pytest.mark.parametrize(
    ("value_type", "value", "state"),
    [
        ("date", "H1 2027", "read"),
        ("date", "soon", "unread"),
        ("money", "$10M", "read"),
        ("percent", "most", "unread"),
        ("text", "soon", ""),
    ],
)
def test_a_claim_notes_whether_its_value_is_understood(value_type: str, value: str, state: str) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(value_type=value_type), value=value)
    assert noted(claim) == state
    assert claim.history.get().value_state == state


def test_what_has_nothing_to_read_notes_nothing() -> None:
    coded = ClaimFactory(predicate=PredicateFactory(coded=True), value="built")
    bare = ClaimFactory(predicate=PredicateFactory(bare=True), value="")
    assert (noted(coded), noted(bare)) == ("", "")


def test_the_note_follows_the_value(curator: User) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(measured=True), value="a lot")
    assert noted(claim) == "unread"
    with change(actor=curator, door=Door.ADMIN):
        claim.value, claim.unit = "50", "GWh"
        claim.save()
    assert noted(claim) == "read"
    assert [entry.value_state for entry in claim.history.all()] == ["read", "unread"]


def test_the_notes_of_claims_follow_their_predicate_without_changing_the_claims(curator: User) -> None:
    predicate = PredicateFactory(value_type="quantity")
    odd, plain = (ClaimFactory(predicate=predicate, value=value) for value in ("soon", "2027"))
    other = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="soon")
    redefine(predicate, curator, value_type="date")
    assert (noted(odd), noted(plain), noted(other)) == ("unread", "read", "unread")
    redefine(predicate, curator, value_type="text")
    assert (noted(odd), noted(plain), noted(other)) == ("", "", "unread")
    assert Claim.history.count() == 3
    assert set(Claim.objects.values_list("version", flat=True)) == {1}


def test_an_accepted_claim_whose_note_changes_stays_accepted(curator: User) -> None:
    claim = ClaimFactory(fact=True, predicate__value_type="text", value="soon")
    redefine(claim.predicate, curator, value_type="date")
    claim.refresh_from_db()
    assert (claim.value_state, claim.review) == ("unread", "accepted")


def test_a_claim_saved_unchanged_leaves_no_trace_and_keeps_its_note_right(curator: User) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="soon")
    changes = Change.objects.count()
    claim.value_state = ""
    with change(actor=curator, door=Door.ADMIN) as unit:
        claim.save()
    assert unit.change is None
    assert Change.objects.count() == changes
    assert noted(claim) == "unread"


def test_a_thousand_claims_of_a_predicate_take_as_many_queries_as_ten(curator: User) -> None:
    predicate = PredicateFactory(value_type="text")
    claim = ClaimFactory(predicate=predicate, value="soon")

    def queries(value_type: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            redefine(predicate, curator, value_type=value_type)
        return len(captured)

    like = multiply(claim, 8)[0]
    few = queries("date")
    multiply(like, 900)
    assert queries("money") - few <= 2  # the claims are noted in one statement, and found in one
    assert Claim.objects.filter(value_state="unread").count() == Claim.objects.count()


def test_claims_stored_before_values_were_read_are_noted_by_the_migration() -> None:
    (name,) = (
        found.name for found in pkgutil.iter_modules(migrations.__path__) if "value_state" in found.name
    )
    migration = importlib.import_module(f"{migrations.__name__}.{name}")
    read = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="2012")
    kept = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="soon")
    text = ClaimFactory()
    Claim._base_manager.update(value_state="")
    migration.note_states(apps, None)
    assert [noted(claim) for claim in (read, kept, text)] == ["read", "unread", ""]


MISFITS = {
    "two readings": ("quantity", ["t/year"], "1.500", "", "value", "1,499.5–1,500.5 t/year"),
    "another dimension": ("quantity", ["t/year"], "5 km", "", "value", "km does not measure the same"),
    "no such day": ("date", [], "2028-02-30", "", "value", "the calendar has no such day"),
    "another unit beside it": ("quantity", ["t/year"], "5", "km", "unit", "km does not measure the same"),
    "an unknown unit": ("quantity", ["t/year"], "5", "knots", "unit", "is no unit that the ledger knows"),
    "another currency": ("money", [], "US$5M", "CAD", "unit", "printed in USD, not in CAD"),
}


@pytest.mark.parametrize("case", MISFITS.values(), ids=MISFITS.keys())
def test_a_value_that_is_a_mistake_is_refused_when_it_is_checked_and_when_it_is_written(
    case: tuple[Any, ...], curator: User
) -> None:
    value_type, units, value, unit, field, said = case
    predicate = PredicateFactory(value_type=value_type, unit=units)
    claim = ClaimFactory.build(predicate=predicate, value=value, unit=unit)
    with pytest.raises(ValidationError) as invalid:
        claim.clean()
    assert list(invalid.value.message_dict) == [field]
    assert said in invalid.value.message_dict[field][0]
    with pytest.raises(ChangeRefused) as refused, change(actor=curator, door=Door.ADMIN):
        ClaimFactory(predicate=predicate, value=value, unit=unit)
    assert [finding.field for finding in refused.value.findings] == [field]


def test_a_predicate_does_not_take_units_under_which_its_claims_are_mistakes(curator: User) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(value_type="quantity"), value="5 km")
    with pytest.raises(ChangeRefused, match=f"would no longer fit: {claim.slug}"):
        redefine(claim.predicate, curator, unit=["t/year"])


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"value_type": "quantity", "unit": ["knots"]}, "unit"),
        ({"value_type": "money", "unit": ["GWh"]}, "unit"),
        ({"value_type": "text", "unit": ["t"]}, "unit"),
        ({"value_type": "date", "tolerance": "2%"}, "tolerance"),
        ({"value_type": "quantity", "unit": ["t/year"], "tolerance": "30 days"}, "tolerance"),
        ({"value_type": "entity", "tolerance": "2%"}, "tolerance"),
    ],
)
def test_a_predicate_whose_unit_or_tolerance_says_nothing_is_refused(
    columns: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        PredicateFactory.build(**columns).clean()
    assert list(refused.value.message_dict) == [field]


RECORDS = {
    "an amount with two readings": (InvestmentFactory, {"amount": "$1.500", "currency": ""}, "amount"),
    "an amount in another currency": (InvestmentFactory, {"amount": "US$10M", "currency": "CAD"}, "currency"),
    "a share with two readings": (InvestmentFactory, {"stake_percent": "1.500%"}, "stake_percent"),
    "a share of an ownership": (OwnershipFactory, {"stake_percent": "1.500%"}, "stake_percent"),
    "a share above the whole": (OwnershipFactory, {"stake_percent": "101%"}, "stake_percent"),
    "a capacity with two readings": (PlantFactory, {"capacity": "5 tons"}, "capacity"),
    "an unknown unit of capacity": (
        PlantFactory,
        {"capacity": "5", "capacity_unit": "knots"},
        "capacity_unit",
    ),
    "a unit that the capacity is not in": (
        PlantFactory,
        {"capacity": "5 km", "capacity_unit": "t/year"},
        "capacity_unit",
    ),
    "a term that is no time": (AgreementFactory, {"term": "5 km"}, "term"),
    "a term without a unit": (AgreementFactory, {"term": "20"}, "term"),
}


@pytest.mark.parametrize("case", RECORDS.values(), ids=RECORDS.keys())
def test_a_printed_column_that_is_a_mistake_is_refused_at_the_column(case: tuple[Any, ...]) -> None:
    factory, columns, field = case
    with pytest.raises(ValidationError) as refused:
        factory.build(**columns).clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("factory", "columns"),
    [
        (InvestmentFactory, {"amount": "$10M", "currency": "CAD"}),
        (InvestmentFactory, {"amount": "$70M", "currency": ""}),
        (PlantFactory, {"capacity": "30+ GWh", "capacity_unit": "GWh/year"}),
        (PlantFactory, {"capacity": "~200 tpa", "capacity_unit": "t/year"}),
        (AgreementFactory, {"term": "up to 20 years"}),
        (OwnershipFactory, {"stake_percent": "4.9%"}),
    ],
)
def test_printed_columns_that_are_read(factory: Any, columns: dict[str, str]) -> None:
    record = factory.build(**columns)
    record.clean()
    assert list(unread(record)) == []


@pytest.mark.parametrize(
    ("model", "column"), [(Investment, "amount"), (Plant, "capacity"), (Agreement, "term")]
)
def test_what_is_not_understood_is_kept_and_told(model: Any, column: str) -> None:
    record = model(slug="x", name="X", **{column: "undisclosed"})
    record.clean()
    ((named, reason),) = unread(record)
    assert named == column
    assert "not understood" in reason


def test_records_without_values_have_none_unread() -> None:
    assert list(unread(PredicateFactory())) == []
    assert list(unread(ClaimFactory())) == []
    assert list(unread(ClaimFactory.build(predicate=PredicateFactory(value_type="date"), value="soon")))
