"""Claims of one subject and predicate that say the same, taken together: a status that a thousand documents repeat is
compared once, not a thousand times.

Two claims are of one sort if nothing that a verdict rests on tells them apart. Their sources do only where a value is
ambiguous, since a bare "$" and an ambiguous name are one thing within one source; the days of their sources only where
these stand for a missing `when`.
"""

from collections.abc import Iterator, Mapping

from claims.domain.comparing.pairs import agree, contradict
from claims.domain.comparing.statements import MOMENTARY, Rates, Statement, Terms

Told = tuple[object, ...]


class Sorts:
    """The sorts of some claims, numbered in the order of the claims' names."""

    def __init__(self, statements: Mapping[str, Statement], terms: Terms, rates: Rates) -> None:
        self.terms, self.rates = terms, rates
        self.stated: list[Statement] = []
        """What each sort states."""
        self.claims: list[list[str]] = []
        """The claims of each sort by name, in their order."""
        self.of: dict[str, int] = {}
        """The sort of each claim."""
        self._known: dict[int, int] = {}
        self._agreeing: dict[int, int] = {}
        numbers: dict[Told, int] = {}
        for name in sorted(statements):
            number = numbers.setdefault(_told(statements[name], terms), len(numbers))
            if number == len(self.stated):
                self.stated.append(statements[name])
                self.claims.append([])
            self.claims[number].append(name)
            self.of[name] = number

    def contradict(self, one: int, other: int) -> bool:
        """Whether claims of these two sorts cannot both be true."""
        found = contradict(self.stated[one], self.stated[other], self.terms, self.rates)
        if found:
            self._note(one, other, agreeing=False)
        return found

    def agree(self, one: int, others: int) -> bool:
        """Whether the values of a sort agree with those of all the others, given as one bit each."""
        unknown = others & ~self._known.get(one, 0)
        if others & ~unknown & ~self._agreeing.get(one, 0):
            return False
        for other in _bits(unknown):
            found = agree(self.stated[one], self.stated[other], self.terms, self.rates)
            self._note(one, other, agreeing=found)
            if not found:
                return False
        return True

    def _note(self, one: int, other: int, *, agreeing: bool) -> None:
        for a, b in ((one, other), (other, one)):
            self._known[a] = self._known.get(a, 0) | 1 << b
            if agreeing:
                self._agreeing[a] = self._agreeing.get(a, 0) | 1 << b


def _told(said: Statement, terms: Terms) -> Told:
    """What a verdict rests on."""
    currencies = said.value.currencies if said.value else ()
    ambiguous = len(currencies) > 1 or len(said.objects) > 1
    dated_by_source = terms.persistence == MOMENTARY and said.when is None
    return (
        *(said.value, said.days, said.code, said.objects, said.negated),
        *(said.scope, said.modality, said.when, said.rated),
        said.published if dated_by_source else (),
        said.sources if ambiguous else (),
    )


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
