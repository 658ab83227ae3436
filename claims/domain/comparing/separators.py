"""What makes two different values legitimate: scope and object, and where the world changes modality and time.

A timeless predicate is separated by scope and object only; a lasting one also by modality and by a time that cannot
overlap, an empty one being any time; a momentary one the same, an empty time being the day its source came out. Of a
time that is not understood, or has no year, it is not known what it overlaps: such a claim is not comparable.
"""

from datetime import date

from claims.domain.comparing.statements import ENTITY, MOMENTARY, TIMELESS, Statement, Terms
from evidence.domain.dates import PartialDate

SCOPE, OBJECT, MODALITY, WHEN = "scope", "object", "modality", "when"
WEAK = {SCOPE, MODALITY}  # what these alone keep apart is nearly in conflict


def kept_apart(statement: Statement, terms: Terms) -> tuple[object, ...]:
    """What two statements have in common unless scope, object or modality set them apart."""
    about = statement.objects if terms.value_type != ENTITY and len(statement.objects) == 1 else None
    modality = None if terms.persistence == TIMELESS else statement.modality
    return statement.scope, about, modality


def dated(statement: Statement, terms: Terms) -> bool:
    """Whether it is known of which days the statement speaks, or that they do not matter."""
    return terms.persistence == TIMELESS or statement.when is None or statement.when.known


def times(statement: Statement, terms: Terms) -> tuple[PartialDate, ...]:
    """The stretches of days the statement speaks of; none where it may be any day."""
    if terms.persistence == TIMELESS:
        return ()
    by_source = statement.published if terms.persistence == MOMENTARY else ()
    found = by_source if statement.when is None else (statement.when,)
    return found if all(time.known for time in found) else ()


def separators(a: Statement, b: Statement, terms: Terms) -> dict[str, str]:
    """Every qualifier that sets the two apart, with what it says in each."""
    found: dict[str, str] = {}
    if a.scope != b.scope:
        found[SCOPE] = f"one speaks of {_listed(a.scope)}, the other of {_listed(b.scope)}"
    if terms.value_type != ENTITY and a.objects.isdisjoint(b.objects) and a.objects | b.objects:
        found[OBJECT] = f"one is about {_listed(a.objects)}, the other about {_listed(b.objects)}"
    if terms.persistence == TIMELESS:
        return found
    if a.modality != b.modality:
        found[MODALITY] = f"one is {a.modality}, the other {b.modality}"
    one, other = (times(statement, terms) for statement in (a, b))
    if one and other and not any(_share_days(first, second) for first in one for second in other):
        found[WHEN] = f"one holds for {_dated(one)}, the other for {_dated(other)}"
    return found


def _share_days(a: PartialDate, b: PartialDate) -> bool:
    """Whether the times overlap; two stretches that share only an end day do not, a day and a stretch it ends do."""
    start = max(a.earliest or date.min, b.earliest or date.min)
    end = min(a.latest or date.max, b.latest or date.max)
    one_day = a.earliest == a.latest or b.earliest == b.latest
    return start < end or (start == end and one_day)


def _dated(times: tuple[PartialDate, ...]) -> str:
    return " and ".join(dict.fromkeys(time.edtf for time in times))


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names)) or "none in particular"
