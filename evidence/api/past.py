"""Tables as they stood at the end of a day, read from history.

A row of history takes the place of a row: its columns are those of the record, and what a query asks of these is the
same. Records are known by their row id, so that what a row names is told by the slug by which it is found now. Who
sees the table sees all of it, what has been deleted since too. Everybody else sees of what is public now what was
accepted then, if all that it had to name is public now; words of sources that are restricted now are withheld. What was
taken back does not come back by asking for the day before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from evidence.api import words
from evidence.api.filters import MinConfidence
from evidence.api.keys import lookups
from evidence.api.parameters import Parameter
from evidence.api.problems import wrong
from evidence.api.resources import Seen
from evidence.api.schema.values import ref
from evidence.api.sql import JoinedSlugs
from evidence.choices import Review
from evidence.contract import Column, Kind
from evidence.models import Record
from evidence.services.history import DELETED, has_history, history_model, past_key, past_model

AS_OF = Parameter(
    "as_of",
    "How it stood at the end of this day, month or year (UTC), or at this moment. What rests on other records is not "
    "known of the past.",
    ref("DayOrMoment"),
    example="2026-03-31",
)


def as_of(seen: Seen, asked: Mapping[str, Sequence[str]]) -> Seen:
    """The table as it stood on the day that is asked for, or as it stands. Raises AskedWrongly."""
    name = AS_OF.name
    if name not in asked:
        return seen
    moment = words.last_moment(name, words.single(name, asked[name]))
    resource = seen.resource
    if not has_history(resource.model):
        told = f"{resource.name} brings several tables together; ask the one of the record for what it was."
        raise wrong(name, told)
    own = tuple(one for one in resource.filters if isinstance(one, MinConfidence))
    return PastSeen(replace(resource, own_told=(), filters=own), seen.reader, moment, seen)


def found(seen: Seen, key: str) -> QuerySet[Any]:
    """The row with this key; of the past, the one that has it now, as it stood then, or else the one that had it."""
    named, now = lookups(seen.resource, key), seen.present
    if now is seen:
        return seen.rows.filter(**named)
    own = now.rows.filter(**named).values_list("pk", flat=True).first()
    return seen.rows.filter(**(named if own is None else {past_key(seen.resource.model): own}))


@dataclass(frozen=True)
class PastSeen(Seen):
    """A table as a reader sees how it stood at a moment."""

    moment: datetime
    now: Seen

    @property
    def present(self) -> Seen:
        return self.now

    @property
    def stored(self) -> QuerySet[Any]:
        return entries(self.resource.model).order_by()

    @property
    def rows(self) -> QuerySet[Any]:
        model = self.resource.model
        rows = standing(model, self.moment)
        if self.reader.may_see(model):
            return rows
        rows = rows.filter(Exists(self.reader.rows(model).filter(pk=OuterRef(past_key(model)))))
        rows = rows.filter(accepted(model, self.moment))
        for column in self._needed:
            if column.kind is Kind.REFERENCES:
                rows = rows.exclude(Exists(self._hidden(column)))
            else:
                rows = rows.filter(Exists(self.named(column).filter(pk=OuterRef(column.field.attname))))
        return rows

    def links(self, column: Column) -> QuerySet[Any]:
        links = past_model(column.field)._base_manager.filter(history_id=OuterRef("pk"))
        if self.reader.may_see(column.field.related_model):
            return links
        other = f"{column.field.m2m_reverse_field_name()}_id"
        return links.filter(Exists(self.named(column).filter(pk=OuterRef(other))))

    @cached_property
    def _needed(self) -> list[Column]:
        """The columns by which a row has to name others."""
        return [one for one in self.resource.table.columns if one.target and not one.field.blank]

    def _hidden(self, column: Column) -> QuerySet[Any]:
        other = f"{column.field.m2m_reverse_field_name()}_id"
        links = past_model(column.field)._base_manager.filter(history_id=OuterRef("pk"))
        return links.exclude(Exists(self.named(column).filter(pk=OuterRef(other))))

    def _slug(self, column: Column) -> Any:
        rows = self.named(column).filter(pk=OuterRef(column.field.attname))
        return Subquery(rows.values("slug")[:1])

    def _slugs(self, column: Column) -> Any:
        other = column.field.m2m_reverse_field_name()
        links = self.links(column).order_by().values("history_id")
        return Subquery(links.annotate(joined=JoinedSlugs(f"{other}__slug")).values("joined"))


def entries(model: type[Record]) -> QuerySet[Any]:
    """The rows of history of a model."""
    rows: QuerySet[Any] = history_model(model)._base_manager.all()
    return rows


def standing(model: type[Record], moment: datetime) -> QuerySet[Any]:
    """The rows of history that say how the records of a model stood at a moment."""
    until, key = entries(model).filter(history_date__lte=moment), past_key(model)
    later = until.filter(**{key: OuterRef(key)}, history_id__gt=OuterRef("history_id"))
    return until.exclude(history_type=DELETED).exclude(Exists(later)).order_by()


def accepted(model: type[Record], moment: datetime) -> Q:
    """Whether a row of history tells of a record that was accepted then; parts are if what they have to name was."""
    if any(field.name == "review" for field in model._meta.concrete_fields):
        return Q(review=Review.ACCEPTED)
    found = Q()
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, Record) and not field.null:
            found &= _any_accepted(target, moment, field.attname)
    for field in model._meta.many_to_many:
        if not field.blank:
            other = f"{field.m2m_reverse_field_name()}_id"
            links = past_model(field)._base_manager.filter(history_id=OuterRef("pk"))
            target = cast("type[Record]", field.related_model)
            found &= ~Q(Exists(links.exclude(_any_accepted(target, moment, other))))
    return found


def _any_accepted(target: type[Record], moment: datetime, link: str) -> Q:
    """Whether what a row names by this link was accepted then, whichever of several types it is of."""
    found = Q(pk__in=[])
    for model in _leaves(target):
        rows = standing(model, moment).filter(accepted(model, moment), **{past_key(model): OuterRef(link)})
        found |= Q(Exists(rows))
    return found


def _leaves(model: type[Record]) -> Iterator[type[Record]]:
    """The models that have the history of this one's records."""
    return iter(
        [model] if has_history(model) else [one for one in model.__subclasses__() if has_history(one)]
    )
