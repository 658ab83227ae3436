"""Laws of the records of conflicts: kept change by change, they are what finding all anew gives, in any order."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.choices import Resolution
from claims.models import Claim, Company, Conflict, Entity, Investment, Predicate
from claims.services import conflicts
from evidence.models import Source
from evidence.services.roles import SYSTEM
from tests.claims.services.conflicts.test_keeping import records
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    InvestmentFactory,
    PredicateFactory,
    SourceFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

VALUES = {"amount": ("US$10M", "CAD 10M", "about $12M"), "stake": ("4.9%", "about 5%", "5.2%")}
QUALIFIERS = ({}, {"scope": ["pilot"]}, {"negated": True}, {"modality": "planned"}, {"when": "2022"})


def world() -> None:
    """Two deals, two predicates, an ambiguous name and two sources."""
    for slug in ("one", "two"):
        InvestmentFactory(slug=slug, announced="June 2022")
    PredicateFactory(
        slug="amount", value_type="money", single_valued=True, persistence="timeless", record_field="amount"
    )
    PredicateFactory(slug="stake", value_type="percent", single_valued=True, persistence="lasting")
    PredicateFactory(slug="payer", between_entities=True, single_valued=True)
    chem = CompanyFactory(slug="chem")
    CompanyFactory(slug="lg", may_be=[chem, CompanyFactory(slug="energy")])
    SourceFactory(slug="page", published="2022-06-15")


def add(subject: str, predicate: str, value: int, qualifiers: int, cited: bool) -> None:
    """A claim with one of the values of the predicate."""
    stated: dict[str, Any] = (
        {"value": "", "object": Company.objects.get(slug=("chem", "energy", "lg")[value])}
        if predicate == "payer"
        else {"value": VALUES[predicate][value]}
    )
    number = Claim.history.count()
    claim = ClaimFactory(
        slug=f"c{number}",
        subject=Entity.objects.get(slug=subject),
        predicate=Predicate.objects.get(slug=predicate),
        **stated,
        **QUALIFIERS[qualifiers],
    )
    if cited:
        CitationFactory(claim=claim, slug=f"at-{number}", source=Source.objects.get(slug="page"))


def put(record: Any, **values: Any) -> None:
    """Change a record."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def decide(number: int) -> None:
    """Resolve one of the conflicts."""
    if there := list(Conflict.objects.order_by("slug")):
        conflict = there[number % len(there)]
        conflicts.resolve(conflict=conflict, resolution=Resolution.BOTH_STAND, reason="They are two.")


def review(number: int, to: str) -> None:
    """Move one of the claims in review, or delete it."""
    if there := list(Claim.objects.order_by("slug")):
        claim = there[number % len(there)]
        if to == "deleted":
            claim.delete()
        else:
            put(claim, review=to)


fewer = settings(max_examples=settings().max_examples // 8)
"""Each example writes a small ledger and finds its conflicts twice."""

numbers = st.integers(min_value=0, max_value=5)
adding = st.tuples(
    st.just(add),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["amount", "stake", "payer"]),
    st.integers(0, 2),
    st.integers(0, len(QUALIFIERS) - 1),
    st.booleans(),
)
others = st.one_of(
    st.tuples(st.just(review), numbers, st.sampled_from(["draft", "rejected", "deleted"])),
    st.tuples(st.just(decide), numbers),
    st.tuples(
        st.just(lambda day: put(Investment.objects.get(slug="one"), announced=day)),
        st.sampled_from(["", "2010"]),
    ),
    st.tuples(
        st.just(lambda day: put(Source.objects.get(), published=day)), st.sampled_from(["", "2009-01"])
    ),
    st.tuples(
        st.just(lambda share: put(Predicate.objects.get(slug="amount"), tolerance=share)),
        st.sampled_from(["", "40%"]),
    ),
    st.tuples(
        st.just(
            lambda slugs: Company.objects.get(slug="lg").may_be.set(Company.objects.filter(slug__in=slugs))
        ),
        st.sampled_from([["chem"], []]),
    ),
)
Step = tuple[Callable[..., None], *tuple[Any, ...]]


@fewer
@given(
    st.lists(adding, min_size=3, max_size=8), st.lists(others, max_size=5), st.randoms(use_true_random=False)
)
def test_records_kept_change_by_change_are_those_found_anew(
    added: Sequence[Step], changed: Sequence[Step], random: Any
) -> None:
    steps = [*added, *changed]
    random.shuffle(steps)
    with transaction.atomic():
        world()
        for act, *arguments in steps:
            with some_change():
                act(*arguments)
        kept = records()
        through = Conflict.members.through._base_manager.filter(conflict__kind="found")
        through._raw_delete("default")
        Conflict._base_manager.filter(kind="found")._raw_delete("default")
        for _ in conflicts.rebuild(actor=User.objects.get(username=SYSTEM)):
            pass
        assert records() == kept
        transaction.set_rollback(True)


@fewer
@given(st.lists(adding, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_positions_do_not_depend_on_the_order_of_arrival(added: Sequence[Step], random: Any) -> None:
    def arrived(order: Sequence[tuple[int, Step]]) -> list[tuple[Any, ...]]:
        with transaction.atomic():
            world()
            for number, (_, subject, predicate, value, qualifiers, cited) in order:
                with some_change():
                    add(subject, predicate, value, qualifiers, cited)
                    put(Claim.objects.latest("pk"), slug=f"claim-{number}")
            said = [row[:9] for row in records()]
            transaction.set_rollback(True)
        return said

    first = list(enumerate(added))
    other = list(first)
    random.shuffle(other)
    assert arrived(first) == arrived(other)
