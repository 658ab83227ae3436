"""Which rows a list is asked for, column by column: what the contract calls query parameters.

`column=a,b` finds rows that hold one of these, `column__not=a,b` all others; an empty value means not stated. A vague
date is found by `column_after` and `column_before` where it may lie there, with `__surely` where all of it does; both
days count in. Several parameters have to hold together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, Q
from django.db.models.lookups import Exact, GreaterThan, In, IsNull

from evidence.api import words
from evidence.api.parameters import Parameter, names_of
from evidence.api.problems import wrong
from evidence.api.resources import Resource, Seen
from evidence.api.schema.questions import AFTER, NOT, SIDES, SURELY, forms, question
from evidence.api.sql import place_in_list
from evidence.choices import Confidence
from evidence.contract import Column, Kind
from evidence.domain import dates
from evidence.services.slugs import nearest_of

LEVELS = tuple(level for level in Confidence.values if level != Confidence.UNJUDGED)
"""The levels of confidence from the lowest on; what cannot be judged is none of them."""

Texts = Sequence[str]
Condition = Callable[[Texts], Q]
Conditions = dict[str, Condition]


def conditions(seen: Seen) -> Conditions:
    """For each parameter of the table's columns, what rows have to fulfil, by the texts given of it."""
    return {
        column.name + form: _condition(seen, column, form)
        for column in seen.resource.asked.values()
        for form in forms(column)
    }


def condition(seen: Seen, asked: Mapping[str, Texts]) -> Q:
    """What rows have to fulfil, by the parameters given, each of which is known. Raises AskedWrongly."""
    known = conditions(seen)
    steps: list[Callable[[], Q]] = [
        partial(known[name], texts) for name, texts in asked.items() if name in known
    ]
    for own in seen.resource.filters:
        given = {name: texts for name, texts in asked.items() if name in names_of(own.parameters)}
        if given:
            steps.append(partial(own.condition, seen, given))
    whole = Q()
    for one in words.collect(steps):
        whole &= one
    return whole


def parameters(resource: Resource) -> list[Parameter]:
    """The parameters that ask for rows."""
    by_column = [question(column, form) for column in resource.asked.values() for form in forms(column)]
    return [*by_column, *(parameter for own in resource.filters for parameter in own.parameters)]


def found_rows(seen: Seen, column: Column, parameter: str, slugs: Iterable[str]) -> list[int]:
    """The row ids of what these slugs name, former ones too, as far as the reader sees it. Raises AskedWrongly."""
    wanted, rows = list(slugs), seen.named(column)
    model: Any = column.field.related_model
    found: dict[str, int] = dict(rows.filter(slug__in=wanted).values_list("slug", "pk"))
    missing = [slug for slug in wanted if slug not in found]
    former = model.find_former(missing) if missing else {}
    visible = set(rows.filter(pk__in=[one.pk for one in former.values()]).values_list("pk", flat=True))
    for slug in missing:
        if slug in former and former[slug].pk in visible:
            found[slug] = former[slug].pk
            continue
        near = nearest_of(rows, slug)
        hint = f"did you mean “{near}”?" if near else "none comes near it."
        plural = model._meta.verbose_name_plural
        raise wrong(
            parameter, f"None of the {plural} has the slug “{slug[: words.SHOWN]}”; {hint}", "unknown_slug"
        )
    return list(found.values())


@dataclass(frozen=True)
class MinConfidence:
    """`min_confidence=medium`: records of this level or a higher one; what cannot be judged never passes."""

    parameters: tuple[Parameter, ...] = (
        Parameter(
            "min_confidence",
            "Records of this level of confidence or a higher one; what cannot be judged never passes.",
            {"type": "string", "enum": list(LEVELS)},
        ),
    )

    def condition(self, seen: Seen, given: Mapping[str, Texts]) -> Q:
        """What rows have to fulfil."""
        text = words.single("min_confidence", given["min_confidence"])
        level = words.one_of("min_confidence", text, LEVELS, "level of confidence", "unknown_code")
        return Q(confidence__in=LEVELS[LEVELS.index(level) :])


def _condition(seen: Seen, column: Column, form: str) -> Condition:
    name = column.name
    parameter = name + form

    def any_of(texts: Texts) -> Q:
        return _any_of(seen, column, parameter, words.several(parameter, texts))

    if form == "":
        return any_of
    if form == NOT:
        return lambda texts: ~any_of(texts)
    if column.kind is Kind.DATE:
        return by_day(name, parameter, after=form.startswith(AFTER), surely=form.endswith(SURELY))
    end, lookup = (words.first_moment, "gte") if form == AFTER else (words.last_moment, "lte")
    return lambda texts: Q(**{f"{name}__{lookup}": end(parameter, words.single(parameter, texts))})


def days(name: str) -> Conditions:
    """For each parameter that finds a date by its days alone, what rows have to fulfil."""
    return {
        (side + sure).removeprefix("_"): by_day(
            name, (side + sure).removeprefix("_"), after=side == AFTER, surely=bool(sure)
        )
        for side in SIDES
        for sure in ("", SURELY)
    }


def by_day(name: str, parameter: str, *, after: bool, surely: bool) -> Condition:
    """Whether a date may lie, or surely lies, on the right side of a day."""
    end = "earliest" if after is surely else "latest"

    def condition(texts: Texts) -> Q:
        text = words.single(parameter, texts)
        asked = words.partial_date(parameter, text)
        day = asked.earliest if after else asked.latest
        if day is None:
            raise wrong(
                parameter, f"“{text[: words.SHOWN]}” has no {'first' if after else 'last'} day; write one."
            )
        return Q(**{f"{name}_{end}__{'gte' if after else 'lte'}": day})

    return condition


def _any_of(seen: Seen, column: Column, parameter: str, texts: Texts) -> Q:
    stated = [text for text in texts if text]
    found = Q(pk__in=[])
    if len(stated) < len(texts):
        found |= _not_stated(seen, column, parameter)
    if not stated:
        return found
    if column.kind is Kind.REFERENCE:
        rows = found_rows(seen, column, parameter, stated)
        return found | Q(**{f"{column.name}__in": rows})
    if column.kind is Kind.REFERENCES:
        rows = found_rows(seen, column, parameter, stated)
        other = column.field.m2m_reverse_field_name()
        return found | Q(Exists(seen.links(column).filter(**{f"{other}__in": rows})))
    if column.kind is Kind.DATE:
        for text in stated:
            found |= _of_date(column.name, parameter, text)
        return found
    values = [words.value(column, parameter, text) for text in stated]
    if column.kind is Kind.LIST:
        for member in values:
            found |= Q(GreaterThan(place_in_list(column.name, member), 0))
        return found
    return found | seen.where(column.name, In, values)


def _of_date(name: str, parameter: str, text: str) -> Q:
    """Whether a date has this meaning, in whatever words it was printed."""
    try:
        read = dates.read(text)
    except dates.DateRefused as refusal:
        raise wrong(parameter, str(refusal)) from refusal
    if read.unread:
        return Q(**{name: str(read)})
    return Q(**{name: read.edtf}) | Q(**{f"{name}__startswith": f"{read.edtf} ("})


def _not_stated(seen: Seen, column: Column, parameter: str) -> Q:
    if column.kind is Kind.REFERENCES:
        return ~Q(Exists(seen.links(column)))
    if column.kind in (Kind.REFERENCE, Kind.NUMBER, Kind.MOMENT):
        return seen.where(column.name, IsNull, True)
    if column.kind is Kind.BOOL:
        raise wrong(parameter, "It is empty; write true or false.")
    return seen.where(column.name, Exact, "")
