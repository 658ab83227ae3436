"""Whether two subjects have the same value: a table, what several claims come to, and laws."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.comparing import Rate, Statement, Terms
from claims.domain.comparing.likeness import Likeness, Summary, liken, summary
from claims.domain.values import understand


class NoRates:
    """No rate is known on any day."""

    def between(self, *_: Any) -> Rate | None:
        return None


def weighs(printed: str, **others: Any) -> Statement:
    return Statement(value=understand("quantity", printed), **others)


def is_(*names: str, **others: Any) -> Statement:
    return Statement(objects=frozenset(names), **others)


MANY, SINGLE = (Terms("entity", single, "lasting") for single in (False, True))
WEIGHT = Terms("quantity", True, "lasting")
WORDS = Terms("text", False, "lasting")


@pytest.mark.parametrize(
    ("a", "b", "terms", "expected", "told"),
    [
        (weighs("5 t"), weighs("5 t"), WEIGHT, "same", "Both say"),
        (weighs("5 t"), weighs("at least 5 t"), WEIGHT, "overlap", "have values in common"),
        (weighs("5 t"), weighs("9 t"), WEIGHT, "differ", "nothing in common"),
        (weighs("5 t"), weighs("5 km"), WEIGHT, "untold", "do not measure the same"),
        (weighs("5 t"), weighs("5 t", negated=True), WEIGHT, "differ", "denied of the other"),
        (weighs("5 t"), weighs("9 t", negated=True), WEIGHT, "untold", "leaves open"),
        (is_("basf"), is_("lg-chem"), MANY, "differ", "nothing in common"),
        (is_("basf"), is_("lg-chem"), SINGLE, "differ", "nothing in common"),
        (is_("basf"), is_("basf"), MANY, "same", "basf"),
        (is_("lg-chem", "lg-energy-solution"), is_("lg-chem"), MANY, "same_if", "if lg-chem is meant"),
        (is_("basf", negated=True), is_("lg-chem", negated=True), MANY, "untold", "leaves open"),
        (Statement(code="clean"), Statement(code="clean"), WORDS, "same", "same words"),
        (Statement(code="clean"), Statement(code="dirty"), WORDS, "untold", "for people to compare"),
    ],
)
def test_two_values_of_two_subjects(
    a: Statement, b: Statement, terms: Terms, expected: str, told: str
) -> None:
    for found in (liken(a, b, terms, NoRates()), liken(b, a, terms, NoRates())):
        assert found.likeness == expected
        assert told in found.explanation and found.explanation.endswith(".")


def test_qualifiers_and_objects_stand_beside_the_verdict() -> None:
    a = weighs("5 t", scope=frozenset(["pilot"]), objects=frozenset(["basf"]), modality="planned")
    b = weighs("5 t", objects=frozenset(["lg-chem"]))
    found = liken(a, b, WEIGHT, NoRates())
    assert found.likeness is Likeness.SAME
    assert [name for name, _ in found.separators] == ["scope", "object", "modality"]


def together(first: list[Statement], second: list[Statement], terms: Terms) -> Summary:
    pairs = [liken(a, b, terms, NoRates()) for a, b in product(first, second)]
    return summary(first, second, pairs)


PILOT = {"scope": frozenset(["pilot"])}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([is_("a"), is_("b")], [is_("b"), is_("a")], "same"),
        ([is_("a"), is_("b")], [is_("b"), is_("c")], "in_part"),
        ([is_("a")], [is_("b"), is_("c")], "differ"),
        ([is_("a"), is_("b", negated=True)], [is_("c"), is_("b")], "differ"),
        ([is_("a", negated=True)], [is_("b"), is_("c")], "untold"),
        ([is_("a", **PILOT), is_("b")], [is_("a", **PILOT)], "same"),
    ],
)
def test_what_several_claims_come_to(first: list[Statement], second: list[Statement], expected: str) -> None:
    found = together(first, second, MANY)
    assert (found.likeness, found.apart) == (expected, False)


def test_claims_alike_in_their_qualifiers_are_held_against_each_other_first() -> None:
    pilot, mass = weighs("5 t", **PILOT), weighs("9 t")
    assert together(
        [pilot, mass], [replace(mass, **PILOT), replace(pilot, scope=frozenset())], WEIGHT
    ) == Summary(Likeness.DIFFER, apart=False)


def test_where_no_two_claims_are_alike_it_is_said() -> None:
    assert together([weighs("5 t", **PILOT)], [weighs("5 t")], WEIGHT) == Summary(Likeness.SAME, apart=True)


things = st.builds(
    lambda names, negated, scope: Statement(objects=names, negated=negated, scope=scope),
    st.frozensets(st.sampled_from("abc"), min_size=1, max_size=2),
    st.booleans(),
    st.frozensets(st.sampled_from(["pilot", "mass"]), max_size=1),
)
lots = st.lists(things, min_size=1, max_size=4)


@given(lots, lots, st.booleans())
def test_the_order_of_subjects_and_of_their_claims_does_not_matter(
    first: list[Statement], second: list[Statement], single: bool
) -> None:
    terms = Terms("entity", single, "lasting")
    found = together(first, second, terms)
    assert together(second, first, terms) == found
    assert together(first[::-1], second, terms) == found


@given(things)
def test_a_subject_with_one_clear_value_is_like_itself(thing: Statement) -> None:
    clear = replace(thing, objects=frozenset(sorted(thing.objects)[:1]))
    assert together([clear], [clear], MANY) == Summary(Likeness.SAME, apart=False)


@given(lots, lots)
def test_whether_a_predicate_has_one_value_makes_no_difference(
    first: list[Statement], second: list[Statement]
) -> None:
    assert together(first, second, MANY) == together(first, second, SINGLE)
