"""Rows of a table written past the model's code, as quickly as the database takes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models


class Table:
    """The table of a model; what a row does not say has the model's default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields, blank = model._meta.local_concrete_fields, model()
        quoted = connection.ops.quote_name
        self.name = quoted(model._meta.db_table)
        self.columns = [field.attname for field in fields]
        self.defaults = [
            field.get_db_prep_save(field.pre_save(blank, add=True), connection) for field in fields
        ]
        self.listed = ", ".join(quoted(str(field.column)) for field in fields)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows of values by column, as the database takes them."""
        named = list(zip(self.columns, self.defaults, strict=True))
        lines = [[row.get(name, default) for name, default in named] for row in rows]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self.name} ({self.listed}) FROM STDIN") as copy:
                    for line in lines:
                        copy.write_row(line)
            else:
                marks = ", ".join("%s" for _ in self.columns)
                cursor.executemany(f"INSERT INTO {self.name} ({self.listed}) VALUES ({marks})", lines)
