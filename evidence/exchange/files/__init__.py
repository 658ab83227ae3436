"""Files into rows of text cells, and rows of cells into files: CSV, TSV, Excel workbooks, JSON, archives of them.

Nothing here knows a table or a model. A file is read as one or more grids, a row at a time; what it may cost is bounded
before it is paid. What a cell means is the business of `evidence.exchange.cells`, which column it is in that of sheets.
"""

from evidence.exchange.files.grids import FileRefused, Format, Grid, Row
from evidence.exchange.files.limits import COMMAND, UPLOAD, Limits
from evidence.exchange.files.reading import read_grids
from evidence.exchange.files.values import FormatRefused, RowWriter, Value
from evidence.exchange.files.workbook_writing import WorkbookWriter
from evidence.exchange.files.writing import open_writer

__all__ = [
    "COMMAND",
    "UPLOAD",
    "FileRefused",
    "Format",
    "FormatRefused",
    "Grid",
    "Limits",
    "Row",
    "RowWriter",
    "Value",
    "WorkbookWriter",
    "open_writer",
    "read_grids",
]
