"""The resources of django-import-export, one a table, made from the contract."""

from functools import cache
from typing import Any

from django.db import models
from import_export import fields, resources

from evidence.contract import Column, Kind, Table
from evidence.exchange.cells import widget_for


class SheetField(fields.Field):
    """A column of a sheet: it reads and writes the cells of one column of the contract."""

    def __init__(self, column: Column) -> None:
        self.column = column
        super().__init__(attribute=column.name, column_name=column.name, widget=widget_for(column))

    def cell(self, record: Any) -> str:
        """The cell for this column of a record."""
        if self.column.kind is Kind.REFERENCES and record.pk is None:
            return ""
        return str(self.widget.render(getattr(record, self.column.name, None), record))


class SheetResource(resources.ModelResource):
    """A table of the contract as a sheet, one row a record, in the order of the key."""

    table: Table

    @property
    def sheet_fields(self) -> dict[str, SheetField]:
        """The columns by name, in the contract's order."""
        return {name: self.fields[name] for name in self.table.by_name}

    def get_queryset(self) -> models.QuerySet:
        return self.ordered(self.table.model._default_manager.all())

    def ordered(self, rows: models.QuerySet) -> models.QuerySet:
        """The rows in the order of their keys, with what their cells need, a fixed number of queries."""
        table = self.table
        references = table.of_kind(Kind.REFERENCE)
        many = table.of_kind(Kind.REFERENCES)
        keys = table.model.key_lookups()
        return rows.order_by(*keys).select_related(*references).prefetch_related(*many)

    def cells(self, record: Any) -> list[str]:
        """The cells of a record, in the contract's order."""
        return [field.cell(record) for field in self.sheet_fields.values()]


@cache
def resource_for(table: Table) -> SheetResource:
    """The resource of a table."""
    columns = {column.name: SheetField(column) for column in table.columns}
    meta = type(
        "Meta",
        (),
        {
            "model": table.model,
            "fields": tuple(columns),
            "export_order": tuple(columns),
            "import_id_fields": table.model.KEY,
            "clean_model_instances": True,
        },
    )
    made = type(
        f"{table.model.__name__}Resource", (SheetResource,), {**columns, "Meta": meta, "table": table}
    )
    return made()
