"""Claims of one subject and predicate, grouped into the positions that cannot all be true.

A clash is what a conflict records: the claims of which each gets the verdict `conflicting` with some other, in
positions, so that the values of one position agree pairwise. The claims are taken in the order of their names and
each joins the first position with which it agrees, so that positions do not depend on the order of arrival. Where a
predicate takes an object beside its value, each object has a clash of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product

from claims.domain.comparing.pairs import compare
from claims.domain.comparing.separators import dated, kept_apart, times
from claims.domain.comparing.sorts import Sorts
from claims.domain.comparing.statements import ENTITY, TEXT, Rates, Statement, Terms
from claims.domain.comparing.verdicts import Comparison

OR = "|"  # between what an ambiguous object may be

Positions = tuple[tuple[str, ...], ...]
Sources = frozenset[str]


@dataclass(frozen=True, slots=True)
class Extent:
    """Whether claims disagree within one source, and between sources; those without a source say neither."""

    within_a_source: bool = False
    between_sources: bool = False


NOWHERE, EVERYWHERE = Extent(), Extent(within_a_source=True, between_sources=True)


@dataclass(frozen=True, slots=True)
class Clash:
    """Claims about one object that cannot all be true."""

    about: str
    """The object (empty where there is none beside the value), or the objects that it may be, joined by OR."""
    positions: Positions
    pairs: int
    """How many pairs of them conflict."""
    first: Comparison
    """Of the first such pair by name."""
    extent: Extent

    @property
    def members(self) -> tuple[str, ...]:
        """The claims, in the order of their names."""
        return tuple(sorted(name for position in self.positions for name in position))


@dataclass(slots=True)
class _Clashing:
    """What is known of a clash while the pairs of sorts that conflict come in."""

    sorts: set[int] = field(default_factory=set)
    pairs: int = 0
    first: tuple[str, ...] = ()
    extent: Extent = NOWHERE


def clashes(statements: Mapping[str, Statement], terms: Terms, rates: Rates) -> list[Clash]:
    """The clashes among the claims of one subject and predicate, by object."""
    if terms.value_type == TEXT:
        return []
    sorts = Sorts(statements, terms, rates)
    found: dict[str, _Clashing] = {}
    for one, other in _candidates(sorts.stated, terms):
        if sorts.contradict(one, other):
            clashing = found.setdefault(_about(sorts.stated[one], terms), _Clashing())
            _add(clashing, one, other, sorts, statements)
    return [_clash(about, found[about], sorts, statements) for about in sorted(found)]


def positions(
    members: Sequence[str], statements: Mapping[str, Statement], terms: Terms, rates: Rates
) -> Positions:
    """The members grouped so that those of one position agree pairwise."""
    return _grouped(Sorts({name: statements[name] for name in members}, terms, rates), sorted(members))


def extent(cited: Iterable[tuple[Sources, Sources]]) -> Extent:
    """Within which sources the two of each pair disagree, given the sources of both."""
    within, between = False, False
    for one, other in cited:
        if one and other:
            apart = one.isdisjoint(other)
            within, between = within or not apart, between or apart
        if within and between:
            break
    return Extent(within, between)


def _add(
    clashing: _Clashing, one: int, other: int, sorts: Sorts, statements: Mapping[str, Statement]
) -> None:
    """Add the claims of two sorts that conflict, which all do with each other."""
    claims, others = sorts.claims[one], sorts.claims[other]
    first = (claims[0], others[0]) if claims[0] < others[0] else (others[0], claims[0])
    clashing.sorts.add(one)
    clashing.sorts.add(other)
    clashing.pairs += len(claims) * len(others)
    if not clashing.first or first < clashing.first:
        clashing.first = first
    if clashing.extent != EVERYWHERE:
        cited, more = ({statements[name].sources for name in lot} for lot in (claims, others))
        found = extent(product(cited, more))
        if found not in (clashing.extent, NOWHERE):
            clashing.extent = EVERYWHERE if clashing.extent != NOWHERE else found


def _clash(about: str, clashing: _Clashing, sorts: Sorts, statements: Mapping[str, Statement]) -> Clash:
    members = sorted(name for number in clashing.sorts for name in sorts.claims[number])
    a, b = (statements[name] for name in clashing.first)
    first = compare(a, b, sorts.terms, sorts.rates)
    return Clash(about, _grouped(sorts, members), clashing.pairs, first, clashing.extent)


def _grouped(sorts: Sorts, names: Iterable[str]) -> Positions:
    """The claims of these names in positions; each position's sorts are kept as one bit each."""
    grouped: list[tuple[int, list[str]]] = []
    for name in names:
        number = sorts.of[name]
        fitting = (place for place, (others, _) in enumerate(grouped) if sorts.agree(number, others))
        if (place := next(fitting, None)) is None:
            grouped.append((1 << number, [name]))
        else:
            others, position = grouped[place]
            position.append(name)
            grouped[place] = others | 1 << number, position
    return tuple(tuple(position) for _, position in grouped)


def _about(statement: Statement, terms: Terms) -> str:
    """The object beside the value; of an ambiguous one all that it may be, which are one thing within one source."""
    return "" if terms.value_type == ENTITY else OR.join(sorted(statement.objects))


def _candidates(stated: Sequence[Statement], terms: Terms) -> Iterator[tuple[int, int]]:
    """The pairs of sorts that nothing sets apart and that may conflict."""
    lots: dict[object, list[int]] = {}
    for number, statement in enumerate(stated):
        if dated(statement, terms):
            lots.setdefault(kept_apart(statement, terms), []).append(number)
    for lot in lots.values():
        denials = sum(stated[number].negated for number in lot)
        if len(lot) > 1 and (terms.single_valued or 0 < denials < len(lot)):
            yield from _at_one_time(lot, stated, terms)


def _at_one_time(lot: list[int], stated: Sequence[Statement], terms: Terms) -> Iterator[tuple[int, int]]:
    """The pairs whose times may meet: those that may hold on any day with all, the others as their days come."""
    spans = {number: _span(stated[number], terms) for number in lot}
    always = [number for number in lot if spans[number] is None]
    yield from combinations(always, 2)
    dated = sorted((span, number) for number, span in spans.items() if span is not None)
    running: list[tuple[date, int]] = []
    for (first, last), number in dated:
        running = [(until, other) for until, other in running if until >= first]
        for other in (*always, *(other for _, other in running)):
            yield number, other
        running.append((last, number))


def _span(statement: Statement, terms: Terms) -> tuple[date, date] | None:
    """The first and the last day on which the statement may hold; None where that may be any day."""
    stretches = times(statement, terms)
    if not stretches:
        return None
    return (
        min(stretch.earliest or date.min for stretch in stretches),
        max(stretch.latest or date.max for stretch in stretches),
    )
