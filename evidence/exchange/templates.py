"""Sheets to be filled in: the header of a table, and in a workbook a second worksheet that explains its columns.

What the second worksheet says of a column is read off the model: how people see it, whether a new record needs it, what
it holds, its words with what they mean, and its help text. Only examples of free text have to be told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any

from django.utils.text import capfirst
from slugify import slugify

from evidence.contract import Column, Kind, Table
from evidence.exchange.cells import CLEAR
from evidence.exchange.files import Format, FormatRefused, WorkbookWriter, open_writer
from evidence.exchange.sheets import ABOUT
from evidence.fields import LinkField, SlugField

FORMATS = (Format.XLSX, Format.CSV, Format.TSV)
"""Those whose header stands by itself; the best one first."""

HEAD = ("Column", "Label", "Required", "Holds", "Example", "Explanation")
WIDTHS = (22, 22, 14, 34, 34, 80)
"""Of these columns, in characters."""

HELD = {
    Kind.TEXT: "text, on several lines if need be",
    Kind.LINE: "text on one line",
    Kind.LIST: "texts, with | between them",
    Kind.CODE: "one of the words below",
    Kind.DATE: "date, in EDTF or as printed",
    Kind.MOMENT: "moment in UTC, in ISO 8601",
    Kind.BOOL: "true or false",
    Kind.NUMBER: "number with a decimal point",
}
"""What columns hold whose kind alone says it."""

EXAMPLES = {
    Kind.DATE: "2026-05-04",
    Kind.MOMENT: "2026-05-04T12:30:00+00:00",
    Kind.BOOL: "true",
    Kind.NUMBER: "45.37",
}
"""Of kinds whose values all look alike."""


@dataclass(frozen=True)
class Template:
    """The empty sheet of a table, or of a table with the columns of its parts beside its own."""

    table: Table
    part: Table | None = None
    form: Format = Format.XLSX
    examples: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Of columns whose kind gives none, by `column` or `table.column`."""

    def __post_init__(self) -> None:
        if self.form not in FORMATS:
            known = ", ".join(form.value for form in FORMATS)
            raise FormatRefused(f"{self.form.name} without rows names no columns; choose one of {known}.")

    @property
    def name(self) -> str:
        """What it is asked for by: “claims”, “claims+citations”."""
        return self.table.flat if self.part else self.table.name

    @property
    def label(self) -> str:
        """What it is called: “claims”, “claims with citations”."""
        return f"{self.table.label} with {self.part.label}" if self.part else self.table.label

    @property
    def file(self) -> str:
        """The name of its file, which tells an import the table."""
        return f"{self.table.name}.{self.form.value}"

    @cached_property
    def own(self) -> dict[str, Column]:
        """The columns of the table itself that an import reads."""
        return {column.name: column for column in self.table.columns if not column.computed}

    @cached_property
    def beside(self) -> dict[str, Column]:
        """The columns of its parts that stand beside them, by the names that they have there."""
        if self.part is None:
            return {}
        model: Any = self.part.model
        named = {
            f"{model._meta.model_name}_slug" if column.name == "slug" else column.name: column
            for column in self.part.columns
            if not column.computed and column.name != model.PARENT
        }
        return {name: column for name, column in named.items() if name not in self.own}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """All its columns by their names, in the contract's order."""
        return {**self.own, **self.beside}

    def example(self, name: str) -> str:
        """What a cell of this column may say; the examples of all tables refer to each other."""
        column = self.columns[name]
        table = self.part if self.part and name in self.beside else self.table
        told = self.examples.get(f"{table.name}.{column.name}") or self.examples.get(column.name)
        return told or _example(table, column)

    def write(self, out: IO[bytes]) -> int:
        """Write it; returns how many columns it has."""
        return sum(1 for _ in self.written(out))

    def written(self, out: IO[bytes]) -> Iterator[None]:
        """Write it column by column, as it has no rows."""
        book = WorkbookWriter(out, self.table.name, ABOUT.capitalize()) if self.form is Format.XLSX else None
        writer = book or open_writer(self.form, out, self.table.name)
        writer.header(list(self.columns))
        if book:
            self._begin_about(book)
        for name in self.columns:
            if book:
                self._explain(name, book)
            yield
        writer.close()

    def _begin_about(self, book: WorkbookWriter) -> None:
        book.next_worksheet(WIDTHS)
        book.header(HEAD)
        for topic, example, rule in self._rules():
            book.row([f"({topic})", "", "", "", example, rule])

    def _explain(self, name: str, book: WorkbookWriter) -> None:
        """Write a row about a column, and one about each of its words."""
        column = self.columns[name]
        label = column.label if name == column.name else capfirst(name.replace("_", " "))
        default = f" New records without it: {_default(column)}." if _default(column) else ""
        explanation = f"{column.field.help_text}{default}"
        book.row([name, label, self._required(name), _held(column), self.example(name), explanation])
        for word, meaning in column.meanings.items():
            book.row(["", "", "", "", word, meaning])

    def _required(self, name: str) -> str:
        column = self.columns[name]
        proposed = column.name == "slug" and bool(getattr(column.field.model, "SLUG_FROM", ()))
        if proposed or not column.required:
            return "no"
        return f"for a {_thing(self.part)}" if name in self.beside else "yes"

    def _rules(self) -> Iterator[tuple[str, str, str]]:
        """What holds of all cells: topic, example and rule."""
        kinds = {column.kind for column in self.columns.values()}
        yield "rows", "", self._rule_of_rows()
        yield "columns", "", COLUMNS
        yield "empty cells", CLEAR, EMPTY
        if Kind.DATE in kinds:
            yield "dates", "2027-40 (H1 2027)", DATES
        if kinds & {Kind.LIST, Kind.REFERENCES}:
            yield "lists", "one|another", LISTS
        if kinds & {Kind.REFERENCE, Kind.REFERENCES}:
            yield "slugs", "", REFERENCES
        if self.part:
            yield self.part.label, "", BESIDE.format(part=_thing(self.part), whole=_thing(self.table))
        elif self.table.inline:
            yield self.table.inline, "", APART.format(name=self.table.flat)

    def _rule_of_rows(self) -> str:
        key = " and ".join(self.table.model.KEY)
        told = (
            f"A row is a record of {self.table.label}. It changes the one with the same {key}; where there is none, it "
            "makes a new one."
        )
        sources: Any = getattr(self.table.model, "SLUG_FROM", ())
        return f"{told} An empty slug is proposed from {' and '.join(sources)}." if sources else told


COLUMNS = (
    "They may stand in any order, under their names or labels; one that is left out says nothing. A new record needs "
    "those that are required. An import passes this worksheet over."
)
EMPTY = (
    f"An empty cell keeps what is there, or empties it where the import is told to. {CLEAR} always empties."
)
DATES = (
    "As vague as the document: a year, a month, a day or an interval in EDTF. Words are read too, “H1 2027”; those "
    "that have two readings are refused with both."
)
LISTS = r"Several values in one cell have | between them; a bar inside a value is written \|."
REFERENCES = (
    "Records are named by their slugs. They are there already, or come in the same import, in any order."
)
BESIDE = (
    "Each row has one {part}. Rows with the same slug are one {whole} with several; they agree in what they say of it, "
    "or say it once and leave it empty after. Each {part} needs a slug only where two stand at one place."
)
APART = "They may stand in the same rows, beside these columns: the template {name} has both."


def _thing(table: Table | None) -> str:
    """What one row of the table is: “claim”."""
    return str(table.model._meta.verbose_name) if table else ""


def _held(column: Column) -> str:
    """What a column holds, in plain words."""
    if isinstance(column.field, SlugField):
        return "slug: small letters, digits, hyphens"
    if isinstance(column.field, LinkField):
        return "address of a page, http or https"
    if column.kind is Kind.STANDARD:
        return str(column.field.example)
    if column.kind is Kind.LIST and column.words:
        return "words of those below, with | between them"
    if column.kind is Kind.REFERENCE:
        return f"slug of {_targets(column)}"
    if column.kind is Kind.REFERENCES:
        return f"slugs of {_targets(column)}, with | between them"
    return HELD[column.kind]


def _targets(column: Column) -> str:
    """The tables that a column refers to: that of its model, or those of its leaves."""
    *first, last = [str(model._meta.verbose_name_plural) for model in _leaves(column)]
    return f"{', '.join(first)} or {last}" if first else last


def _leaves(column: Column) -> list[Any]:
    target: Any = column.target
    return target.__subclasses__() or [target]


def _default(column: Column) -> str:
    """The word that a new record gets where it says none."""
    return str(column.field.default) if column.kind is Kind.CODE and column.field.has_default() else ""


def _example(table: Table, column: Column) -> str:
    """An example where the kind of the column gives one, else nothing."""
    if column.name in ("slug", "name", "title"):
        name = f"Example {_thing(table)}"
        return slugify(name) if column.name == "slug" else name
    if column.kind in (Kind.REFERENCE, Kind.REFERENCES):
        return slugify(f"Example {_leaves(column)[0]._meta.verbose_name}")
    if column.words:
        return _default(column) or getattr(column.field, "suggested", "") or column.words[0]
    return EXAMPLES.get(column.kind, "")
