"""Exchange rates: what the European Central Bank published, its quotients, and where it published nothing."""

import tracemalloc
from datetime import date, timedelta
from decimal import Decimal

import pytest
from currency_converter import CurrencyConverter
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.comparing import Rate
from claims.services.rates import EURO, ReferenceRates, published

RATES = ReferenceRates()
CURRENCIES = ("USD", "CAD", "JPY", "CNY", "GBP", EURO)


@pytest.fixture(scope="module")
def oracle() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)


def rate(bought: str, paid: str, first: str, last: str = "") -> Rate | None:
    return RATES.between(bought, paid, date.fromisoformat(first), date.fromisoformat(last or first))


def ends(found: Rate | None) -> tuple[str, str, str]:
    assert found is not None
    return str(found.lowest), str(found.highest), found.days


def test_a_euro_costs_what_was_published() -> None:
    assert rate("EUR", "USD", "2014-03-28") == Rate(Decimal("1.3759"), Decimal("1.3759"), "2014-03-28", "ECB")


@pytest.mark.parametrize("paid", CURRENCIES)
@pytest.mark.parametrize("bought", CURRENCIES)
def test_every_quotient_is_the_converters_own_and_rounded_outward(
    bought: str, paid: str, oracle: CurrencyConverter
) -> None:
    for day in ("2008-07-10", "2014-03-28", "2022-06-09", "2024-02-29"):
        found = rate(bought, paid, day)
        assert found is not None
        expected = oracle.convert(Decimal(1), bought, paid, date.fromisoformat(day))
        assert found.lowest <= found.highest
        assert abs(found.lowest - expected) <= abs(expected) * Decimal("1e-26")
        assert abs(found.highest - expected) <= abs(expected) * Decimal("1e-26")


def test_a_period_has_the_lowest_and_the_highest_of_its_days(oracle: CurrencyConverter) -> None:
    of_days = [
        oracle.convert(Decimal(1), "CAD", "USD", day)
        for day in (date(2023, 9, number) for number in range(1, 31))
        if day.weekday() < 5
    ]
    found = rate("CAD", "USD", "2023-09-01", "2023-09-30")
    assert found is not None
    assert found.days == "2023-09-01/2023-09-29"
    assert format(found.lowest, ".20f") == format(min(of_days), ".20f")
    assert format(found.highest, ".20f") == format(max(of_days), ".20f")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2023-09-02", "2023-09-02", "2023-09-01"),  # a Saturday
        ("2023-09-02", "2023-09-03", "2023-09-01"),
        ("2023-09-02", "2023-09-04", "2023-09-04"),
        ("2023-09-03", "2023-09-05", "2023-09-04/2023-09-05"),
        ("2023-04-10", "2023-04-10", "2023-04-06"),  # Easter Monday
        ("2023-12-25", "2023-12-26", "2023-12-22"),
        ("1998-05-01", "1999-01-05", "1999-01-04/1999-01-05"),
        ("0001-01-01", "1999-01-04", "1999-01-04"),
    ],
)
def test_the_days_named_are_those_of_publication(first: str, last: str, days: str) -> None:
    assert ends(rate("EUR", "USD", first, last))[2] == days


def test_an_open_end_reaches_as_far_as_the_rates_do() -> None:
    days = published().days
    found = RATES.between("CAD", "USD", date.min, date.max)
    assert found is not None
    assert found.days == f"1999-01-04/{days[-1]}"


@pytest.mark.parametrize(
    ("bought", "paid", "first", "last"),
    [
        ("EUR", "USD", "1998-12-31", "1998-12-31"),
        ("EUR", "USD", "1999-01-01", "1999-01-03"),
        ("EUR", "USD", "9999-01-01", "9999-12-31"),
        ("DEM", "USD", "1999-01-04", "1999-01-04"),
        ("DEM", "EUR", "2001-06-01", "2001-06-01"),
        ("TWD", "USD", "2022-06-09", "2022-06-09"),
        ("", "USD", "2022-06-09", "2022-06-09"),
        ("USD", "usd", "2022-06-09", "2022-06-09"),
        ("ISK", "USD", "2012-01-01", "2012-12-31"),
        ("RUB", "USD", "2022-03-02", "2022-03-02"),
        ("RUB", "USD", "2022-03-05", "2022-03-06"),
        ("CNY", "USD", "2005-03-31", "2005-03-31"),
        ("EEK", "USD", "2011-01-03", "2011-12-31"),
    ],
)
def test_where_nothing_was_published_there_is_no_rate(bought: str, paid: str, first: str, last: str) -> None:
    assert rate(bought, paid, first, last) is None
    assert rate(paid, bought, first, last) is None


def test_a_currency_that_was_dropped_has_the_rates_of_the_days_before() -> None:
    assert ends(rate("RUB", "USD", "2022-01-01", "2022-12-31"))[2] == "2022-01-03/2022-03-01"


def test_the_weekend_after_the_last_day_has_its_rate_and_the_next_monday_none() -> None:
    last = published().days[-1]
    friday = last.weekday() == 4
    later = [RATES.between("EUR", "USD", last + timedelta(days=days), date.max) for days in (1, 3)]
    assert (later[0] is not None) == friday
    assert later[1] is None


def test_days_of_publication_are_in_order_and_every_column_has_as_many_prices() -> None:
    found = published()
    assert list(found.days) == sorted(set(found.days))
    assert {len(prices) for prices in found.millionths.values()} == {len(found.days)}
    assert min(map(min, found.millionths.values())) >= 0


days = st.dates(date(1999, 1, 4), date(2025, 12, 31))


@given(days, days, st.sampled_from(CURRENCIES), st.sampled_from(CURRENCIES))
def test_there_and_back_costs_nothing(a: date, b: date, bought: str, paid: str) -> None:
    first, last = sorted((a, b))
    there, back = RATES.between(bought, paid, first, last), RATES.between(paid, bought, first, last)
    if there is None or back is None:
        assert there is back is None
    else:
        assert there.days == back.days
        assert abs(there.lowest * back.highest - 1) < Decimal("1e-25")
        assert there.lowest * back.lowest <= 1 + Decimal("1e-25")


@given(days, days, days, days, st.sampled_from(CURRENCIES))
def test_a_longer_period_has_no_narrower_rates(a: date, b: date, c: date, d: date, paid: str) -> None:
    first, second, third, fourth = sorted((a, b, c, d))
    inner, outer = RATES.between("CAD", paid, second, third), RATES.between("CAD", paid, first, fourth)
    if inner and outer and third > second and len(inner.days) > len("2000-01-01"):
        assert outer.lowest <= inner.lowest <= inner.highest <= outer.highest


def test_all_rates_take_little_memory() -> None:
    published.cache_clear()
    tracemalloc.start()
    published()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 8_000_000
    assert peak < 24_000_000
