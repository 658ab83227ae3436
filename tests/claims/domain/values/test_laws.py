"""Laws of every printed value, whatever it is."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.values import TYPES, Interval, understand
from claims.domain.values.folding import LONGEST_TEXT
from claims.domain.values.intervals import disjoint, plain, same
from claims.domain.values.money import read_money
from claims.domain.values.quantities import read_quantity
from claims.domain.values.units import Unit, _spellings, comparable, named, unit
from tests.claims.domain.values.specimens import every_specimen

UNITS = sorted({found.name for meant in _spellings()[0].values() for found in meant})
WORDS = sorted({word for row in every_specimen() for word in row["printed"].split()})
SIGNS = [
    "-",
    "\u2013",
    "+",
    "~",
    "(",
    ".",
    ",",
    "\u00a0",
    "\u200b",
    "\x00",
    "%",
    "$",
    "\ud800",
    "½",
    "²",
    "１",
]

numbers = st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=2).map(abs)
signed = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=1)
texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS + SIGNS), max_size=7).flatmap(
        lambda words: st.sampled_from(["", " "]).map(lambda sign: sign.join(words))
    ),
)


def as_set(text: str) -> Interval:
    return read_quantity(text, ("t",)).interval


def factor(name: str) -> Fraction:
    return unit(name).factor


@given(st.sampled_from(TYPES), texts, st.sampled_from(["", "t", "GWh/year|t/year", "USD", "no unit"]))
def test_any_text_is_read_or_refused(value_type: str, text: str, given_unit: str) -> None:
    understood = understand(value_type, text, unit=given_unit)
    assert understood.input == text
    assert (understood.refused is None) == (understood.low is not None or understood.high is not None) or (
        value_type == "date"
    )
    if understood.refused is None and understood.interval and understood.low and understood.high:
        assert Decimal(understood.low) <= Decimal(understood.high)


@given(signed)
def test_a_plain_number_may_mean_itself(number: Decimal) -> None:
    assert number in as_set(plain(number))


@given(signed)
def test_exactly_a_number_means_nothing_else(number: Decimal) -> None:
    assert as_set(f"exactly {plain(number)}") == Interval(number, number)


@given(numbers)
def test_hedges_leave_room_for_the_number_they_hedge(number: Decimal) -> None:
    printed = plain(number)
    read = as_set(printed)
    assert as_set(f"about {printed}").holds(read)
    for bound in (f"at least {printed}", f"up to {printed}", f"over {printed}", f"less than {printed or 1}"):
        assert not disjoint(as_set(bound), read, Fraction(1), Fraction(1)), bound
    assert as_set(f"at least about {printed}").holds(as_set(f"at least {printed}"))


@given(numbers, numbers)
def test_a_range_holds_its_ends_and_no_more(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    read = as_set(f"{plain(low)}–{plain(high)}")
    assert read == Interval(low, high) == as_set(f"between {plain(low)} and {plain(high)}")


@given(st.integers(min_value=0, max_value=10**12))
def test_grouping_changes_nothing(number: int) -> None:
    printed = [
        f"{number:,}",
        f"{number:,}".replace(",", " "),
        f"{number:,}".replace(",", "\u202f"),
        str(number),
    ]
    assert len({understand("quantity", text).interval for text in printed}) == 1


@given(numbers, st.sampled_from([name for name in UNITS if name != "1"]))
def test_what_is_printed_from_a_reading_is_read_the_same(number: Decimal, name: str) -> None:
    read = read_quantity(f"exactly {plain(number)} {name}", (name,))
    assert read_quantity(f"exactly {plain(number)} {read.measure[0]}", (name,)) == read
    assert read.measure == (name,)


@given(numbers, st.sampled_from(["USD", "CAD", "JPY", "EUR"]))
def test_an_amount_is_the_same_with_its_code_on_either_side(number: Decimal, code: str) -> None:
    printed = plain(number)
    assert read_money(f"{code} {printed}") == read_money(f"{printed} {code}") == read_money(printed, (code,))


@given(signed, st.sampled_from([(a, b) for a in UNITS for b in UNITS if comparable(a, b)]))
def test_conversion_there_and_back_is_no_change(number: Decimal, pair: tuple[str, str]) -> None:
    a, b = pair
    there = as_set(plain(number)).scaled(factor(a) / factor(b))
    back = there.scaled(factor(b) / factor(a))
    read = as_set(plain(number))
    assert back.holds(read)
    assert same(read, read, factor(a), factor(a))
    assert read.low is not None and back.low is not None
    assert abs(back.low - read.low) <= abs(read.low) * Decimal("1e-40") + Decimal("1e-40")


@given(signed, signed)
def test_two_numbers_are_apart_whichever_comes_first(a: Decimal, b: Decimal) -> None:
    one, other = as_set(plain(a)), as_set(plain(b))
    apart = disjoint(one, other, Fraction(1), Fraction(3))
    assert apart == disjoint(other, one, Fraction(3), Fraction(1))


def test_every_canonical_name_names_one_unit() -> None:
    assert all(named(name) == (unit(name),) for name in UNITS)


def test_spellings_in_small_letters_name_no_more_than_what_they_fold() -> None:
    exact, folded = _spellings()
    assert all(set(meant) <= set(folded[spelling.lower()]) for spelling, meant in exact.items())


@pytest.mark.parametrize(
    ("spelling", "name", "dimension", "held"),
    [
        ("kWh", "kWh", "energy", 3_600_000),
        ("tonnes per year", "t/year", "mass/time", Fraction(10**6, 31_557_600)),
        ("short tons", "short ton", "mass", Fraction(90718474, 100)),
        ("ppm", "ppm", "ratio", Fraction(1, 10_000)),
    ],
)
def test_unit_holds_so_many_of_its_base_unit(
    spelling: str, name: str, dimension: str, held: Fraction
) -> None:
    assert named(spelling) == (Unit(name, dimension, Fraction(held)),)


def test_kilotonnes_are_not_knots_and_percent_is_no_percentage_point() -> None:
    assert factor("kt") == 1000 * factor("t")
    assert not comparable("%", "pp")
    assert not comparable("GWh", "GWh/year")
    assert not comparable("MW", "MWh/year")


HOSTILE = [
    "9" * LONGEST_TEXT,
    "9" * 10**6,
    "1" + " 000" * 49,
    "-" * LONGEST_TEXT,
    "1-" * 99,
    "~" * LONGEST_TEXT,
    "about " * 33,
    "a" * LONGEST_TEXT,
    "1 " * 99,
    "one hundred and " * 12,
    "1 per " * 33,
    "+" * LONGEST_TEXT,
    "1" + "," * 199,
    "1 to " * 40,
    "$" * LONGEST_TEXT,
    "(" * LONGEST_TEXT,
    "1/" * 99,
    "9**9**9",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:8]}… {len(text)} characters")
def test_hostile_text_is_refused_at_once(text: str) -> None:
    started = time.process_time()
    assert all(understand(value_type, text).refused for value_type in TYPES)
    assert time.process_time() - started < 0.5
