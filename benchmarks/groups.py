"""How finding conflicts grows with the claims of one subject and predicate, by the shape of such a group.

    python -m benchmarks.groups [--claims 500,1000,2000]

Prints a table in Markdown. Nothing is read from a database. The peer compares every claim with every other.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from time import perf_counter

from benchmarks.telling import choose, tell
from claims.domain.comparing import Rate, Statement, Terms, Verdict, compare
from claims.domain.comparing.positions import clashes
from claims.domain.values import understand
from evidence.domain import dates

FIRST_DAY = date(1990, 1, 1)
RATED = dates.read("2020")
PEER_UP_TO = 500
"""Claims of which the peer compares every pair; it grows with their square."""


def _price(number: int) -> Statement:
    day = (FIRST_DAY + timedelta(days=number)).isoformat()
    return Statement(
        value=understand("money", f"US${number % 70 + 10}.{number % 90 + 10}"), when=dates.read(day)
    )


def _status(number: int) -> Statement:
    return Statement(code="closed" if number % 50 == 0 else "open")


def _least(number: int) -> Statement:
    return Statement(value=understand("quantity", f"at least {number + 1} t"))


def _weight(number: int) -> Statement:
    return Statement(value=understand("quantity", f"{number + 100} t"))


def _amount(number: int) -> Statement:
    return Statement(value=understand("money", f"{('CAD', 'EUR')[number % 2]} {number + 100}M"), rated=RATED)


class YearlyRates:
    """One rate for all days."""

    def between(self, bought: str, paid: str, first: date, last: date) -> Rate:
        """The same for whichever currencies and days."""
        return Rate(Decimal("1.4"), Decimal("1.5"), f"{first}/{last}", f"{bought} in {paid}")


Shape = tuple[Callable[[int], Statement], Terms]

SHAPES: dict[str, Shape] = {
    "a price of every day": (_price, Terms("money", True, "momentary")),
    "a status that documents repeat": (_status, Terms("code", True, "lasting")),
    "other values at any time, which agree": (_least, Terms("quantity", True, "timeless")),
    "other values at any time, which conflict": (_weight, Terms("quantity", True, "timeless")),
    "the same in two currencies": (_amount, Terms("money", True, "timeless")),
}


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    chosen = choose(__doc__, "500,1000,2000", arguments)
    tell("| shape | claims | pairs that conflict | seconds | growth | × all pairs |")
    tell("|---|---:|---:|---:|---:|---:|")
    for name, (state, terms) in SHAPES.items():
        before = None
        for size in chosen.sizes:
            statements = {f"c{number}": state(number) for number in range(size)}
            started = perf_counter()
            pairs = sum(clash.pairs for clash in clashes(statements, terms, YearlyRates()))
            seconds = perf_counter() - started
            growth = f"{seconds / before:.1f}" if before else "–"
            peer = _peer(statements, terms) if size <= PEER_UP_TO else None
            ratio = f"{seconds / peer:.3f}" if peer else "–"
            tell(f"| {name} | {size:,} | {pairs:,} | {seconds:.3f} | {growth} | {ratio} |")
            before = seconds


def _peer(statements: Mapping[str, Statement], terms: Terms) -> float:
    started, rates = perf_counter(), YearlyRates()
    for a, b in combinations(statements.values(), 2):
        _ = compare(a, b, terms, rates).verdict is Verdict.CONFLICTING
    return perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1:])
