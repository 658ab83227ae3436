"""Templates, opened and saved by a spreadsheet: they come back whole, and are read as they were."""

import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from claims.contract import TABLES
from claims.exchange.templates import TEMPLATES
from evidence.contract import by_name
from evidence.exchange.sheets import read_sheets
from tests.machine import require_program

pytestmark = pytest.mark.deep


def shown(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The cells of every worksheet of a workbook."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path).worksheets}


def test_templates_that_libreoffice_saved_are_read_as_they_were(tmp_path: Path) -> None:
    office = require_program("soffice", "Debian, Ubuntu: apt install libreoffice-calc")
    made, saved = tmp_path / "made", tmp_path / "saved"
    made.mkdir()
    for name, template in TEMPLATES.items():
        with (made / f"{name}.xlsx").open("wb") as out:
            template.write(out)
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", saved, *sorted(made.iterdir())],
        check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    for name, template in TEMPLATES.items():
        assert shown(saved / f"{name}.xlsx") == shown(made / f"{name}.xlsx")
        sheets = read_sheets([saved / f"{name}.xlsx"], by_name(TABLES))
        assert [sheet.table for sheet in sheets] == [
            template.table,
            *([template.part] if template.part else []),
        ]
        assert [sheet for sheet in sheets if sheet.lines or sheet.faults] == []
