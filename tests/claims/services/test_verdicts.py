"""Verdicts on pairs of claims, against tables written from the definitions of values, separators and rates.

`verdicts_by_definition.csv` gives the rule behind each row (`why`); `verdicts.csv` also has what explanations say.
"""

import csv
from pathlib import Path

import pytest

from claims.domain.comparing import Comparison, Terms, Verdict, compare
from claims.domain.comparing.sides import LISTS, NEGATED, TEXTS, Omitted, statement
from claims.services.rates import ReferenceRates

# Columns: the type and what the predicate says of its values; each value with its qualifiers ("when=2020; negated",
# several joined by `|`); and of the verdict what separates, whether nearly in conflict, and parts of its texts.
SPECIMENS = Path(__file__).parents[2] / "specimens"

Row = dict[str, str]


def specimens(name: str = "verdicts.csv") -> list[Row]:
    with (SPECIMENS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_definition() -> list[Row]:
    return specimens("verdicts_by_definition.csv")


def named(row: Row) -> str:
    of = " ".join(filter(None, (row["type"], row["values"], row["persistence"], row["tolerance"])))
    return f"{of}: {row['a']} ({row['says_a']}) – {row['b']} ({row['says_b']})"


def side(row: Row, name: str) -> dict[str, object]:
    told = [part.strip().partition("=") for part in row[f"says_{name}"].split(";") if part.strip()]
    assert {key for key, *_ in told} <= {*TEXTS, *LISTS, NEGATED}
    return {"value": row[name]} | {key: value if key != NEGATED else True for key, _, value in told}


def compared(row: Row, first: str, second: str) -> Comparison:
    terms = Terms(row["type"], row["values"] == "single", row["persistence"], row["tolerance"])
    a, b = (statement(side(row, name), Omitted(row["type"])) for name in (first, second))
    return compare(a, b, terms, ReferenceRates())


@pytest.mark.parametrize(("table", "least"), [(specimens(), 290), (by_definition(), 660)])
def test_specimens_are_written_once_each_and_know_every_verdict(table: list[Row], least: int) -> None:
    names = [named(row) for row in table]
    assert len(names) == len(set(names)) >= least
    assert {row["verdict"] for row in table} == set(Verdict)


@pytest.mark.parametrize("row", specimens(), ids=named)
def test_what_is_told_of_a_pair(row: Row) -> None:
    found = compared(row, "a", "b")
    assert row["reading"] in found.reading and bool(row["reading"]) == bool(found.reading)
    assert row["explanation"] in found.explanation


@pytest.mark.parametrize("row", [*specimens(), *by_definition()], ids=named)
def test_a_pair_has_this_verdict_in_either_order(row: Row) -> None:
    found, turned = compared(row, "a", "b"), compared(row, "b", "a")
    assert (found.verdict, found.separator) == (row["verdict"], row["separator"]), found.explanation
    assert (turned.verdict, turned.separator, turned.sets) == (
        found.verdict,
        found.separator,
        found.turned().sets,
    )
    assert found.nearly is turned.nearly is (row["nearly"] == "yes")
    assert bool(found.conversion) == bool(turned.conversion)
