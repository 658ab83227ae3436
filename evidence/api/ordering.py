"""In which order rows come, and which come after a given one.

Rows come in the order of their keys unless `ordering` says otherwise; the key decides between rows that are alike, so
that every order is total. What is not stated comes last, in whichever direction. Codes come in the order of their
list, dates by their earliest day and then their latest, texts by their first 200 characters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OrderBy, Q, QuerySet, TextField, Value, When
from django.db.models.functions import NullIf

from evidence.api import words
from evidence.api.problems import AskedWrongly, Error
from evidence.api.resources import Resource, Seen
from evidence.api.sql import Beginning
from evidence.choices import Confidence
from evidence.contract import Column, Kind
from evidence.exchange.cells import advice

MANY = (Kind.LIST, Kind.REFERENCES)
STATED_ALWAYS = (Kind.BOOL,)


@dataclass(frozen=True)
class Term:
    """One part of an order: what rows are compared by, in which direction, and whether it may be missing."""

    sql: Any
    descending: bool = False
    nullable: bool = True

    def by(self, name: str) -> OrderBy:
        """This part of the order, under the name that queries know it by."""
        return OrderBy(F(name), descending=self.descending, nulls_last=True if self.nullable else None)

    def same(self, name: str, value: Any) -> Q:
        """Rows that have this value."""
        return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})

    def later(self, name: str, value: Any) -> Q:
        """Rows that come after those with this value."""
        if value is None:
            return Q(pk__in=[])
        beyond = Q(**{f"{name}__{'lt' if self.descending else 'gt'}": value})
        return beyond | Q(**{f"{name}__isnull": True}) if self.nullable else beyond


@dataclass(frozen=True)
class Order:
    """A total order of rows."""

    terms: tuple[Term, ...]
    spelt: str

    @property
    def names(self) -> list[str]:
        """The names by which queries know its parts."""
        return [f"order_{number}" for number in range(len(self.terms))]

    def knowing(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """These rows in this order, each with what it is ordered by."""
        known = rows.annotate(**{name: term.sql for name, term in zip(self.names, self.terms, strict=True)})
        return known.order_by(*(term.by(name) for name, term in zip(self.names, self.terms, strict=True)))

    def after(self, values: Sequence[Any]) -> Q:
        """The rows that come after the one with these values."""
        found, same = Q(pk__in=[]), Q()
        for name, term, value in zip(self.names, self.terms, values, strict=True):
            found |= same & term.later(name, value)
            same &= term.same(name, value)
        return found


def order(seen: Seen, texts: Sequence[str]) -> Order:
    """The order that is asked for, by the names of columns, with `-` before those that fall. Raises AskedWrongly."""
    asked = list(dict.fromkeys(name.strip() for name in words.several("ordering", texts)))
    if wrong := list(_misnamed(seen, asked)):
        raise AskedWrongly(*wrong)
    terms: list[Term] = []
    for name in asked:
        terms += _terms(seen, seen.resource.asked[name.removeprefix("-")], descending=name.startswith("-"))
    key = [Term(seen.sql(name), nullable=False) for name in seen.resource.model.KEY]
    return Order((*terms, *key), ",".join(asked))


def orderings(resource: Resource) -> list[str]:
    """The columns by which rows can be ordered: those that hold one value."""
    return [name for name, column in resource.asked.items() if column.kind not in MANY]


def _misnamed(seen: Seen, asked: Iterable[str]) -> Iterable[Error]:
    known = orderings(seen.resource)
    for name in asked:
        column = name.removeprefix("-")
        if column in known:
            continue
        several = column in seen.resource.asked
        why = (
            "holds several values, so that rows have no order by it"
            if several
            else "is no column to order by"
        )
        yield Error(f"“{column[:80]}” {why}; {advice(column[:80], known)}", "unknown_ordering", "ordering")


def _terms(seen: Seen, column: Column, *, descending: bool) -> list[Term]:
    name, sql = column.name, seen.sql(column.name)
    if column.kind is Kind.DATE:
        return [Term(F(f"{name}_{end}"), descending) for end in ("earliest", "latest")]
    if column.words:
        ranked = [word for word in column.words if word != Confidence.UNJUDGED]
        whens = [When(Q(**{name: word}), then=Value(rank)) for rank, word in enumerate(ranked)]
        return [Term(Case(*whens, default=None, output_field=IntegerField()), descending)]
    if name == "slug" or column.kind is Kind.BOOL:
        return [Term(sql, descending, nullable=False)]
    if column.kind in (Kind.TEXT, Kind.LINE, Kind.STANDARD):
        return [Term(NullIf(Beginning(sql), Value(""), output_field=TextField()), descending)]
    return [Term(sql, descending)]
