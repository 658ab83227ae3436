"""Laws of clashes: found by sorts of claims, they are what comparing every claim with every other gives."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.domain.comparing import Rates, Statement, Terms, Verdict, compare
from claims.domain.comparing.pairs import agree, contradict
from claims.domain.comparing.positions import Clash, Extent, clashes, positions
from claims.domain.values import understand
from evidence.domain import dates
from tests.claims.domain.comparing.fixed_rates import FixedRates
from tests.claims.domain.comparing.test_pairs import states, terms

MONEY = ("US$10M", "$10 million", "$13 million", "CAD 13.5M", "€10M", "€300M", "some money")
NAMES = ("chem", "energy", "chem|energy", "basf")
WORDS = {"money": MONEY, "entity": NAMES, "code": ("open", "Open", "closed"), "text": ("well", "badly")}
TIMES = ("", "2020", "2020-06", "2021", "2020/..")

qualifiers = st.fixed_dictionaries(
    {},
    optional={
        "negated": st.booleans(),
        "scope": st.just("pilot"),
        "modality": st.sampled_from(["actual", "planned"]),
        "when": st.sampled_from(TIMES[1:]),
        "published": st.sampled_from(["2020-06-15", "2020-06-15|2021"]),
        "sources": st.sampled_from(["a", "b", "a|b"]),
    },
)


@st.composite
def groups(draw: st.DrawFn) -> tuple[dict[str, Statement], Terms]:
    """Some claims of a predicate of any kind, named in any order."""
    value_type = draw(st.sampled_from(sorted(WORDS)))
    of = terms(
        value_type,
        draw(st.sampled_from(["timeless", "lasting", "momentary"])),
        single_valued=value_type != "text" and draw(st.booleans()),
    )
    said = draw(st.lists(st.tuples(st.sampled_from(WORDS[value_type]), qualifiers), max_size=9))
    about = st.sampled_from([{}, {"objects": "lfp"}, {"objects": "lfp|lnmo"}])
    objects: list[dict[str, Any]] = [{} if value_type == "entity" else draw(about) for _ in said]
    rated = {"rated": "2020"} if value_type == "money" else {}
    found = [
        states(value_type, value, **others, **rated, **of_object)
        for (value, others), of_object in zip(said, objects, strict=True)
    ]
    names = draw(st.permutations([f"c{number}" for number in range(len(found))]))
    return dict(zip(names, found, strict=True)), of


def pair_by_pair(statements: Mapping[str, Statement], of: Terms, rates: Rates) -> list[Clash]:
    """The clashes as their definition has them."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for a, b in combinations(sorted(statements), 2):
        if compare(statements[a], statements[b], of, rates).verdict is Verdict.CONFLICTING:
            about = "" if of.value_type == "entity" else "|".join(sorted(statements[a].objects))
            pairs.setdefault(about, []).append((a, b))
    found = []
    for about, conflicting in sorted(pairs.items()):
        sources = [(statements[a].sources, statements[b].sources) for a, b in conflicting]
        cited = [(one, other) for one, other in sources if one and other]
        a, b = conflicting[0]
        found.append(
            Clash(
                about,
                greedily(sorted({name for pair in conflicting for name in pair}), statements, of, rates),
                len(conflicting),
                compare(statements[a], statements[b], of, rates),
                Extent(
                    any(one & other for one, other in cited), any(not one & other for one, other in cited)
                ),
            )
        )
    return found


def greedily(
    members: Sequence[str], statements: Mapping[str, Statement], of: Terms, rates: Rates
) -> tuple[tuple[str, ...], ...]:
    """Each claim in the first position with all of which it agrees."""
    grouped: list[list[str]] = []
    for name in members:
        for position in grouped:
            if all(compare(statements[name], statements[other], of, rates).agree for other in position):
                position.append(name)
                break
        else:
            grouped.append([name])
    return tuple(map(tuple, grouped))


@given(groups())
def test_clashes_are_those_of_all_pairs(group: tuple[dict[str, Statement], Terms]) -> None:
    statements, of = group
    assert clashes(statements, of, FixedRates()) == pair_by_pair(statements, of, FixedRates())


@given(groups())
def test_positions_are_those_of_all_pairs(group: tuple[dict[str, Statement], Terms]) -> None:
    statements, of = group
    assert positions(sorted(statements), statements, of, FixedRates()) == greedily(
        sorted(statements), statements, of, FixedRates()
    )


@given(groups())
def test_what_is_said_without_words_is_the_verdict(group: tuple[dict[str, Statement], Terms]) -> None:
    statements, of = group
    for a, b in combinations(statements.values(), 2):
        comparison = compare(a, b, of, FixedRates())
        assert contradict(a, b, of, FixedRates()) == (comparison.verdict is Verdict.CONFLICTING)
        assert agree(a, b, of, FixedRates()) == comparison.agree


def test_what_ten_thousand_claims_repeat_is_compared_once() -> None:
    compared = 0

    class CountingRates(FixedRates):
        def between(self, *asked: Any) -> Any:
            nonlocal compared
            compared += 1
            return super().between(*asked)

    said = ("CAD 13.5M", "US$300M")
    statements = {
        f"c{number}": Statement(
            value=understand("money", said[number % 2]),
            rated=dates.read("2020"),
            sources=frozenset([f"s{number}"]),
        )
        for number in range(10_000)
    }
    (clash,) = clashes(statements, terms("money"), CountingRates())
    assert (clash.pairs, len(clash.members), len(clash.positions)) == (25_000_000, 10_000, 2)
    assert compared < 5
