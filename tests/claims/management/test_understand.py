"""understand: one JSON object for every line, whatever the line holds."""

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

KEYS = ["input", "low", "high", "unit", "currencies", "edtf", "refused"]


def understood(monkeypatch: pytest.MonkeyPatch, printed: bytes, *arguments: str) -> list[dict[str, object]]:
    """What the command wrote, line by line."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(printed)))
    out, err = io.StringIO(), io.StringIO()
    call_command("understand", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_quantity_has_its_ends_as_plain_decimals_and_its_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = understood(monkeypatch, b"30+ GWh\n", "--type", "quantity", "--unit", "GWh/year")
    assert list(row) == KEYS
    assert row == {
        "input": "30+ GWh",
        "low": "30",
        "high": None,
        "unit": "GWh/year",
        "currencies": [],
        "edtf": "",
        "refused": None,
    }


def test_an_amount_lists_every_currency_it_may_be_in(monkeypatch: pytest.MonkeyPatch) -> None:
    usd, dollars = understood(monkeypatch, b"US$10M\n$10M\n", "--type", "money")
    assert (usd["low"], usd["high"], usd["currencies"]) == ("9500000", "10500000", ["USD"])
    assert {"USD", "CAD", "AUD"} < set(dollars["currencies"])  # type: ignore[call-overload]


def test_a_percentage_is_in_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = understood(monkeypatch, b"4.9%", "--type", "percent")
    assert (row["low"], row["high"], row["unit"]) == ("4.85", "4.95", "%")


def test_a_date_has_its_days_and_its_edtf(monkeypatch: pytest.MonkeyPatch) -> None:
    half, since, soon, two = understood(
        monkeypatch, b"H1 2027\nsince 2012\nsoon\n10/7/2008\n", "--type", "date"
    )
    assert (half["low"], half["high"], half["edtf"]) == ("2027-01-01", "2027-06-30", "2027-40")
    assert (since["low"], since["high"], since["edtf"]) == ("2012-01-01", None, "2012/..")
    assert soon["refused"] and soon["low"] is soon["high"] is None
    assert "2008-07-10" in str(two["refused"]) and "2008-10-07" in str(two["refused"])


def test_every_line_has_its_answer_even_what_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = b"5 t\r\n\n   \n\t\n" + b"\xff\xfe5 t\n\x005\n" + b"9" * 50_000 + b"\n6 t"
    rows = understood(monkeypatch, printed, "--type", "quantity")
    assert [row["refused"] is None for row in rows] == [True, *[False] * 6, True]
    assert rows[0]["input"] == "5 t"
    assert "empty" in str(rows[1]["refused"])
    assert "longer than" in str(rows[6]["refused"])


def test_a_byte_order_mark_is_no_part_of_the_first_value(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = understood(monkeypatch, "\ufeff5 t\n".encode(), "--type", "quantity")
    assert (row["input"], row["unit"]) == ("5 t", "t")


def test_no_lines_have_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert understood(monkeypatch, b"", "--type", "money") == []


def test_a_type_without_numbers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        understood(monkeypatch, b"", "--type", "text")
