"""Formulas in what we write, opened in a spreadsheet: none of them runs, in CSV, TSV and Excel workbooks."""

import csv
import subprocess
from pathlib import Path

import pytest

from evidence.exchange.cells import guard
from evidence.exchange.files import Format
from tests.files import file, written
from tests.machine import require_program

pytestmark = pytest.mark.deep

CALLS = (
    "1+1", "SUM(1,2)", "NOW()", "RAND()", "A1", "$A$1", "A1:B9", "1/0", '"a"&"b"', "TRUE()", "-1", "(1)", "{1,2}",
    'HYPERLINK("http://localhost/?x="&A1,"open")', 'WEBSERVICE("http://localhost/")', 'CELL("filename")', "#REF!",
    'IMPORTXML("http://localhost/","//a")', 'IMPORTDATA("http://localhost/")', "cmd|' /C calc'!A0", "MSEXCEL|'x'!''",
    'DDE("soffice";"/etc/passwd";"x")', "'file:///etc/passwd'#$x.A1", 'INDIRECT("A1")', 'EXEC("calc")',
    'IMAGE("http://localhost/x.png")',
)  # fmt: skip
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "=+",
    "==",
    "=-",
    "'=",
    "''=",
    "\n=",
    " =",
    '"=',
    "\ufeff=",
    "=\n",
)
PAYLOADS = [
    *(f"{start}{call}" for start in "=@" for call in CALLS),
    *(f"{start}{call}" for start in STARTS[1:] for call in ("1+1", "SUM(1,2)")),
]
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
OPENED = {
    Format.CSV: "--infilter=Text - txt - csv (StarCalc):44,34,76",
    Format.TSV: "--infilter=Text - txt - csv (StarCalc):9,34,76",
    Format.XLSX: "--infilter=Calc MS Excel 2007 XML",
}


@pytest.fixture(scope="module")
def office() -> str:
    return require_program("soffice", "Debian, Ubuntu: apt install libreoffice-calc")


def shown(office: str, path: Path, form: Format) -> list[list[str]]:
    """The cells that LibreOffice shows of a file."""
    subprocess.run(
        [office, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless", OPENED[form],
         "--convert-to", AS_CSV, "--outdir", path.parent / "shown", path],
        check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    with (path.parent / "shown" / f"{path.stem}.csv").open(newline="", encoding="utf-8") as text:
        return list(csv.reader(text))


def as_shown(text: str) -> str:
    """A text with the one kind of line end that our files have."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


def test_a_spreadsheet_would_run_them(office: str, tmp_path: Path) -> None:
    cells = shown(office, file(tmp_path, "people.csv", "slug,name\ndan,=1+1\n"), Format.CSV)
    assert cells == [["slug", "name"], ["dan", "2"]]


@pytest.mark.parametrize("form", list(OPENED))
def test_none_of_them_runs(form: Format, office: str, tmp_path: Path) -> None:
    content = written(form, ["slug", "name"], [[f"s{n}", text] for n, text in enumerate(PAYLOADS)])
    cells = shown(office, file(tmp_path, f"people.{form}", content), form)
    stored = [as_shown(text) if form is Format.XLSX else guard(as_shown(text)) for text in PAYLOADS]
    assert dict(cells[1:]) == {f"s{n}": text for n, text in enumerate(stored)}
