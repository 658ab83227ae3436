"""What a value means beside its own unit and its predicate's, what is kept unread, and what is refused where."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import ValueType
from claims.domain.reading import (
    NOTHING_TO_READ,
    READ,
    UNREAD,
    misfit,
    read_value,
    state,
    tolerance_misfit,
    units_misfit,
)
from claims.domain.values import TYPES, understand

SPECIMENS = Path(__file__).parents[2] / "specimens" / "stated_values.csv"
Row = dict[str, str]


def rows(*outcomes: str) -> list[Row]:
    with SPECIMENS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["outcome"] in outcomes]


def named(row: Row) -> str:
    return " ".join(filter(None, [row["type"], repr(row["printed"]), row["unit"], row["units"]]))


def beside(row: Row) -> dict[str, object]:
    return {"unit": row["unit"], "units": tuple(filter(None, row["units"].split("|")))}


@pytest.mark.parametrize("row", rows("read"), ids=named)
def test_a_stated_value_stands_for_this_set(row: Row) -> None:
    understood = read_value(row["type"], row["printed"], **beside(row))
    assert understood.refused is None
    assert (understood.low, understood.high) == (row["low"] or None, row["high"] or None)
    assert "|".join([understood.unit, understood.edtf, *understood.currencies]).strip("|") == row["in"]
    assert misfit(row["type"], row["printed"], **beside(row)) is None
    assert state(row["type"], row["printed"], **beside(row)) == READ


@pytest.mark.parametrize("row", rows("unread"), ids=named)
def test_what_is_only_not_understood_is_kept_unread(row: Row) -> None:
    understood = read_value(row["type"], row["printed"], **beside(row))
    assert understood.unread
    assert row["said"] in understood.refused
    assert misfit(row["type"], row["printed"], **beside(row)) is None
    assert state(row["type"], row["printed"], **beside(row)) == UNREAD


@pytest.mark.parametrize("row", rows("value", "unit"), ids=named)
def test_a_mistake_is_refused_at_the_value_or_at_its_unit(row: Row) -> None:
    wrong = misfit(row["type"], row["printed"], **beside(row))
    assert wrong is not None
    assert wrong.of_unit == (row["outcome"] == "unit")
    assert row["said"] in wrong.message
    assert wrong.message.endswith(".")
    assert state(row["type"], row["printed"], **beside(row)) == UNREAD


def test_every_row_of_the_table_has_an_outcome_and_every_type_is_there() -> None:
    listed = rows("read", "unread", "value", "unit")
    assert len(listed) == len(SPECIMENS.read_text(encoding="utf-8").splitlines()) - 1
    assert {row["type"] for row in listed} == set(TYPES)


@pytest.mark.parametrize("value_type", sorted(set(ValueType.values) - set(TYPES)))
def test_other_types_have_nothing_to_read(value_type: str) -> None:
    assert read_value(value_type, "1.500", unit="knots").refused is None
    assert misfit(value_type, "1.500", unit="knots") is None
    assert state(value_type, "1.500") == NOTHING_TO_READ


@pytest.mark.parametrize("value_type", TYPES)
def test_an_empty_value_is_neither_read_nor_refused(value_type: str) -> None:
    assert state(value_type, "") == NOTHING_TO_READ
    assert misfit(value_type, "") is None


printed = st.one_of(
    st.text(max_size=12), st.from_regex(r"[0-9]{1,3}([.,][0-9]{1,3})?( (GWh|t|tons|km))?", fullmatch=True)
)


@given(
    st.sampled_from(TYPES), printed, st.sampled_from([(), ("GWh/year",), ("t/year", "km"), ("CAD",), ("%",)])
)
def test_a_value_without_a_unit_of_its_own_is_what_understand_says(
    value_type: str, text: str, units: tuple[str, ...]
) -> None:
    assert read_value(value_type, text, units=units) == understand(value_type, text, unit="|".join(units))


@given(
    st.sampled_from(ValueType.values),
    printed,
    st.text(max_size=6),
    st.sampled_from([(), ("GWh/year",), ("CAD",)]),
)
def test_whatever_is_not_refused_is_read_or_marked_unread(
    value_type: str, text: str, unit: str, units: tuple[str, ...]
) -> None:
    wrong = misfit(value_type, text, unit=unit, units=units)
    noted = state(value_type, text, unit=unit, units=units)
    if wrong is None and noted == UNREAD:
        assert read_value(value_type, text, unit=unit, units=units).unread
    assert (noted == NOTHING_TO_READ) == (value_type not in TYPES or not text)


@pytest.mark.parametrize(
    ("value_type", "units", "said"),
    [
        ("quantity", ["GWh/year", "t/year"], ""),
        ("quantity", ["1"], ""),
        ("quantity", ["person", "litre", "tpa"], ""),
        (
            "quantity",
            ["GWh", "knots"],
            "“knots”: knots is no unit that the ledger knows; write one such as t/year.",
        ),
        ("quantity", ["ton"], "“ton”: ton may be t or short ton or long ton; write the one that is meant."),
        ("quantity", ["CAD"], "“CAD”: CAD is no unit that the ledger knows; write one such as t/year."),
        ("money", ["CAD", "US$"], ""),
        ("money", ["GWh"], "“GWh”: GWh is no currency that the ledger knows; write its ISO 4217 code."),
        ("percent", ["%"], ""),
        ("percent", ["GWh"], "“GWh”: GWh is no share; write % or pp, or leave it empty."),
        ("date", ["day"], "Values of type date have no unit; leave it empty."),
        ("code", ["t"], "Values of type code have no unit; leave it empty."),
        ("text", ["t"], "Values of type text have no unit; leave it empty."),
        ("entity", ["t"], "Values of type entity have no unit; leave it empty."),
        ("none", ["t"], "Values of type none have no unit; leave it empty."),
        ("text", [], ""),
    ],
)
def test_units_of_a_predicate(value_type: str, units: list[str], said: str) -> None:
    assert units_misfit(value_type, units) == said


@pytest.mark.parametrize(
    ("value_type", "units", "tolerance", "said"),
    [
        ("quantity", ["GWh/year"], "2%", ""),
        ("quantity", ["GWh/year"], "1 GWh", ""),
        ("quantity", ["GWh/year"], "500 MWh/year", ""),
        ("quantity", ["GWh/year"], "1", ""),
        ("quantity", ["GWh/year", "t/year"], "100 t", ""),
        ("quantity", [], "30 days", ""),
        ("quantity", ["day"], "10%", ""),
        ("quantity", ["GWh/year"], "30 days", "day does not measure the same as GWh/year"),
        ("quantity", ["GWh/year"], "a little", "not understood"),
        ("quantity", ["GWh/year"], "-1 GWh", "it is negative"),
        ("quantity", ["GWh/year"], "about 1 GWh", "exact and not exact"),
        ("money", [], "2%", ""),
        ("money", ["CAD"], "2 percent", ""),
        ("money", [], "1000", "amounts of money differ by a share"),
        ("money", [], "US$1,000", "amounts of money differ by a share"),
        ("percent", [], "5%", ""),
        ("percent", [], "2", ""),
        ("percent", [], "1 pp", ""),
        ("percent", [], "1 GWh", "GWh does not measure the same"),
        ("date", [], "30 days", ""),
        ("date", [], "1 month", ""),
        ("date", [], "2%", "dates have no shares"),
        ("date", [], "2 GWh", "GWh does not measure the same as day"),
        ("text", [], "2%", "Values of type text have no tolerance; leave it empty."),
        ("code", [], "2%", "have no tolerance"),
        ("entity", [], "2%", "have no tolerance"),
        ("none", [], "2%", "have no tolerance"),
        ("text", [], "", ""),
    ],
)
def test_tolerance_of_a_predicate(value_type: str, units: list[str], tolerance: str, said: str) -> None:
    found = tolerance_misfit(value_type, units, tolerance)
    assert said in found
    assert bool(found) == bool(said)
