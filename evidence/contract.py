"""The contract of the ground floor: its tables and columns, under the names that sheets, JSON and people use.

A table is written once, as a line of column names in their order. What a column holds, whether it is required,
which table it refers to and which words it takes, is read off the model; sheets, API, filters and admin derive
what is uniform from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.text import capfirst

from evidence.fields import CodeField, LineField, ListField, PartialDateField, StandardCodeField
from evidence.models import Curated, Investigation, Publisher, Record, Reviewed, Snapshot, Source


class Kind(StrEnum):
    """What a column holds, as the contract's notation puts it."""

    TEXT = "text"
    LINE = "line"
    LIST = "list"
    CODE = "code"
    CODES = "codes"
    STANDARD = "standard code"
    DATE = "date"
    MOMENT = "moment"
    BOOL = "bool"
    NUMBER = "number"
    REFERENCE = "reference"
    REFERENCES = "references"


@dataclass(frozen=True)
class Column:
    """One column of a table. `computed` columns are shown and exported, and ignored on import."""

    field: Any
    computed: bool = False

    @cached_property
    def name(self) -> str:
        """The column's name: CSV header, JSON key and model field."""
        return str(self.field.name)

    @cached_property
    def kind(self) -> Kind:
        """What it holds."""
        return next(kind for type_, kind in KINDS if isinstance(self.field, type_))

    @property
    def required(self) -> bool:
        """Whether a new row has to state it; what has a default does not."""
        return not (self.computed or self.field.blank or self.field.has_default())

    @property
    def target(self) -> type[Record] | None:
        """The model it refers to; None where it is no reference."""
        return self.field.related_model if self.field.is_relation else None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its code list; empty where it has none."""
        return tuple(self.meanings)

    @property
    def meanings(self) -> dict[str, str]:
        """The words of its code list, each with what it means to people."""
        choices = self.field.words.choices if isinstance(self.field, ListField) and self.field.words else None
        return {word: str(meaning) for word, meaning in choices or getattr(self.field, "choices", None) or ()}

    @property
    def label(self) -> str:
        """The column's name for people, such as “Archived url”."""
        return str(capfirst(self.field.verbose_name))


KINDS: tuple[tuple[Any, Kind], ...] = (
    (ListField, Kind.LIST),
    (PartialDateField, Kind.DATE),
    (StandardCodeField, Kind.STANDARD),
    (LineField, Kind.LINE),
    (CodeField, Kind.CODE),
    (models.TextField, Kind.TEXT),
    (models.CharField, Kind.LINE),
    (models.BooleanField, Kind.BOOL),
    (models.DateTimeField, Kind.MOMENT),
    (models.DecimalField, Kind.NUMBER),
    (models.IntegerField, Kind.NUMBER),
    (models.ForeignKey, Kind.REFERENCE),
    (models.ManyToManyField, Kind.REFERENCES),
)
"""Which field holds what; the first that fits counts, so the special stand before the general."""

SEARCHED = (
    "slug",
    "name",
    "title",
    "statement",
    "label",
    "text",
    "aliases",
    "number",
    "value",
    "explanation",
    "quote",
)
"""The columns in which people look for a word."""

JUDGED = ("confidence", "basis")
REVIEWED = ("review", "notes")


@dataclass(frozen=True)
class Table:
    """One table of the contract: its name, its model and its columns in order, key first."""

    name: str
    model: type[Record]
    listed: str
    computed: str = ""
    inline: str = ""
    """The table of parts whose columns may stand beside those of this one, a part a row."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns: the key, those of the line, and those that this grade of record carries."""
        key = [name for name in self.model.KEY if name not in self.listed.split()]
        names = (*key, *self.listed.split(), *self.standing)
        fields = [Column(self.model._meta.get_field(name)) for name in names]
        return (*fields, *(Column(self.model._meta.get_field(name), True) for name in self.computed.split()))

    @property
    def standing(self) -> tuple[str, ...]:
        """The columns that every record of this grade has."""
        judged = JUDGED if issubclass(self.model, Curated) else ()
        return (*judged, *(REVIEWED if issubclass(self.model, Reviewed) else ()))

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def searched(self) -> tuple[str, ...]:
        """The columns in which people look for a word; empty where rows have no words of their own."""
        return tuple(name for name in SEARCHED if name in self.by_name)

    @property
    def label(self) -> str:
        """The table's name for people, such as “companies”."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def flat(self) -> str:
        """The name of its sheet where the columns of its parts stand beside; empty where they cannot."""
        return f"{self.name}+{self.inline}" if self.inline else ""

    def of_kind(self, *kinds: Kind) -> list[str]:
        """The names of the columns that hold one of these kinds."""
        return [column.name for column in self.columns if column.kind in kinds]


TABLES = (
    Table("investigations", Investigation, "title summary licence disclaimer"),
    Table("publishers", Publisher, "name kind reliability reliability_reason country website"),
    Table(
        "sources",
        Source,
        "title kind publisher authors url archived_url published retrieved language originates_from part_of "
        "relies_on reliability access withdrawn sha256 investigations",
    ),
    Table("snapshots", Snapshot, "method media_type sha256 text_sha256"),
)


def by_name(tables: Iterable[Table]) -> dict[str, Table]:
    """The tables by their names."""
    return {table.name: table for table in tables}


def by_model(tables: Iterable[Table]) -> dict[type[Record], Table]:
    """The tables by their models."""
    return {table.model: table for table in tables}
