"""Files to test with, of every format: read, refused and made in one call each."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from evidence.exchange.files import (
    UPLOAD,
    FileRefused,
    Format,
    Limits,
    Row,
    Value,
    open_writer,
    read_grids,
)

NAMES = ("slug", "name", "notes")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def known(header: Sequence[str]) -> int:
    """How many names of a header are those that these tests use."""
    return len(set(header) & set(NAMES))


def grids(
    path: Path, *, limits: Limits = UPLOAD, known: Callable[[Sequence[str]], int] = known
) -> dict[str, list[Row]]:
    """The rows of every grid in a file, by title."""
    found = read_grids(path, name=path.name, known=known, limits=limits)
    return {grid.title: list(grid.rows) for grid in found}


def rows(path: Path, *, limits: Limits = UPLOAD) -> list[Row]:
    """The rows of a file that holds one grid."""
    (found,) = grids(path, limits=limits).values()
    return found


def cells(path: Path) -> list[list[str]]:
    """The cells of a file that holds one grid."""
    return [row.cells for row in rows(path)]


def refusal(path: Path, *, limits: Limits = UPLOAD) -> tuple[int, str]:
    """Where a file is refused, and with what sentence."""
    with pytest.raises(FileRefused) as refused:
        grids(path, limits=limits)
    return refused.value.line, refused.value.message


def file(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of this name with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def archive(folder: Path, name: str, members: dict[str, str | bytes]) -> Path:
    """A ZIP archive of these members."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    return path


def written(
    form: Format, header: Sequence[str], rows: Sequence[Sequence[Value]], title: str = "claims"
) -> bytes:
    """A file of this format with these rows."""
    out = BytesIO()
    writer = open_writer(form, out, title)
    writer.header(header)
    for row in rows:
        writer.row(row)
    writer.close()
    return out.getvalue()


def inline(name: str, text: str) -> str:
    """The XML of a cell with a text."""
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def sheet_xml(data: str) -> str:
    """The XML of a worksheet around its rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'


def parts(
    *sheets: str, texts: str = "", codes: Sequence[str] = (), book: str = "", states: str = ""
) -> dict[str, str]:
    """The parts of a workbook with these worksheets, given as the XML of their rows or whole.

    `texts` are its shared strings, `codes` the number formats of styles 1, 2 and so on, `book` is what stands before
    the list of worksheets, and of `states` the n-th letter is "h" where the n-th of them is hidden.
    """
    numbers = range(1, len(sheets) + 1)
    state = {n: 'state="hidden"' if states[n - 1 : n] == "h" else "" for n in numbers}
    listed = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}" {state[n]}/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    formats = "".join(
        f"<numFmt numFmtId={quoteattr(str(163 + n))} formatCode={quoteattr(code)}/>"
        for n, code in enumerate(codes, 1)
    )
    styles = "".join(f'<xf numFmtId="{163 + n}"/>' for n in range(1, len(codes) + 1))
    return {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" '
        f'ContentType="{TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships>{related}<Relationship Id="s" Type="{OFFICE}/styles" '
        f'Target="styles.xml"/><Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs>'
        '<xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        **{
            f"xl/worksheets/sheet{n}.xml": data
            if data.startswith("<worksheet") or "<!" in data
            else sheet_xml(data)
            for n, data in zip(numbers, sheets, strict=True)
        },
    }


def workbook(folder: Path, *sheets: str, name: str = "book.xlsx", **how: str | Sequence[str]) -> Path:
    """A workbook with these worksheets; for the rest see `parts`."""
    return archive(folder, name, parts(*sheets, **how))  # type: ignore[arg-type]
