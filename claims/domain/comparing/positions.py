"""Claims of one subject and predicate, grouped into the positions that cannot all be true.

A clash is what a conflict records: the claims of which each gets the verdict `conflicting` with some other, in
positions, so that the values of one position agree pairwise. The claims are taken in the order of their names and
each joins the first position with which it agrees, so that positions do not depend on the order of arrival. Where a
predicate takes an object beside its value, each object has a clash of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from claims.domain.comparing.pairs import compare
from claims.domain.comparing.separators import kept_apart, times
from claims.domain.comparing.statements import ENTITY, TEXT, Rates, Statement, Terms
from claims.domain.comparing.verdicts import Comparison, Verdict

Positions = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims by name, and how they stand to each other."""

    a: str
    b: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Clash:
    """Claims about one object (empty where there is none beside the value) that cannot all be true."""

    about: str
    positions: Positions
    pairs: tuple[Pair, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """The claims, in the order of their names."""
        return tuple(sorted(name for position in self.positions for name in position))


def clashes(statements: Mapping[str, Statement], terms: Terms, rates: Rates) -> list[Clash]:
    """The clashes among the claims of one subject and predicate, by object."""
    if terms.value_type == TEXT:
        return []
    found: dict[str, list[Pair]] = {}
    for a, b in _candidates(statements, terms):
        comparison = compare(statements[a], statements[b], terms, rates)
        if comparison.verdict is Verdict.CONFLICTING:
            found.setdefault(_about(statements[a], terms), []).append(Pair(a, b, comparison))
    return [_clash(about, pairs, statements, terms, rates) for about, pairs in sorted(found.items())]


def positions(
    members: Sequence[str], statements: Mapping[str, Statement], terms: Terms, rates: Rates
) -> Positions:
    """The members grouped so that those of one position agree pairwise."""
    grouped: list[list[str]] = []
    for name in sorted(members):
        fitting = (
            position
            for position in grouped
            if all(compare(statements[name], statements[other], terms, rates).agree for other in position)
        )
        if (position := next(fitting, None)) is None:
            grouped.append([name])
        else:
            position.append(name)
    return tuple(map(tuple, grouped))


def _clash(
    about: str, pairs: list[Pair], statements: Mapping[str, Statement], terms: Terms, rates: Rates
) -> Clash:
    members = sorted({name for pair in pairs for name in (pair.a, pair.b)})
    ordered = sorted(pairs, key=lambda pair: (pair.a, pair.b))
    return Clash(about, positions(members, statements, terms, rates), tuple(ordered))


def _about(statement: Statement, terms: Terms) -> str:
    """The one object beside the value; where it is ambiguous, no verdict is `conflicting`."""
    return "" if terms.value_type == ENTITY else "".join(statement.objects)


def _candidates(statements: Mapping[str, Statement], terms: Terms) -> Iterator[tuple[str, str]]:
    """The pairs that nothing sets apart and that may conflict, each in the order of their names."""
    lots: dict[object, list[str]] = {}
    for name in sorted(statements):
        lots.setdefault(kept_apart(statements[name], terms), []).append(name)
    for lot in lots.values():
        denials = sum(statements[name].negated for name in lot)
        if terms.single_valued or 0 < denials < len(lot):
            yield from _at_one_time(lot, statements, terms)


def _at_one_time(
    lot: list[str], statements: Mapping[str, Statement], terms: Terms
) -> Iterator[tuple[str, str]]:
    """The pairs whose times may meet: those that may hold on any day with all, the others as their days come."""
    spans = {name: _span(statements[name], terms) for name in lot}
    always = [name for name in lot if spans[name] is None]
    yield from combinations(always, 2)
    dated = sorted((span, name) for name, span in spans.items() if span is not None)
    running: list[tuple[date, str]] = []
    for (first, last), name in dated:
        running = [(until, other) for until, other in running if until >= first]
        for other in (*always, *(other for _, other in running)):
            yield (name, other) if name < other else (other, name)
        running.append((last, name))


def _span(statement: Statement, terms: Terms) -> tuple[date, date] | None:
    """The first and the last day on which the statement may hold; None where that may be any day."""
    stretches = times(statement, terms)
    if not stretches:
        return None
    return (
        min(stretch.earliest or date.min for stretch in stretches),
        max(stretch.latest or date.max for stretch in stretches),
    )
