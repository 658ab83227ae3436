"""Asking for many rows by their row ids: by the ranges that these fill, where they fill few, for a database finds a
range sooner than a thousand values, and is never misled by what it believes about the size of a table that is being
filled.
"""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

RANGES = 8
"""Up to how many ranges are asked for instead of single row ids."""


def ranges(keys: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers, in order."""
    ordered = sorted(set(keys))
    start = 0
    for place, key in enumerate(ordered, 1):
        if place == len(ordered) or ordered[place] != key + 1:
            yield ordered[start], key
            start = place


def among(column: str, keys: Collection[int]) -> Q:
    """Rows whose column holds one of these row ids."""
    found = list(ranges(keys))
    if not found or len(found) > RANGES:
        return Q(**{f"{column}__in": keys})
    within = (Q(**{f"{column}__gte": first, f"{column}__lte": last}) for first, last in found)
    return Q(*within, _connector=Q.OR)


def among_sql(columns: Collection[str], keys: Collection[int]) -> tuple[str, list[int]]:
    """The same as SQL for columns of joined tables that hold the same row id, each of them asked, and its values."""
    found = list(ranges(keys))
    if not found or len(found) > RANGES:
        values, condition = list(keys), f"{{}} IN ({', '.join('%s' for _ in keys)})"
    else:
        values = [end for both in found for end in both]
        condition = f"({' OR '.join('{0} BETWEEN %s AND %s' for _ in found)})"
    return " AND ".join(condition.format(column) for column in columns), values * len(columns)
