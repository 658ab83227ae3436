"""The tables of printed values: what each stands for, or why it is refused."""

import csv
from pathlib import Path

TABLES = {"quantity": "quantities.csv", "money": "money.csv", "percent": "percents.csv"}
FOLDER = Path(__file__).parents[3] / "specimens"

Row = dict[str, str]


def specimens(value_type: str) -> list[Row]:
    """Columns: the text, the unit or currency given beside it, the set (an empty end is open) with its unit or its
    currencies joined by `|`; for a refused text its readings joined by `|`, or a part of the reason."""
    with (FOLDER / TABLES[value_type]).open(encoding="utf-8", newline="") as file:
        return [row | {"type": value_type} for row in csv.DictReader(file)]


def every_specimen() -> list[Row]:
    return [row for value_type in TABLES for row in specimens(value_type)]


def named(row: Row) -> str:
    given = f" in {row['given']}" if row["given"] else ""
    return f"{row['type']} {row['printed']!r}{given}"
