"""Tables as files: chosen rows and columns, every format, one archive, and back again without a difference."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from claims.contract import TABLES
from claims.models import Company, Conflict
from evidence.contract import by_name
from evidence.exchange.exports import ColumnUnknown, Export, archive, streamed_archive
from evidence.exchange.files import Format
from evidence.exchange.rows import Outcome
from tests.factories import FACTORY_OF, CompanyFactory, PersonFactory
from tests.factories.base import some_change
from tests.sheets import outcomes, plan_of

pytestmark = pytest.mark.django_db

COMPANIES = by_name(TABLES)["companies"]
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "#CLEAR",
    '"',
    "a\nb",
    "a\tb",
    "a|b",
    "\\",
    "\u202eabc",
    "👩‍🔬",
    "1-2",
)


def written(export: Export) -> bytes:
    out = BytesIO()
    export.write(out)
    return out.getvalue()


@pytest.mark.parametrize("form", Format)
def test_every_table_comes_back_from_every_format_without_a_difference(form: Format, tmp_path: Path) -> None:
    for table in TABLES:
        FACTORY_OF[table.model]()
    for text in HOSTILE:
        CompanyFactory(aliases=[text.replace("\n", " "), "b"], description=text)
    for table in TABLES:
        (tmp_path / f"{table.name}.{form.value}").write_bytes(written(Export(table, form)))
    plan = plan_of(*sorted(tmp_path.iterdir()))
    assert [str(fault) for fault in plan.faults] == []
    assert [(row.key, row.changes) for row in plan.rows if row.outcome is not Outcome.UNCHANGED] == []
    assert len(outcomes(plan)) == sum(table.model._base_manager.count() for table in TABLES)


@pytest.mark.parametrize("form", Format)
def test_exporting_twice_gives_the_same_bytes_at_once_or_in_pieces(form: Format) -> None:
    for number in range(20):
        CompanyFactory(slug=f"company-{number}", description="x" * 5000)
    export = Export(COMPANIES, form)
    assert written(export) == written(export) == b"".join(export.streamed())
    assert form is Format.XLSX or len(list(export.streamed())) > 1


def test_rows_and_columns_are_chosen_and_the_key_is_always_there() -> None:
    CompanyFactory(slug="lg", name="LG", country="KR")
    CompanyFactory(slug="basf", name="BASF", country="DE")
    rows = Company.objects.filter(country="KR")
    assert (
        written(Export(COMPANIES, rows=rows, columns=("country", "name"))) == b"slug,name,country\nlg,LG,KR\n"
    )
    with pytest.raises(ColumnUnknown, match="companies has no column “nmae”; did you mean “name”"):
        Export(COMPANIES, columns=("nmae",))


def test_json_has_lists_true_and_false_and_null_for_what_is_not_stated() -> None:
    CompanyFactory(slug="lg", name="LG", aliases=["Lucky", "Gold|Star"], country="")
    (row,) = json.loads(written(Export(COMPANIES, Format.JSON, columns=("name", "aliases", "country"))))
    assert row == {"slug": "lg", "name": "LG", "country": None, "aliases": ["Lucky", "Gold|Star"]}


def test_all_tables_go_into_one_archive_which_comes_back_unchanged(tmp_path: Path) -> None:
    CompanyFactory(slug="lg")
    PersonFactory(slug="dan")
    exports = [Export(table) for table in TABLES if table.model._base_manager.exists()]
    out = BytesIO()
    assert archive(exports, out) == 2
    assert b"".join(streamed_archive(exports)) == out.getvalue()
    assert ZipFile(BytesIO(out.getvalue())).namelist() == ["companies.csv", "people.csv"]
    (tmp_path / "all.zip").write_bytes(out.getvalue())
    assert outcomes(plan_of(tmp_path)) == [Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_queries_of_an_export_do_not_grow_with_its_rows(django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        CompanyFactory(slug=f"company-{number}")
    with django_assert_max_num_queries(2):
        written(Export(COMPANIES))


@pytest.mark.parametrize("form", ["tsv", "xlsx", "json"])
def test_the_command_writes_a_folder_in_another_format(form: str, tmp_path: Path) -> None:
    CompanyFactory(slug="lg")
    call_command("export_data", tmp_path / "out", "--format", form, verbosity=0)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"05_companies.{form}"]
    assert outcomes(plan_of(tmp_path / "out")) == [Outcome.UNCHANGED]


def test_the_command_writes_one_archive_and_chosen_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    CompanyFactory(slug="lg", name="LG", country="KR")
    call_command("export_data", tmp_path / "all.zip")
    assert "1 row of 1 table written to" in capsys.readouterr().out
    assert ZipFile(tmp_path / "all.zip").namelist() == ["companies.csv"]
    call_command("export_data", "-", "companies", "--columns", "country")
    assert capsys.readouterr().out == "slug,country\nlg,KR\n"
    with pytest.raises(CommandError, match="name it"):
        call_command("export_data", "-", "--columns", "country")
    with pytest.raises(CommandError, match="did you mean “country”"):
        call_command("export_data", "-", "companies", "--columns", "contry")


def test_what_a_workbook_cannot_hold_is_refused_with_the_way_out(tmp_path: Path) -> None:
    CompanyFactory(slug="lg", description="x" * 40_000)
    with pytest.raises(CommandError, match=r"CSV or JSON"):
        call_command("export_data", tmp_path, "companies", "--format", "xlsx")


def test_a_conflict_that_is_exported_is_found_unchanged(tmp_path: Path) -> None:
    with some_change():
        FACTORY_OF[Conflict]()
    call_command("export_data", tmp_path, verbosity=0)
    assert set(outcomes(plan_of(tmp_path))) == {Outcome.UNCHANGED}
