"""What makes two different values legitimate: scope and object, and where the world changes modality and time.

A timeless predicate is separated by scope and object only; a lasting one also by modality and by a time that cannot
overlap, an empty one being any time; a momentary one the same, an empty time being the day its source came out.
"""

from datetime import date

from claims.domain.comparing.statements import ENTITY, MOMENTARY, TIMELESS, Statement, Terms
from evidence.domain.dates import PartialDate

SCOPE, OBJECT, MODALITY, WHEN = "scope", "object", "modality", "when"
WEAK = {SCOPE, MODALITY}  # what these alone keep apart is nearly in conflict


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
    times = [_time(statement, terms) for statement in (a, b)]
    if times[0] and times[1] and not _share_days(times[0], times[1]):
        found[WHEN] = f"one holds for {times[0].edtf}, the other for {times[1].edtf}"
    return found


def _time(statement: Statement, terms: Terms) -> PartialDate | None:
    """The days the statement speaks of; None where it may be any day."""
    time = statement.when or (statement.published if terms.persistence == MOMENTARY else None)
    return time if time and time.known else None


def _share_days(a: PartialDate, b: PartialDate) -> bool:
    """Whether the times overlap; two stretches that share only an end day do not."""
    start = max(a.earliest or date.min, b.earliest or date.min)
    end = min(a.latest or date.max, b.latest or date.max)
    if start != end:
        return start < end
    return a.earliest == a.latest or b.earliest == b.latest


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names)) or "none in particular"
