"""What saving one record takes: queries and seconds of a change, conflicts and history included."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count

from benchmarks.ledger import VALUELESS
from claims.models import Claim, Entity, Investment, Predicate
from evidence.choices import Door
from evidence.models import Record, Source
from evidence.services.changes import change
from evidence.services.roles import SYSTEM

TIMES = 5
FEW, SEVERAL = 3, 5
LIVE = "accepted"
PRICE = "share-price"


@dataclass(slots=True)
class Saved:
    """Saving one record, several times: the most queries, and the least seconds."""

    what: str
    queries: int = 0
    seconds: float = float("inf")


def measure() -> Iterator[Saved]:
    """One kind of edit after the other, each of several records."""
    user = User.objects.get(username=SYSTEM)
    _save(
        user, Source.objects.earliest("pk")
    )  # the first change also asks for permissions, which are remembered
    for what, records in SAVED.items():
        saved = Saved(what)
        for record, values in records():
            if record.pk is not None:
                _save(user, record)  # written in bulk, it has no history yet, and would count as new
            for name, value in values.items():
                setattr(record, name, value)
            queries, seconds = _save(user, record)
            saved.queries, saved.seconds = max(saved.queries, queries), min(saved.seconds, seconds)
        yield saved


def _save(user: User, record: Record) -> tuple[int, float]:
    queries = 0

    def counted(execute: Callable[..., Any], *query: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*query)

    started = perf_counter()
    with connection.execute_wrapper(counted), change(actor=user, door=Door.COMMAND):
        record.save()
    return queries, perf_counter() - started


Edit = tuple[Record, dict[str, Any]]


def _alone() -> Iterator[Edit]:
    """New claims where their subject has none of that predicate."""
    predicate = Predicate.objects.get(slug=VALUELESS)
    subjects = Entity.objects.exclude(claims__predicate=predicate).order_by("pk")[:TIMES]
    for subject in subjects:
        yield Claim(subject=subject, predicate=predicate, **_columns("alone", subject.pk)), {}


def _in_small_groups() -> Iterator[Edit]:
    """New claims beside a few others, which they contradict."""
    for claim in _of_small_groups():
        yield _beside(claim, "beside"), {}


def _edited() -> Iterator[Edit]:
    """Claims beside a few others, which they contradict from now on."""
    for claim in _of_small_groups():
        yield claim, {"value": "777 GWh/year", "when": ""}


def _in_the_largest_group() -> Iterator[Edit]:
    """New claims of a day of which another price is known, among those of all days."""
    prices = Claim.objects.filter(subject=1, predicate__slug=PRICE, review=LIVE).order_by("pk")
    for claim in prices[:TIMES]:
        yield _beside(claim, "price", value="US$7", when=claim.when), {}


def _of_small_groups() -> Iterable[Claim]:
    capacities = Claim.objects.filter(predicate__slug="capacity", subject__type="plant", review=LIVE)
    groups = (
        capacities.values("subject").annotate(claims=Count("pk")).filter(claims__gte=FEW, claims__lte=SEVERAL)
    )
    for subject in groups.order_by("subject").values_list("subject", flat=True)[:TIMES]:
        yield capacities.filter(subject=subject).earliest("pk")


def _beside(claim: Claim, slug: str, **values: Any) -> Claim:
    stated = {"value": "555 GWh/year", "subject": claim.subject, "predicate": claim.predicate, **values}
    return Claim(**_columns(slug, claim.pk), **stated)


def _columns(slug: str, number: int) -> dict[str, Any]:
    return {"slug": f"{slug}-{number}", "statement": "It is so.", "modality": "actual"}


def _sources() -> Iterator[Edit]:
    for source in Source.objects.order_by("-pk")[:TIMES]:
        yield source, {"published": "1999-12-31"}


def _deals() -> Iterator[Edit]:
    for deal in Investment.objects.order_by("-pk")[:TIMES]:
        yield deal, {"announced": "2020-02-20"}


def _predicates() -> Iterator[Edit]:
    yield Predicate.objects.get(slug="distance-to"), {"tolerance": "3%"}


SAVED: dict[str, Callable[[], Iterable[Edit]]] = {
    "a new claim that meets no other": _alone,
    "a new claim beside a few others": _in_small_groups,
    "an edited claim beside a few others": _edited,
    "a new claim in the largest group": _in_the_largest_group,
    "the announcement of a deal": _deals,
    "the date of a source": _sources,
    "the tolerance of a predicate": _predicates,
}
"""What is saved; the last three bring every claim up to date that is compared differently."""
