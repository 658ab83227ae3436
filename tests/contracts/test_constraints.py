"""Every constraint of every model, violated once: the message at its field, and the database's own refusal."""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from claims.models import Entity
from evidence.choices import Door
from evidence.conditions import named
from evidence.fields import FieldRule, ListField, UniqueRule
from evidence.models import Record
from evidence.services.changes import change
from tests.contracts.violations import VIOLATIONS, WRITTEN_OUT, constraints, is_code_list
from tests.factories import FACTORY_OF, CompanyFactory

CONSTRAINTS = constraints()

every_constraint = pytest.mark.parametrize("name", sorted(CONSTRAINTS.keys() & VIOLATIONS.keys()))
every_field_rule = pytest.mark.parametrize(
    "name", sorted(name for name, (_, rule) in CONSTRAINTS.items() if isinstance(rule, FieldRule))
)

DATES = ("", "2019", "2020-08", "2020", "2020-08-10", "2020-09", "../2019", "2021/..", "2020~", "XXXX-09")

pytestmark = pytest.mark.django_db


def sound(name: str) -> Any:
    """A stored record that breaks nothing, and another beside it where the constraint compares records."""
    model, constraint = CONSTRAINTS[name]
    factory = CompanyFactory if model is Entity else FACTORY_OF[model]
    if isinstance(constraint, UniqueRule):
        factory()
    return factory()


def violating(name: str) -> Any:
    record = sound(name)
    for attribute, value in VIOLATIONS[name](record).items():
        setattr(record, attribute, value)
    return record


def test_every_constraint_is_violated_by_an_entry_and_no_entry_is_stale() -> None:
    assert sorted(CONSTRAINTS.keys() - VIOLATIONS.keys()) == []
    assert sorted(WRITTEN_OUT.keys() - CONSTRAINTS.keys()) == []


def test_every_constraint_is_of_a_kind_that_names_its_field() -> None:
    nameless = [
        name for name, (_, rule) in CONSTRAINTS.items() if not isinstance(rule, FieldRule | UniqueRule)
    ]
    assert nameless == []


@every_constraint
def test_a_constraint_speaks_of_a_field_of_its_model_and_says_so_in_words(name: str) -> None:
    model, constraint = CONSTRAINTS[name]
    model._meta.get_field(constraint.field)
    message = constraint.get_violation_error_message()
    assert message.endswith(".")
    assert message != models.CheckConstraint.default_violation_error_message % {"name": name}


@every_constraint
def test_a_violation_is_reported_at_the_field_it_speaks_of(name: str) -> None:
    constraint = CONSTRAINTS[name][1]
    with pytest.raises(ValidationError) as refused:
        violating(name).full_clean()
    assert list(refused.value.message_dict) == [constraint.field]


@every_constraint
def test_a_violation_is_reported_in_the_words_of_the_constraint(name: str) -> None:
    constraint, record = CONSTRAINTS[name][1], violating(name)
    record.clean()
    with pytest.raises(ValidationError) as refused:
        record.validate_constraints()
    assert constraint.get_violation_error_message() in refused.value.message_dict[constraint.field]


@every_constraint
def test_a_rule_is_not_looked_at_where_a_form_lacks_its_field(name: str) -> None:
    """A form without the field cannot show a message at it; the rule is not checked then at all."""
    constraint, record = CONSTRAINTS[name][1], violating(name)
    record.clean()
    record.validate_constraints(exclude={constraint.field})


@every_constraint
def test_the_database_itself_refuses_a_violation(name: str, system: Any) -> None:
    record = violating(name)
    with pytest.raises(IntegrityError), change(actor=system, door=Door.COMMAND):
        record.save()
        # The type of an entity is put right on saving; what bypasses that is refused like the others.
        Entity._base_manager.filter(pk=record.pk).update(**VIOLATIONS[name](record))


@every_constraint
def test_the_message_of_a_code_list_names_its_words(name: str) -> None:
    constraint = CONSTRAINTS[name][1]
    if is_code_list(constraint):
        words = [word for word in dict(constraint.condition.children)[f"{constraint.field}__in"] if word]
        assert words
        assert all(word in constraint.get_violation_error_message() for word in words)


def passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except ValidationError:
        return False
    return True


@every_field_rule
def test_a_rule_says_of_a_record_in_memory_what_the_database_says(name: str) -> None:
    (model, rule), record = CONSTRAINTS[name], sound(name)
    told = set()
    for values in cases(name, rule, record):
        for attribute, value in values.items():
            setattr(record, attribute, value)
        Record.clean(record)
        in_memory = passes(lambda: rule.validate(model, record))
        in_database = passes(lambda: models.CheckConstraint.validate(rule, model, record))
        assert in_memory == in_database, values
        told.add(in_memory)
    assert told == {True, False}, "the cases lie on both sides of the rule"


def cases(name: str, rule: FieldRule, record: Any) -> list[dict[str, Any]]:
    """Values on both sides of a rule: every word of a list and some of none, dates in every order, ends and beyond."""
    if match := re.fullmatch(rf".*_{rule.field}_not_before_(\w+)", name):
        return [{match[1]: first, rule.field: last} for first in DATES for last in DATES]
    fields = [record._meta.get_field(one) for one in dict.fromkeys(named(rule.condition)) if one != "pk"]
    pools = [pool(field, rule, record) for field in fields]
    return [dict(zip([field.name for field in fields], values, strict=True)) for values in product(*pools)]


def pool(field: Any, rule: FieldRule, record: Any) -> list[Any]:
    """Values of a field, ordinary and odd ones."""
    if is_code_list(rule):
        words = dict(rule.condition.children)[f"{rule.field}__in"]
        return [*words, "", "no-such-word", words[0].upper() + " "]
    if field.is_relation:
        return [
            *([None] if field.null else []),
            *field.related_model._base_manager.all(),
            *_itself(field, record),
        ]
    if isinstance(field, models.DecimalField):
        return [None, *map(Decimal, ("-180.5", "-180", "-90.1", "0", "90", "90.000001", "180"))]
    if isinstance(field, models.BooleanField):
        return [True, False]
    if isinstance(field, ListField):
        return [[], ["one"], ["one", "a|b"]]
    return ["", "text", *(value for value, _ in field.choices or ())]


def _itself(field: Any, record: Any) -> list[Any]:
    return [record] if isinstance(record, field.related_model) else []


@pytest.mark.parametrize(
    ("first", "last", "sound"),
    [
        ("2020-08", "2020", True),  # the year may end after August
        ("2020-08", "2020-08", True),
        ("2020-08-10", "2020-08-09", False),
        ("2021", "2020-12-31", False),
        ("", "2019", True),
        ("2021/..", "2030", True),
        ("2021", "../2020", False),
        ("XXXX-09", "1900", True),  # of no known year: it cannot be said
    ],
)
def test_an_end_is_refused_only_where_it_surely_lies_before_the_start(
    first: str, last: str, sound: bool
) -> None:
    record = FACTORY_OF[CONSTRAINTS["claims_ownership_ended_not_before_started"][0]]()
    record.started, record.ended = first, last
    if sound:
        record.full_clean()
    else:
        with pytest.raises(ValidationError, match="“ended” lies before “started”; correct one of the two"):
            record.full_clean()


SLUGGED = [factory for model, factory in FACTORY_OF.items() if model.KEY == ("slug",)]


@pytest.mark.parametrize("factory", SLUGGED, ids=lambda factory: factory._meta.model.__name__)
@pytest.mark.parametrize(
    "slug",
    ["", "Nano-One", "nano one", "nano_one", "ñano", "a" * 81, "a\n", "nano/one", "١٢٣"],
    ids=["empty", "capital", "space", "underscore", "accent", "long", "line-end", "slash", "arabic-digits"],
)
def test_a_slug_that_is_none_is_refused_at_slug(factory: Any, slug: str) -> None:
    record = factory()
    record.slug = slug
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    assert list(refused.value.message_dict) == ["slug"]


@pytest.mark.parametrize("factory", SLUGGED, ids=lambda factory: factory._meta.model.__name__)
def test_a_taken_slug_is_refused_at_slug_and_by_the_database(factory: Any, system: Any) -> None:
    taken, record = factory(), factory()
    record.slug = taken.slug
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    assert refused.value.message_dict == {
        "slug": ["This slug is taken; choose another, or change the record that has it."]
    }
    with pytest.raises(IntegrityError), change(actor=system, door=Door.COMMAND):
        record.save()


ENTITIES = [factory for factory in SLUGGED if issubclass(factory._meta.model, Entity)]


@pytest.mark.parametrize("factory", ENTITIES, ids=lambda factory: factory._meta.model.__name__)
def test_entities_of_all_types_share_one_space_of_slugs(factory: Any) -> None:
    others = [other for other in ENTITIES if other is not factory]
    taken = others[0](slug="nano-one")
    assert taken.key_space() is Entity
    record = factory()
    record.slug = "nano-one"
    with pytest.raises(ValidationError, match="This slug is taken"):
        record.full_clean()
