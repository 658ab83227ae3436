"""Shares of ownership: what a printed share cannot be, what it plainly is, and who controls whom."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.stakes import Holding, StakeRefused, check_stake, plain_stake, total

shares = st.decimals(0, 100, places=2)


@pytest.mark.parametrize(
    "printed",
    [
        "4.9%",
        "100%",
        "0%",
        "about 5%",
        "4,9 %",
        "over 50 percent",
        "30–40%",
        "49",
        "less than 5 per cent",
        "4.9% (5,498,355 shares)",
        "49.9% for US$100M in 2020",
        "a stake",
        "an undisclosed stake of 2020",
    ],
)
def test_shares_that_may_be(printed: str) -> None:
    check_stake(printed)


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("101%", "“101%” is above 100 %; a share lies between 0 and 100 %."),
        ("100.01", "“100.01” is above 100 %; a share lies between 0 and 100 %."),
        ("90–110%", "“90–110%” is above 100 %; a share lies between 0 and 100 %."),
        ("-5%", "“-5%” is negative; a share lies between 0 and 100 %."),
        ("−5%", "“−5%” is negative; a share lies between 0 and 100 %."),
        ("1,000%", "“1,000%” is above 100 %; a share lies between 0 and 100 %."),
        ("120% of 5", "“120% of 5” is above 100 %; a share lies between 0 and 100 %."),
        (
            "1.500%",
            "“1.500%”: it may be read as 1.4995–1.5005 % or 1,499.5–1,500.5 %; write the one that is meant.",
        ),
        ("double", "“double”: it is not a percentage, but in 1; look at the predicate."),
        ("60–40%", "“60–40%”: the range ends below its start; look at the source again."),
    ],
)
def test_shares_that_cannot_be(printed: str, said: str) -> None:
    with pytest.raises(StakeRefused) as refused:
        check_stake(printed)
    assert str(refused.value) == said


@given(shares, st.sampled_from(["", "%", " %", " percent", " per cent"]))
def test_a_plain_share_is_read_as_it_stands(share: Decimal, sign: str) -> None:
    check_stake(f"{share}{sign}")
    assert plain_stake(f"{share}{sign}") == share


@pytest.mark.parametrize(
    "printed", ["", "about 5%", "over 50%", "30–40%", "4,9%", "up to 5%", "5+%", "5% of A"]
)
def test_approximations_and_bounds_are_not_plain(printed: str) -> None:
    assert plain_stake(printed) is None


@pytest.mark.parametrize(
    ("printed", "controls"),
    [("", True), ("50%", False), ("50.01%", True), ("100", True), ("4.9%", False), ("over 60%", False)],
)
def test_who_is_a_parent(printed: str, controls: bool) -> None:
    assert Holding("LG", "LGES", plain_stake(printed), bool(printed)).controls is controls


@given(st.lists(st.none() | shares))
def test_only_plain_shares_are_added(percents: list[Decimal | None]) -> None:
    holdings = [Holding("one", "other", percent, stated=True) for percent in percents]
    assert total(holdings) == sum((share for share in percents if share is not None), Decimal(0))
