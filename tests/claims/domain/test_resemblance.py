"""Which names may be one thing, and which are not, however close they look."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.resemblance import Described, fold, resemblance, resembling


def described(row: int, *names: str, **more: Any) -> Described:
    return Described(row, more.pop("type", "company"), names, **more)


def reasons(one: str, other: str, type_: str = "company") -> tuple[str, ...]:
    found = resemblance(described(1, one, type=type_), described(2, other, type=type_))
    return found.reasons if found else ()


ALIKE = [
    ("LG Chem", "LG Chem Ltd."),
    ("LG Chem", "lg chem, ltd"),
    ("Sumitomo Metal Mining", "Sumitomo Metal Mining Co., Ltd."),
    ("Nano One Materials Corp.", "Nano One Materials"),
    ("Toyota Motor Corp.", "Toyota Motor K.K."),
    ("BASF SE", "BASF"),
    ("Investissement Québec", "Investissement Quebec"),
    ("U.S. Steel", "US Steel"),
    ("Saint-Gobain", "Saint Gobain S.A."),
    ("NanoOne Materials", "Nano One Materials"),
    ("Johnson & Matthey", "Johnson and Matthey plc"),
    ("The Coca-Cola Company", "Coca-Cola Co"),
    ("Łódź Batteries Sp.", "Lodz Batteries Sp."),
    ("株式会社トヨタ", "トヨタ"),
    ("엘지화학 주식회사", "엘지화학"),
    ("Nano One Materails", "Nano One Materials"),
    ("LG Energy Soluton", "LG Energy Solution"),
    ("LG Energy Solutions", "LG Energy Solution"),
    ("Sumitmo Metal Minning", "Sumitomo Metal Mining"),
    ("Umicor", "Umicore"),
    ("LG Chemm", "LG Chem"),
]

APART = [
    ("LG Energy Solution", "LG Chem"),
    ("LG", "LG Chem"),
    ("LG", "SK"),
    ("SK Inc.", "LG Inc."),
    ("One-Pot", "LPF"),
    ("LPF", "LFP"),
    ("BYD", "BYP"),
    ("POSCO", "POSCO Holdings"),
    ("Plant 1", "Plant 2"),
    ("NMC811", "NMC622"),
    ("Rio Tinto", "Rio Tinto Fer et Titane"),
    ("North America", "South America"),
    ("Government of Japan", "Government of Canada"),
    ("Worley Comprimo", "Worley Chemetics"),
    ("A-samples", "B-samples"),
    ("", ""),
    ("---", "..."),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=[one for one, _ in ALIKE])
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    (told,) = reasons(one, other)
    assert told.startswith(f"names alike: “{one}” and “{other}”")
    assert reasons(other, one)


@pytest.mark.parametrize(("one", "other"), APART, ids=[f"{one}, {other}" for one, other in APART])
def test_names_of_different_things_are_not(one: str, other: str) -> None:
    assert reasons(one, other) == ()


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("LG Chem", "LG Chem", "same name “LG Chem”"),
        ("Umicor", "Umicore", "names alike: “Umicor” and “Umicore” (one letter apart)"),
        (
            "Sumitmo Minning",
            "Sumitomo Mining",
            "names alike: “Sumitmo Minning” and “Sumitomo Mining” (2 letters apart)",
        ),
        (
            "Blondal, Dan",
            "Dr. Dan Blondal",
            "names alike: “Blondal, Dan” and “Dr. Dan Blondal” (the same words in another order)",
        ),
    ],
)
def test_a_reason_says_how_the_names_are_alike(one: str, other: str, told: str) -> None:
    assert reasons(one, other, "person") == (told,)


@pytest.mark.parametrize(
    ("type_", "name", "words"),
    [
        ("company", "Co", ("co",)),
        ("company", "AG", ("ag",)),
        ("company", "Smith & Co. KG", ("smith",)),
        ("topic", "Battery AG", ("battery", "ag")),
        ("person", "Prof. Dr. Laine", ("laine",)),
        ("person", "Dr.", ("dr",)),
        ("company", "O'Brien’s", ("obriens",)),
        ("company", "가나다", ("가나다",)),
    ],
)
def test_a_name_is_folded_to_its_words(type_: str, name: str, words: tuple[str, ...]) -> None:
    assert fold(name, type_) == words


def test_a_shared_identifier_says_more_than_any_name() -> None:
    ticker = frozenset({("ticker", "TSX: NANO")})
    found = resemblance(described(1, "Nano", identifiers=ticker), described(2, "NNO", identifiers=ticker))
    assert found is not None
    assert (found.score, found.reasons) == (100, ("same ticker TSX: NANO",))
    both = resemblance(described(1, "NNO", identifiers=ticker), described(2, "NNO", identifiers=ticker))
    assert both is not None
    assert both.reasons == ("same ticker TSX: NANO", "same name “NNO”")


def test_a_short_alias_that_two_have_says_nothing_and_as_a_name_it_does() -> None:
    assert resemblance(described(1, "LG Chem", "LG"), described(2, "LG Display", "LG")) is None
    assert resemblance(described(1, "LG"), described(2, "LG Display", "LG")) is not None
    assert (
        resemblance(described(1, "LG Chem", "LG Group"), described(2, "LG Display", "LG Group")) is not None
    )


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ({"marks": {"number": frozenset("1")}}, {"marks": {"number": frozenset("2")}}, False),
        ({"marks": {"number": frozenset("1")}}, {"marks": {"number": frozenset("12")}}, True),
        ({"marks": {"number": frozenset("1")}}, {"marks": {"number": frozenset()}}, True),
        ({"days": (date(2020, 1, 1), date(2020, 12, 31))}, {"days": (date(2021, 1, 1), date.max)}, False),
        ({"days": (date(2020, 1, 1), date(2020, 12, 31))}, {"days": (date.min, date(2020, 1, 1))}, True),
    ],
)
def test_what_cannot_be_one_thing_is_none_by_its_name(
    a: dict[str, Any], b: dict[str, Any], alike: bool
) -> None:
    found = resemblance(described(1, "Trade mission", **a), described(2, "Trade mission", **b))
    assert (found is not None) is alike


WORDS = st.sampled_from(
    (
        "nano",
        "none",
        "once",
        "chem",
        "chemm",
        "energy",
        "soluton",
        "solution",
        "lg",
        "sk",
        "811",
        "622",
        "mettal",
        "metal",
    )
)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=2), min_size=2, max_size=6))
def test_blocking_finds_every_pair_that_comparing_all_finds(names: list[list[str]]) -> None:
    all_of = [described(row, *own) for row, own in enumerate(names)]
    pairs = [found for a, b in combinations(all_of, 2) if (found := resemblance(a, b)) is not None]
    assert {(one.a, one.b, one.score) for one in resembling(all_of)} == {
        (one.a, one.b, one.score) for one in pairs
    }


@given(st.text("abcdefgh", min_size=5, max_size=12), st.integers(0, 11), st.sampled_from("xyz"))
def test_any_one_letter_of_a_long_word_may_be_wrong(word: str, place: int, letter: str) -> None:
    place %= len(word)
    more, another = word[:place] + letter + word[place:], word[:place] + letter + word[place + 1 :]
    found = resembling([described(1, word), described(2, more), described(3, another)])
    assert {(one.a, one.b) for one in found} >= {(1, 2), (1, 3)}


def test_what_very_many_are_called_is_not_compared_in_all_pairs() -> None:
    many = [described(row, "Joint development agreement") for row in range(300)]
    assert len(list(resembling(many))) < 300 * 11
