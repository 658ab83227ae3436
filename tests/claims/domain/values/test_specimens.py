"""Printed quantities, amounts of money and percentages against tables written from the definitions."""

import pytest

from claims.domain.values import understand
from tests.claims.domain.values.specimens import Row, every_specimen, named

ROWS = every_specimen()


def test_specimens_are_written_once_each() -> None:
    keys = [(row["type"], row["printed"], row["given"]) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("row", [row for row in ROWS if not row["refused"]], ids=named)
def test_printed_value_stands_for_this_set(row: Row) -> None:
    understood = understand(row["type"], row["printed"], unit=row["given"])
    assert understood.refused is None
    assert (understood.low, understood.high) == (row["low"] or None, row["high"] or None)
    if row["type"] == "money":
        assert "|".join(understood.currencies) == row["currencies"]
    else:
        assert understood.unit == row["unit"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["refused"]], ids=named)
def test_what_is_no_single_value_is_refused_with_the_reason_or_its_readings(row: Row) -> None:
    understood = understand(row["type"], row["printed"], unit=row["given"])
    assert understood.refused is not None
    assert (understood.low, understood.high, understood.unit, understood.currencies) == (None, None, "", ())
    if "|" in row["refused"]:
        assert understood.readings == tuple(row["refused"].split("|"))
        assert all(reading in understood.refused for reading in understood.readings)
    else:
        assert row["refused"] in understood.refused
