"""Verdicts on pairs of claims: a table with every verdict and its reasons."""

from dataclasses import replace
from typing import Any

import pytest

from claims.domain.comparing import Comparison, Statement, Terms, Verdict, compare
from claims.domain.values import understand
from evidence.domain import dates
from tests.claims.domain.comparing.fixed_rates import FixedRates

NUMERIC = ("quantity", "money", "percent")


def terms(value_type: str, persistence: str = "timeless", **others: Any) -> Terms:
    return Terms(value_type, others.pop("single_valued", True), persistence, **others)


def states(value_type: str, printed: str, **others: Any) -> Statement:
    """A statement as a claim of the type prints it; times are given as printed, names joined by `|`."""
    for time in ("when", "rated"):
        if time in others:
            others[time] = dates.read(others[time])
    if "published" in others:
        others["published"] = tuple(map(dates.read, others["published"].split("|")))
    for names in ("scope", "objects", "sources"):
        if names in others:
            others[names] = frozenset(others[names].split("|"))
    if value_type in NUMERIC:
        return Statement(value=understand(value_type, printed), **others)
    if value_type == "date":
        return Statement(days=dates.read(printed), **others)
    if value_type == "entity":
        return Statement(objects=frozenset(printed.split("|")), **others)
    return Statement(code=printed, **others)


def verdict_on(value_type: str, a: str, b: str, both: dict[str, Any] | None = None) -> Comparison:
    return compare(
        states(value_type, a, **(both or {})),
        states(value_type, b, **(both or {})),
        terms(value_type),
        FixedRates(),
    )


SEPTEMBER = {"rated": "September 2023"}

SINGLE = [
    ("quantity", "50 GWh", "50 GWh", "equal"),
    ("quantity", "1.0 t", "1.0 tonnes", "equal"),
    ("quantity", "50 GWh", "about 50 GWh", "compatible"),
    ("quantity", "50 GWh", "30+ GWh", "compatible"),
    ("quantity", "20 GWh", "30+ GWh", "conflicting"),
    ("quantity", "1,000 kg", "1 t", "compatible"),
    ("quantity", "1,000 kg", "2 t", "conflicting"),
    ("quantity", "18 months", "1.5 years", "compatible"),
    ("quantity", "52 patents", "54 patents", "conflicting"),
    ("quantity", "200+ patents", "54 patents", "conflicting"),
    ("quantity", "more than 23 countries", "23 countries", "conflicting"),
    ("quantity", "at least 23 countries", "23 countries", "compatible"),
    ("quantity", "60–100 t", "100 t", "compatible"),
    ("quantity", "60–100 t", "110 t", "conflicting"),
    ("quantity", "50 GWh", "50 GWh/year", "not_comparable"),
    ("quantity", "50 GWh", "10 km", "not_comparable"),
    ("quantity", "50 GWh", "a lot", "not_comparable"),
    ("percent", "4.9%", "approximately 5%", "compatible"),
    ("percent", "4.9%", "5.0%", "compatible"),
    ("percent", "4.9%", "5.2%", "conflicting"),
    ("percent", "50%", "half", "equal"),
    ("percent", "up to 60%", "80%", "conflicting"),
    ("percent", "5%", "5 pp", "not_comparable"),
    ("money", "US$10M", "US$10.2M", "compatible"),
    ("money", "US$10M", "US$12M", "conflicting"),
    ("money", "US$10M", "CAD 10M", "conflicting"),
    ("money", "CAD 16.9M", "US$12.5M", "compatible"),
    ("money", "€10M", "US$11M", "compatible"),
    ("money", "$16.9 million", "CAD 16.9M", "compatible_if"),
    ("money", "$16.9 million", "US$12.5 million", "compatible_if"),
    ("money", "US$10M", "JPY 10M", "not_comparable"),
    ("money", "10M", "US$10M", "not_comparable"),
    ("date", "2023", "March 2023", "compatible"),
    ("date", "2023", "March 2025", "conflicting"),
    ("date", "2023", "2023", "equal"),
    ("date", "since 2012", "2010", "conflicting"),
    ("date", "since 2012", "2020", "compatible"),
    ("date", "September", "2020", "not_comparable"),
    ("code", "alliance", "Alliance", "equal"),
    ("code", "alliance", "merger", "conflicting"),
    ("entity", "lg-chem", "lg-chem", "equal"),
    ("entity", "lg-chem", "basf", "conflicting"),
    ("entity", "lg-chem|lg-energy-solution", "lg-chem", "compatible_if"),
    ("entity", "lg-chem|lg-energy-solution", "basf", "conflicting"),
    ("text", "clean", "clean", "equal"),
    ("text", "clean", "dirty", "not_comparable"),
    ("none", "", "", "equal"),
]


@pytest.mark.parametrize(("value_type", "a", "b", "expected"), SINGLE)
def test_two_values_of_a_single_valued_predicate(value_type: str, a: str, b: str, expected: str) -> None:
    found = verdict_on(value_type, a, b, SEPTEMBER)
    assert found.verdict == expected, found.explanation
    assert found.explanation.endswith(".") and found.explanation.count("\n") == 0
    assert verdict_on(value_type, b, a, SEPTEMBER).verdict == expected


@pytest.mark.parametrize(
    ("value_type", "said", "denied", "expected"),
    [
        ("entity", "sumitomo", "sumitomo", "conflicting"),
        ("entity", "sumitomo", "lg-chem", "compatible"),
        ("entity", "lg-chem|lg-energy-solution", "lg-chem", "compatible_if"),
        ("none", "", "", "conflicting"),
        ("code", "alliance", "alliance", "conflicting"),
        ("code", "alliance", "merger", "compatible"),
        ("percent", "4.9%", "approximately 5%", "conflicting"),
        ("percent", "approximately 5%", "4.9%", "compatible"),
        ("date", "March 2023", "2023", "conflicting"),
        ("date", "2023", "March 2023", "compatible"),
        ("quantity", "60 t", "50+ t", "conflicting"),
        ("text", "clean", "clean", "not_comparable"),
    ],
)
@pytest.mark.parametrize("single_valued", [True, False])
def test_a_value_and_a_denial(
    value_type: str, said: str, denied: str, expected: str, single_valued: bool
) -> None:
    of = terms(value_type, single_valued=single_valued)
    a, b = states(value_type, said), states(value_type, denied, negated=True)
    assert compare(a, b, of, FixedRates()).verdict == expected
    assert compare(b, a, of, FixedRates()).verdict == expected


def test_two_denials_never_conflict() -> None:
    a, b = (states("entity", name, negated=True) for name in ("lg-chem", "basf"))
    assert compare(a, b, terms("entity"), FixedRates()).verdict is Verdict.COMPATIBLE


def test_many_valued_predicates_hold_several_values() -> None:
    a, b = states("entity", "lg-chem"), states("entity", "basf")
    assert compare(a, b, terms("entity", single_valued=False), FixedRates()).verdict is Verdict.COMPATIBLE


def test_bare_dollars_of_one_source_are_the_same_dollar() -> None:
    a, b = (states("money", text, sources="news", rated="2023") for text in ("$10 million", "$10.2 million"))
    assert compare(a, b, terms("money"), FixedRates()).verdict is Verdict.COMPATIBLE
    assert (
        compare(a, replace(b, sources=frozenset({"other"})), terms("money"), FixedRates()).verdict
        is Verdict.COMPATIBLE_IF
    )
    far = states("money", "$70M", sources="news", rated="2023")
    assert compare(a, far, terms("money"), FixedRates()).verdict is Verdict.CONFLICTING


@pytest.mark.parametrize("source", ["news", "other"])
def test_a_headline_in_one_dollar_and_its_text_in_another_agree_under_that_reading(source: str) -> None:
    headline = states("money", "$12.5 million", sources="news", rated="2023")
    text = states("money", "$16.9 million", sources=source, rated="2023")
    found = compare(headline, text, terms("money"), FixedRates())
    assert (found.verdict, found.reading) == (Verdict.COMPATIBLE_IF, "USD and CAD")
    assert (
        compare(headline, replace(text, sources=frozenset({"news"})), terms("money"), FixedRates()).verdict
        is found.verdict
    )
    undated = replace(headline, rated=None), replace(text, rated=None, sources=frozenset({"news"}))
    assert compare(*undated, terms("money"), FixedRates()).verdict is Verdict.CONFLICTING


def test_conversion_shows_rate_days_and_source() -> None:
    found = verdict_on("money", "US$10M", "CAD 10M", SEPTEMBER)
    assert found.conversion == "CAD 1 = USD 0.714 to 0.770 (2023-09-01/2023-09-30, test bank)"
    assert found.conversion in found.explanation


def test_currencies_without_a_day_are_not_compared() -> None:
    assert verdict_on("money", "US$10M", "CAD 10M").verdict is Verdict.NOT_COMPARABLE
    in_one_reading = verdict_on("money", "US$10M", "$10M")
    assert (in_one_reading.verdict, in_one_reading.reading) == (Verdict.COMPATIBLE_IF, "USD")


SEPARATED = [
    ("timeless", {"scope": "pilot"}, {"scope": "mass"}, "scope"),
    ("timeless", {"scope": "pilot"}, {}, "scope"),
    ("timeless", {"objects": "basf"}, {"objects": "lg-chem"}, "object"),
    ("timeless", {"modality": "planned"}, {}, ""),
    ("timeless", {"when": "2020"}, {"when": "2022"}, ""),
    ("lasting", {"modality": "planned"}, {}, "modality"),
    ("lasting", {"when": "2020"}, {"when": "2022"}, "when"),
    ("lasting", {"when": "2020"}, {}, ""),
    ("lasting", {"when": "2010-01-01/2020-08-10"}, {"when": "2020-08-10/.."}, "when"),
    ("lasting", {"when": "2020-08-10"}, {"when": "2020-08-10/.."}, ""),
    ("lasting", {"when": "2020-08-31"}, {"when": "August 2020"}, ""),
    ("lasting", {"when": "2020-08-10"}, {"when": "2020-08-10"}, ""),
    ("lasting", {"published": "2020"}, {"published": "2022"}, ""),
    ("momentary", {"published": "2020-01-01"}, {"published": "2020-01-02"}, "when"),
    ("momentary", {"published": "2020-01-02"}, {"when": "2020"}, ""),
    ("momentary", {"published": "2020-01-01|2020-03-01"}, {"published": "2020-02-01"}, "when"),
    ("momentary", {"published": "2020-01-01|2020-03-01"}, {"published": "2020-03-01"}, ""),
    ("momentary", {"when": "2020"}, {"when": "2022"}, "when"),
]


@pytest.mark.parametrize(("persistence", "one", "other", "separator"), SEPARATED)
def test_qualifiers_that_set_values_apart(
    persistence: str, one: dict[str, str], other: dict[str, str], separator: str
) -> None:
    a, b = states("quantity", "50 GWh", **one), states("quantity", "70 GWh", **other)
    found = compare(a, b, terms("quantity", persistence), FixedRates())
    assert found.separator == separator
    assert found.verdict is (Verdict.SEPARATED if separator else Verdict.CONFLICTING)
    assert found.nearly == (separator in ("scope", "modality"))
    assert compare(b, a, terms("quantity", persistence), FixedRates()).separator == separator


def test_an_ambiguous_object_is_named() -> None:
    a = states("quantity", "50 GWh", objects="lg-chem|lg-energy-solution")
    b = states("quantity", "70 GWh", objects="lg-chem")
    found = compare(a, b, terms("quantity"), FixedRates())
    assert found.verdict is Verdict.COMPATIBLE_IF
    assert "lg-energy-solution" in found.explanation


@pytest.mark.parametrize(
    ("value_type", "a", "b", "tolerance", "expected"),
    [
        ("percent", "50%", "53%", "", "conflicting"),
        ("percent", "50%", "53%", "2", "compatible"),
        ("percent", "50%", "53%", "5%", "compatible"),
        ("percent", "50%", "60%", "5%", "conflicting"),
        ("quantity", "50 GWh", "52 GWh", "1,000 MWh", "compatible"),
        ("quantity", "50 GWh", "52 GWh", "1 MWh", "conflicting"),
        ("date", "10 August 2020", "12 August 2020", "2 days", "compatible"),
        ("date", "10 August 2020", "12 August 2020", "1 day", "conflicting"),
        ("quantity", "50 GWh", "52 GWh", "a little", "not_comparable"),
    ],
)
def test_tolerance_of_the_predicate(value_type: str, a: str, b: str, tolerance: str, expected: str) -> None:
    of = terms(value_type, tolerance=tolerance)
    assert compare(states(value_type, a), states(value_type, b), of, FixedRates()).verdict == expected
    assert compare(states(value_type, b), states(value_type, a), of, FixedRates()).verdict == expected
