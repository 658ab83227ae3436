"""The ground floor's rules over several rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django.db import models

from evidence.domain.graphs import find_cycle
from evidence.models import Part, Record, Source
from evidence.services.findings import Finding
from evidence.services.history import chunked
from evidence.services.units import Unit, rule

PATH_SHOWN = 20
"""How many records of a circle a sentence names."""


@rule
def sources_are_not_their_own_origin(unit: Unit) -> Iterator[Finding]:
    """No chain of reprints, and no chain of parts, leads back to where it started."""
    for field in ("originates_from", "part_of"):
        touched = {found.record.pk: found.record for found in unit.kept(Source) if found.says(f"{field}_id")}
        edges = follow(Source, "pk", field, touched)
        yield from cycle_findings(edges, touched, Source, field)


@rule
def nothing_names_itself(unit: Unit) -> Iterator[Finding]:
    """No record stands in one of its own many-to-many fields: a source does not rely on itself."""
    for found in unit.kept(Record):
        for name, rows in found.after.many.items() if found.after else ():
            target = found.record._meta.get_field(name).related_model
            if found.record.pk in rows and isinstance(found.record, cast("type", target)):
                yield Finding(found.record, name, "A record does not name itself here; take it out.")


@rule
def parts_stay_with_their_whole(unit: Unit) -> Iterator[Finding]:
    """A part is not moved to another record, unless the one that it leaves goes, or the other comes, in this change."""
    for found in unit.kept(Part):
        parent = cast("Part", found.record).PARENT
        if found.before is None or f"{parent}_id" not in found.fields:
            continue
        table = cast("type", found.record._meta.get_field(parent).related_model)
        before, after = found.before.columns[f"{parent}_id"], getattr(found.record, f"{parent}_id")
        if not (unit.is_gone(table, before) or unit.is_new(table, after)):
            message = "A part stays with its record; delete it here and add it there."
            yield Finding(found.record, parent, message)


def follow(model: type[Record], start: str, end: str, rows: Iterable[int]) -> dict[int, list[int]]:
    """The edges `start → end` of a relation that can be reached from these rows, a query a level."""
    edges: dict[int, list[int]] = {}
    frontier = set(rows)
    while frontier:
        edges |= {row: [] for row in frontier}
        reached: set[int] = set()
        for some in chunked(frontier):
            found = model._base_manager.filter(**{f"{start}__in": some, f"{end}__isnull": False})
            for tail, head in found.values_list(start, end):
                edges[tail].append(head)
                reached.add(head)
        frontier = reached - edges.keys()
    return edges


def _shortened(path: Sequence[str]) -> Sequence[str]:
    """A path of which a sentence names both ends at most."""
    half = PATH_SHOWN // 2
    return path if len(path) <= PATH_SHOWN else [*path[:half], "…", *path[-half:]]


def cycle_findings(
    edges: dict[int, list[int]], touched: dict[int, Any], named: type[models.Model], field: str
) -> Iterator[Finding]:
    """A finding at the first touched record on a cycle, which names every record of the cycle by its slug."""
    if cycle := find_cycle(edges, touched):
        slugs = dict(named._base_manager.filter(pk__in=cycle).values_list("pk", "slug"))
        path = " → ".join(_shortened([slugs[row] for row in cycle]))
        culprit = next(touched[row] for row in cycle if row in touched)
        yield Finding(culprit, field, f"This closes a circle: {path}; leave one of these links out.")
