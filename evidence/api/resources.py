"""The tables as the API tells them, and as a reader sees them.

Nothing of the contract is listed again. A table that tells more (computed columns) or can be asked for more (filters
of its own) says only that. What a reader sees of a column is one piece of SQL, by which it is shown, filtered,
searched and ordered alike, so that no question can find out what an answer would not tell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.db import models
from django.db.models import Case, Exists, F, Lookup, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast

from evidence.api.parameters import Parameter
from evidence.api.sql import JoinedSlugs
from evidence.contract import Column, Kind, Table
from evidence.models import Record, Reviewed
from evidence.services.readers import Reader
from evidence.services.references import part_models

STAMPS = ("version", "created", "updated")
"""What every record carries besides its columns."""

WITHHELD = "withheld"


@dataclass(frozen=True)
class Told:
    """A computed column that only the API tells: what it holds, and the SQL of it for a reader."""

    field: models.Field
    value: Callable[[Reader], Any]

    @property
    def column(self) -> Column:
        """It, as a column like any other."""
        return Column(self.field, computed=True)


class Filter(Protocol):
    """Parameters of a list that are no columns of it."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters."""

    def condition(self, seen: "Seen", given: Mapping[str, Sequence[str]]) -> Q:
        """What rows have to fulfil, by the values given of these parameters. Raises AskedWrongly."""


@dataclass(frozen=True)
class Resource:
    """A table as the API tells it."""

    table: Table
    own_told: tuple[Told, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.table.name

    @property
    def model(self) -> type[Record]:
        """The model of its rows."""
        return self.table.model

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """The computed columns, with the one that says where words are withheld."""
        return (*self.own_told, *([_withheld(self.model)] if self.model.QUOTING else []))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column that is told, by name: the contract's, then computed ones, then the stamps."""
        stamps = [Column(self.model._meta.get_field(name), computed=True) for name in STAMPS]
        told = [one.column for one in self.told]
        return {column.name: column for column in (*self.table.columns, *told, *stamps)}

    @property
    def asked(self) -> dict[str, Column]:
        """The columns by which rows can be asked for and ordered."""
        return {name: column for name, column in self.columns.items() if name != "version"}

    @property
    def is_written(self) -> bool:
        """Whether its rows are written here; those of which no history is kept are told by other tables too."""
        return hasattr(self.model, "history")

    @property
    def is_reviewed(self) -> bool:
        """Whether its rows are accepted or not."""
        return issubclass(self.model, Reviewed)

    @property
    def has_free_key(self) -> bool:
        """Whether the last part of the key is a text in which anything may stand, a slash too."""
        last = self.table.by_name[self.model.KEY[-1]]
        return last.kind is Kind.LINE and last.name != "slug"


class Api:
    """All tables that the API tells, by name and by model."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.by_name = {resource.name: resource for resource in resources}
        self.by_model = {resource.model: resource for resource in self.by_name.values()}

    def parts(self, resource: Resource) -> dict[str, Resource]:
        """The tables of the parts that a record of this one has, by name: citations and premises of claims, …"""
        found = [self.by_model[part] for part in part_models(resource.model) if resource.is_written]
        return {part.name: part for part in found}

    @property
    def written(self) -> tuple[Table, ...]:
        """The tables that are written, in the order in which rows may name each other."""
        return tuple(resource.table for resource in self.by_name.values() if resource.is_written)


@dataclass(frozen=True)
class Seen:
    """A table as a reader sees it."""

    resource: Resource
    reader: Reader

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows that the reader sees, in no order."""
        return self.reader.rows(self.resource.model).order_by()

    @property
    def present(self) -> "Seen":
        """The table as it stands now."""
        return self

    @property
    def stored(self) -> QuerySet[Any]:
        """All rows from which those that the reader sees are taken."""
        rows: QuerySet[Any] = self.resource.model._default_manager.order_by()
        return rows

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The columns whose words may be kept from the reader."""
        kept = self.reader.withheld(self.resource.model) is not None
        return frozenset(self.resource.model.QUOTING) if kept else frozenset()

    def is_stored(self, name: str) -> bool:
        """Whether a column is shown as it is stored."""
        if name in self.withheld or name in {told.column.name for told in self.resource.told}:
            return False
        return self.resource.columns[name].kind not in (Kind.REFERENCE, Kind.REFERENCES)

    def sql(self, name: str) -> Any:
        """What is shown of a column, as SQL: that by which it is filtered, searched and ordered too."""
        for told in self.resource.told:
            if told.column.name == name:
                return told.value(self.reader)
        column = self.resource.columns[name]
        if column.kind is Kind.REFERENCE:
            return self._slug(column)
        if column.kind is Kind.REFERENCES:
            return self._slugs(column)
        if name in self.withheld:
            hidden: Any = self.reader.withheld(self.resource.model)
            return Case(When(hidden, then=Value("")), default=F(name), output_field=models.TextField())
        return F(name)

    def where(self, name: str, lookup: type[Lookup], value: Any) -> Q:
        """Rows of which this is so by what is shown of a column."""
        if self.is_stored(name):  # spelt so that a column that is empty in a row counts as different
            return Q(**{f"{name}__{lookup.lookup_name}": value})
        return Q(lookup(self.sql(name), value))

    def named(self, column: Column) -> QuerySet[Any]:
        """The rows that a column can name, as far as the reader sees them."""
        return self.reader.rows(column.field.related_model).order_by()

    def links(self, column: Column) -> QuerySet[Any]:
        """For a column of several references: the links of the row at hand to what the reader sees."""
        field = column.field
        links = field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
        if self.reader.may_see(field.related_model):
            return links
        other = f"{field.m2m_reverse_field_name()}_id"
        return links.filter(Exists(self.named(column).filter(pk=OuterRef(other))))

    def _slug(self, column: Column) -> Any:
        """Of what a column names, if the reader sees it; what a row has to name is seen where the row is."""
        field = column.field
        target: Any = field.related_model
        rows = self.named(column) if field.null else target._default_manager.order_by()
        return Subquery(rows.filter(pk=OuterRef(field.attname)).values("slug")[:1])

    def _slugs(self, column: Column) -> Any:
        own, other = column.field.m2m_field_name(), column.field.m2m_reverse_field_name()
        links = self.links(column).values(own).annotate(joined=JoinedSlugs(f"{other}__slug"))
        return Subquery(links.values("joined"), output_field=models.TextField())


def _withheld(model: type[Record]) -> Told:
    """The column that says whether a record's words of its source are kept from the reader."""

    def value(reader: Reader) -> Any:
        hidden = reader.withheld(model)
        if hidden is None:
            return Cast(Value(False), models.BooleanField())  # PostgreSQL orders by no bare constant
        return Case(When(hidden, then=True), default=False)

    field = models.BooleanField(
        name=WITHHELD,
        verbose_name=WITHHELD,
        default=False,
        help_text="Whether its words and their place are kept from you, because the source is restricted.",
    )
    return Told(field, value)
