"""What a condition of the database says of a record in memory: true, false or, where a value is missing, neither.

Asking the database takes a thousand times as long, a row an import. Of the query language this knows what constraints
are made of: comparisons of a record's own columns with values or with each other, joined by and, or and not, in the
three-valued logic of SQL (Kleene's). A contract test holds every constraint's verdict against the database's.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import F, Model, Q

Verdict = bool | None

LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda own, other: bool(own == other),
    "in": lambda own, others: own in others,
    "gte": lambda own, other: bool(own >= other),
    "range": lambda own, ends: bool(ends[0] <= own <= ends[1]),
}


def holds(condition: Q, record: Model) -> Verdict:
    """What the condition says of this record; None where it cannot be said, which a constraint lets pass.

    Raises NotImplementedError for a comparison that is not known here.
    """
    parts: list[Any] = list(condition.children)
    verdicts = [
        holds(part, record) if isinstance(part, Q) else _compared(part[0], part[1], record) for part in parts
    ]
    found = _any(verdicts) if condition.connector == Q.OR else _all(verdicts)
    return found if not condition.negated or found is None else not found


def named(condition: Q) -> Iterator[str]:
    """The fields that the condition speaks of."""
    part: Any  # another condition, or a lookup with what it compares with
    for part in condition.children:
        if isinstance(part, Q):
            yield from named(part)
        else:
            name, other = part
            yield name.partition("__")[0]
            if isinstance(other, F):
                yield _name(other)


def _compared(lookup: str, other: Any, record: Model) -> Verdict:
    name, _, how = lookup.partition("__")
    own = _value(name, record)
    if how == "isnull":
        return (own is None) is other
    compare = LOOKUPS.get(how or "exact")
    if compare is None:
        raise NotImplementedError(f"“{how}” is no comparison that is known in memory; add it to LOOKUPS.")
    if isinstance(other, F):
        other = _value(_name(other), record)
    return None if own is None or other is None else compare(own, other)


def _name(column: F) -> str:
    return str(vars(column)["name"])


def _value(name: str, record: Model) -> Any:
    """What a column holds as the database compares it; a record that is not stored yet stands for its row id."""
    if name == "pk":
        return record if record.pk is None else record.pk
    field: Any = record._meta.get_field(name)
    value = getattr(record, field.attname)
    if value is None and field.is_relation:
        return record._state.fields_cache.get(name)
    return value if value is None or field.is_relation else field.get_prep_value(value)


def _all(verdicts: list[Verdict]) -> Verdict:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _any(verdicts: list[Verdict]) -> Verdict:
    if True in verdicts:
        return True
    return None if None in verdicts else False
