"""compare: a verdict for every pair, and a reason for every line that holds none."""

import io
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.choices import Modality
from claims.domain.comparing.sides import MODALITIES

KEYS = ["a", "b", "verdict", "explanation", "sets", "reading", "conversion", "separator", "nearly", "refused"]


def ran(monkeypatch: pytest.MonkeyPatch, pairs: bytes, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """What the command wrote, line by line, and what it ended with."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(pairs)))
    out, err = io.StringIO(), io.StringIO()
    ended = ""
    try:
        call_command("compare", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        assert error.returncode != 0
        ended = str(error)
    assert err.getvalue() == ""
    return [json.loads(line) for line in out.getvalue().splitlines()], ended


def verdict_on(monkeypatch: pytest.MonkeyPatch, a: object, b: object, *arguments: str) -> dict[str, Any]:
    (row,), ended = ran(monkeypatch, json.dumps({"a": a, "b": b}).encode(), *arguments)
    assert (row["refused"], ended) == (None, "")
    return row


def test_a_pair_has_its_verdict_with_what_it_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,), ended = ran(monkeypatch, b"4.9%\tapproximately 5%\n", "--type", "percent")
    assert list(row) == KEYS
    assert row == {
        "a": "4.9%",
        "b": "approximately 5%",
        "verdict": "compatible",
        "explanation": "4.85–4.95 % and 4.5–5.5 % can both be true.",
        "sets": ["4.85–4.95 %", "4.5–5.5 %"],
        "reading": "",
        "conversion": "",
        "separator": "",
        "nearly": False,
        "refused": None,
    }
    assert ended == ""


def test_a_pair_in_json_has_the_same_verdict_and_stands_as_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = verdict_on(monkeypatch, "4.9%", "5.2%", "--type", "percent")
    full = verdict_on(
        monkeypatch, {"value": "4.9%"}, {"value": "5.2%", "negated": False}, "--type", "percent"
    )
    assert full["a"] == {"value": "4.9%"}
    assert plain["verdict"] == full["verdict"] == "conflicting"
    assert plain["explanation"] == full["explanation"]


@pytest.mark.parametrize(
    ("value_type", "a", "b", "options", "expected"),
    [
        ("quantity", "50", "50 GWh", ["--unit", "GWh/year"], "equal"),
        ("quantity", {"value": "50", "unit": "MWh"}, "50", ["--unit", "GWh"], "conflicting"),
        ("quantity", "50 GWh", "52 GWh", ["--tolerance", "5%"], "compatible"),
        ("quantity", "50 GWh", "70 GWh", ["--many-valued"], "compatible"),
        ("quantity", "50 GWh", "70 GWh", ["--single-valued"], "conflicting"),
        ("quantity", {"value": "50 GWh", "negated": True}, "50 GWh", ["--many-valued"], "conflicting"),
        (
            "quantity",
            {"value": "5 t", "scope": ["Pilot", "line 2"]},
            {"value": "9 t", "scope": "line 2|pilot"},
            [],
            "conflicting",
        ),
        ("quantity", {"value": "5 t", "scope": "pilot"}, "9 t", [], "separated"),
        ("quantity", {"value": "5 t", "modality": "planned"}, "9 t", [], "conflicting"),
        (
            "quantity",
            {"value": "5 t", "modality": "planned"},
            "9 t",
            ["--persistence", "lasting"],
            "separated",
        ),
        (
            "quantity",
            {"value": "5 t", "when": "2020"},
            {"value": "9 t", "when": "2022"},
            ["--persistence", "lasting"],
            "separated",
        ),
        (
            "quantity",
            {"value": "5 t", "published": "2020-01-01|2020-03-01"},
            {"value": "9 t", "published": ["2020-02-01"]},
            ["--persistence", "momentary"],
            "separated",
        ),
        (
            "quantity",
            {"value": "5 t", "object": "a|b"},
            {"value": "9 t", "object": ["a"]},
            [],
            "compatible_if",
        ),
        ("money", "US$10M", "CAD 20M", [], "not_comparable"),
        ("money", "US$10M", "CAD 20M", ["--day", "2023-09-01"], "conflicting"),
        ("money", {"value": "US$10M", "rated": "2023-09"}, "CAD 13.5M", [], "compatible"),
        ("money", {"value": "US$10M", "when": "2023-09"}, "CAD 13.5M", [], "compatible"),
        ("money", {"value": "US$10M", "published": "2023-09"}, "CAD 13.5M", [], "compatible"),
        ("money", {"value": "$10M", "source": "x|y"}, {"value": "$12M", "source": ["y"]}, [], "conflicting"),
        ("money", {"value": "$10M", "source": "x"}, {"value": "$12M", "source": "y"}, [], "compatible_if"),
        ("date", "2023", "March 2023", [], "compatible"),
        ("date", "soon", "March 2023", [], "not_comparable"),
        ("code", "alliance", "Alliance", [], "equal"),
        ("entity", "lg-chem|lg-energy-solution", "lg-chem", [], "compatible_if"),
        ("entity", {"object": ["lg-chem"]}, {"object": "basf"}, [], "conflicting"),
        ("text", "clean", "dirty", [], "not_comparable"),
        ("none", "", {"negated": True}, [], "conflicting"),
    ],
)
def test_a_side_may_say_all_that_a_claim_says(
    monkeypatch: pytest.MonkeyPatch, value_type: str, a: object, b: object, options: list[str], expected: str
) -> None:
    assert verdict_on(monkeypatch, a, b, "--type", value_type, *options)["verdict"] == expected


def test_rate_days_and_publisher_stand_beside_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    row = verdict_on(monkeypatch, "US$10M", "CAD 13M", "--type", "money", "--day", "2023-09-02")
    assert row["conversion"] == "CAD 1 = USD 0.73990 (2023-09-01, ECB)"
    assert row["conversion"] in row["explanation"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "0 tabs"),
        (b"5%", "0 tabs"),
        (b"5%\t6%\t7%", "2 tabs"),
        (b"\t5%", "a: it has no value"),
        (b'{"a": "5%"', "not JSON"),
        (b'{"a": "5%", "b": "6%"} x', "not JSON"),
        (b'{"a": ' * 1000, "not JSON"),
        (b'{"a": ' + b"[" * 4000, "not JSON"),
        (b"{}", "has the keys none"),
        (b'{"a": "5%"}', "has the keys a, not a and b"),
        (b'{"a": "5%", "b": "6%", "c": ""}', "has the keys a, b, c"),
        (b'{"a": "5%", "a": "7%", "b": "6%"}', "a key twice"),
        (b'{"a": "\\ud800", "b": "6%"}', "surrogate"),
        (b'{"a": 5, "b": "6%"}', "a: it is neither a text nor an object"),
        (b'{"a": "5%", "b": null}', "b: it is neither a text nor an object"),
        (b'{"a": {"value": 5}, "b": "6%"}', "a: its value is not a text"),
        (b'{"a": {"valeu": "5%"}, "b": "6%"}', "the key valeu, which is none of value"),
        (b'{"a": {"value": "5%", "negated": 1}, "b": "6%"}', "neither true nor false"),
        (b'{"a": {"value": "5%", "modality": "plan"}, "b": "6%"}', "modality plan is none of actual"),
        (b'{"a": {"value": "5%", "scope": {}}, "b": "6%"}', "its scope is neither"),
        (b'{"a": {"value": "5%", "source": [1]}, "b": "6%"}', "its source is neither"),
        (b'{"a": {"value": "5%", "when": "soonish"}, "b": "6%"}', "its when is not understood"),
        (b'{"a": {"value": "5%", "published": "03/04/2021"}, "b": "6%"}', "2021-04-03 or 2021-03-04"),
        (b'{"a": {"negated": true}, "b": "6%"}', "a: it has no value"),
        (b"5%\t" + b"9" * 20_000, "longer than 10000 bytes"),
    ],
)
def test_a_line_without_a_pair_is_refused_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch, line: bytes, reason: str
) -> None:
    (refused, answered), ended = ran(monkeypatch, line + b"\n5%\t8%\n", "--type", "percent")
    assert reason in refused["refused"]
    assert list(refused) == KEYS and refused["verdict"] is None
    assert answered["verdict"] == "conflicting"
    assert ended.startswith("1 line held no pair")


def test_entities_stand_in_one_place_and_what_takes_no_value_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (both,), _ = ran(monkeypatch, b'{"a": {"value": "x", "object": "y"}, "b": "z"}', "--type", "entity")
    assert "give one of them" in both["refused"]
    (none,), _ = ran(monkeypatch, b"yes\t", "--type", "none")
    assert "which its type has not" in none["refused"]


def test_a_byte_order_mark_and_foreign_bytes_are_no_part_of_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, ended = ran(monkeypatch, "\ufeff5%\t5%\r\n".encode() + b"\xff5%\t5%\n", "--type", "percent")
    assert [row["verdict"] for row in rows] == ["equal", "not_comparable"]
    assert ended == ""


def test_a_day_that_is_none_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, ended = ran(monkeypatch, b"5\t6\n", "--type", "money", "--day", "soon")
    assert rows == []
    assert ended.startswith("--day")


def test_every_modality_of_a_claim_may_be_said() -> None:

    assert tuple(Modality.values) == MODALITIES
