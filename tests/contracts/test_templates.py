"""What is promised of the template of every table: filled in with what it says, it is imported without a fault."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from openpyxl import Workbook, load_workbook

from claims.contract import TABLES
from claims.exchange.templates import EXAMPLES, TEMPLATES
from claims.models import Claim, Entity, Predicate
from evidence.contract import Column, by_name
from evidence.domain.text import split_list
from evidence.exchange.plans import Plan
from evidence.exchange.rows import Outcome
from evidence.exchange.sheets import read_sheets
from evidence.exchange.templates import FORMATS, HEAD, Template
from tests.factories import FACTORY_OF, CompanyFactory, PredicateFactory
from tests.sheets import bring_in, outcomes, plan_of, sheet

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)

APART = {("predicates", "codes"): "only predicates of type code list words, and these have no unit"}
"""Columns whose examples stand in no row together with the others, and why."""


def book_of(template: Template) -> Workbook:
    out = BytesIO()
    template.write(out)
    return load_workbook(BytesIO(out.getvalue()))


def about(template: Template) -> list[dict[str, str]]:
    """The rows of the second worksheet, by the names of its columns."""
    header, *rows = book_of(template)["About"].iter_rows(values_only=True)
    assert header == HEAD
    return [dict(zip(HEAD, (cell or "" for cell in row), strict=True)) for row in rows]


def explained(template: Template) -> dict[str, dict[str, str]]:
    """The rows about columns, by column."""
    return {row["Column"]: row for row in about(template) if row["Column"] in template.columns}


def examples(template: Template) -> dict[str, str]:
    """A row of the examples that the second worksheet shows."""
    return {
        name: row["Example"]
        for name, row in explained(template).items()
        if (template.table.name, name) not in APART
    }


def filled(template: Template, cells: dict[str, str], folder: Path) -> Path:
    """The workbook as somebody leaves it who typed a row into it."""
    book = book_of(template)
    first = book[template.table.name]
    for place, name in enumerate(template.columns, 1):
        first.cell(2, place, cells.get(name) or None)
    path = folder / template.file
    book.save(path)
    return path


def supply(template: Template, cells: dict[str, str], known: set[str] | None = None) -> None:
    """Make every record that the cells name, but for those that are known already."""
    known = known if known is not None else set()
    for name, column in template.columns.items():
        for slug in split_list(cells.get(name, "")) if column.target else ():
            if slug not in known:
                make(column.target, slug)
                known.add(slug)


def make(target: Any, slug: str) -> Any:
    if target is Predicate:
        return PredicateFactory(slug=slug, measured=True)
    return (CompanyFactory if target is Entity else FACTORY_OF[target])(slug=slug)


def read_from(path: Path) -> set[Column]:
    """The columns that the sheets of a file have, which hold no rows and no faults."""
    sheets = read_sheets([path], by_name(TABLES))
    assert [sheet for sheet in sheets if sheet.lines or sheet.faults] == []
    names = [(sheet.table.by_name, name) for sheet in sheets for name in sheet.columns]
    return {columns[name] for columns, name in names if name in columns}


def told(plan: Plan) -> list[str]:
    return [str(fault) for fault in plan.faults]


@every_template
def test_it_has_the_columns_that_an_import_reads_and_no_row(template: Template) -> None:
    first, second = book_of(template).sheetnames
    assert (first, second) == (template.table.name, "About")
    (header,) = book_of(template)[first].iter_rows(values_only=True)
    own = [column.name for column in template.table.columns if not column.computed]
    assert list(header[: len(own)]) == own
    assert list(header) == list(template.columns)


@every_template
def test_every_column_has_an_example_and_an_explanation(template: Template) -> None:
    rows = explained(template)
    assert list(rows) == list(template.columns)
    assert [name for name, row in rows.items() if not all(row.values())] == []


@every_template
@pytest.mark.django_db
def test_filled_in_with_its_examples_it_is_imported_without_a_fault(
    template: Template, tmp_path: Path
) -> None:
    cells = examples(template)
    supply(template, cells)
    plan = plan_of(filled(template, cells, tmp_path))
    assert told(plan) == []
    assert set(outcomes(plan)) == {Outcome.CREATE}
    assert len(plan.rows) == 1 + bool(template.part)


@every_template
@pytest.mark.django_db
def test_what_it_calls_required_suffices(template: Template, tmp_path: Path) -> None:
    cells = {name: row["Example"] for name, row in explained(template).items() if row["Required"] != "no"}
    if template.table.name == "conflicts":
        cells["explanation"] = EXAMPLES["explanation"]  # which a found one does without
    if "predicate" in cells:
        cells["value"] = "10 GWh/year"  # which other predicates do without
    supply(template, cells)
    plan = plan_of(filled(template, cells, tmp_path))
    assert told(plan) == []
    assert set(outcomes(plan)) == {Outcome.CREATE}


@every_template
def test_it_is_read_empty_in_every_format(template: Template, tmp_path: Path) -> None:
    for form in FORMATS:
        path = tmp_path / f"{template.table.name}.{form.value}"
        with path.open("wb") as out:
            assert replace(template, form=form).write(out) == len(template.columns)
        assert read_from(path) == set(template.columns.values())


@every_template
def test_its_labels_name_the_columns_too(template: Template, tmp_path: Path) -> None:
    labels = [row["Label"] for row in explained(template).values()]
    path = sheet(tmp_path, f"{template.table.name}.csv", ",".join(labels) + "\n")
    assert read_from(path) == set(template.columns.values())


@every_template
def test_every_word_of_a_column_stands_below_it_with_its_meaning(template: Template) -> None:
    words: dict[str, dict[str, str]] = {}
    column = ""
    for row in about(template):
        column = row["Column"] or column
        if not row["Column"]:
            words.setdefault(column, {})[row["Example"]] = row["Explanation"]
    assert words == {name: column.meanings for name, column in template.columns.items() if column.words}


@pytest.mark.django_db
def test_all_examples_together_are_one_ledger(tmp_path: Path, system: User) -> None:
    plain = [template for template in TEMPLATES.values() if not template.part]
    rows = [(template, examples(template)) for template in plain]
    known = {cells.get("slug", "") for _, cells in rows}
    for template, cells in rows:
        supply(template, cells, known)
        filled(template, cells, tmp_path)
    bring_in(tmp_path, actor=system)
    plan = plan_of(tmp_path)
    assert told(plan) == []
    assert set(outcomes(plan)) == {Outcome.UNCHANGED}
    assert len(plan.rows) == len(TABLES)


@pytest.mark.django_db
def test_the_words_of_a_predicate_are_an_example_of_their_own(tmp_path: Path) -> None:
    template = TEMPLATES["predicates"]
    cells = {**examples(template), "codes": template.example("codes"), "value_type": "code"}
    cells |= {"unit": "", "tolerance": ""}
    assert told(plan_of(filled(template, cells, tmp_path))) == []


@pytest.mark.django_db
def test_rows_of_the_flat_template_with_one_slug_are_one_claim_with_several_citations(
    tmp_path: Path, system: User
) -> None:
    template = TEMPLATES["claims+citations"]
    cells = examples(template)
    supply(template, cells)
    path = filled(template, cells, tmp_path)
    book = load_workbook(path)
    second = {**cells, "citation_slug": "", "locator": "title"}
    book["claims"].append([second[name] or None for name in template.columns])
    book.save(path)
    bring_in(path, actor=system)
    assert list(Claim.objects.get().citations.values_list("slug", "locator")) == [
        ("example-citation", "3.8 t1 r2 c4"),
        ("example-claim-example-source-title", "title"),
    ]


def test_only_the_flat_template_has_the_columns_of_parts() -> None:
    assert {name for name, template in TEMPLATES.items() if template.part} == {"claims+citations"}
    flat = TEMPLATES["claims+citations"].columns
    assert list(flat)[-14:-11] == ["citation_slug", "source", "stance"]
    assert not {"claim", "quote_state"} & set(flat)
    assert "citation_slug" not in TEMPLATES["claims"].columns


def test_every_example_that_is_told_is_shown() -> None:
    known = {
        name
        for table in TABLES
        for column in table.columns
        for name in (column.name, f"{table.name}.{column.name}")
        if not column.computed
    }
    assert EXAMPLES.keys() <= known
