"""Expressions of the date standard, form by form, with the days they mean here and where other readers differ."""

import csv
from datetime import date
from pathlib import Path

import pytest

from evidence.domain.dates import DateRefused, read

SPECIMENS = Path(__file__).parents[2] / "specimens" / "edtf_bounds.csv"


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def bounds() -> list[dict[str, str]]:
    """Columns: the expression, its days, why it is refused, and the name under which the page on values tells
    how other readers of the standard differ."""
    with SPECIMENS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", bounds(), ids=lambda row: row["edtf"])
def test_an_expression_of_the_standard_has_these_days(row: dict[str, str]) -> None:
    if row["refused"]:
        with pytest.raises(DateRefused) as refusal:
            read(row["edtf"])
        assert (
            row["refused"] in refusal.value.reason
            or tuple(row["refused"].split("|")) == refusal.value.readings
        )
    else:
        read_as = read(row["edtf"])
        assert (read_as.earliest, read_as.latest) == (day(row["earliest"]), day(row["latest"]))


def test_every_difference_from_other_readers_is_told() -> None:
    told = Path("docs/values.md").read_text(encoding="utf-8")
    named = {row["differs"] for row in bounds()} - {""}
    assert [name for name in named if f"\n| {name} | " not in told] == []
