"""docs/contract.md as the models have it: the tables and columns that others rely on."""

from claims.contract import TABLES
from claims.models import Entity
from evidence.contract import Column, Kind, Table, by_model

HEAD = """# The contract

The CSV column, the JSON key and the model field have the same name. Rows are named by their key: a slug of 1 to 80
small letters, digits and hyphens, or the columns listed. Entities (companies, people, agreements, investments,
plants, patents, events and topics) share one space of slugs; every other table has its own.

Notation: `name!` required · `→t` the key of a row of table t (`→e`: any entity) · `…*` several, separated by `|` ·
`:date` EDTF · `:moment` ISO 8601 in UTC · `:code` a word of the lists below · `:iso` a code of an international
standard · `:bool` `true` or `false` · `:number` · `(computed)` exported, ignored on import · rest text.

| table | key | columns |
|---|---|---|
"""

LISTS = """
## Code lists

| column | words |
|---|---|
"""

ENDINGS = {
    Kind.CODE: ":code",
    Kind.STANDARD: ":iso",
    Kind.DATE: ":date",
    Kind.MOMENT: ":moment",
    Kind.BOOL: ":bool",
    Kind.NUMBER: ":number",
    Kind.LIST: "*",
}

SAID_ONCE = ("confidence", "basis", "review")
"""Columns with the same words wherever they stand."""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(map(table_line, TABLES)) + LISTS + "".join(list_lines())


def table_line(table: Table) -> str:
    """A table's name, key and columns."""
    key = " + ".join(table.model.KEY)
    columns = [column for column in table.columns if column.name != "slug"]
    return f"| `{table.name}` | {key} | {', '.join(map(notation, columns))} |\n"


def notation(column: Column) -> str:
    """A column in the notation of the page."""
    if column.computed:
        return f"({column.name})"
    codes = ":code" if column.kind is Kind.LIST and column.words else ""
    required = "!" if column.required else ""
    return f"{column.name}{required}{reference(column)}{ENDINGS.get(column.kind, '')}{codes}"


def reference(column: Column) -> str:
    """The table that a column refers to."""
    if column.target is None:
        return ""
    target = "e" if column.target is Entity else by_model(TABLES)[column.target].name
    return f"→{target}" + ("*" if column.kind is Kind.REFERENCES else "")


def list_lines() -> list[str]:
    """Every code list with its words, those that many tables share once."""
    lines = {
        column.name if column.name in SAID_ONCE else f"{table.name}.{column.name}": column.words
        for table in TABLES
        for column in table.columns
        if column.words
    }
    return [f"| {name} | {' '.join(f'`{word}`' for word in words)} |\n" for name, words in lines.items()]
