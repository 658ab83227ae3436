"""import_data and export_data: what they say, how they end, and that nothing is written on any fault."""

from hashlib import sha256
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from claims.contract import TABLES
from claims.models import Claim, Company
from evidence.models import Change, ImportBatch, Publisher
from tests.factories import CompanyFactory, PublisherFactory
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def run(*arguments: str | Path) -> str:
    """What the command wrote to standard output."""
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def fails(*arguments: str | Path) -> str:
    """What the command wrote to standard error before it ended with status 1."""
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    assert ended.value.code == 1
    assert out.getvalue() == ""
    return err.getvalue()


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    """A sheet of two new companies."""
    return sheet(tmp_path, "05_companies.csv", "slug,name\nlg,LG\nnano-one,Nano One\n")


def test_without_commit_an_import_shows_what_it_would_do_and_writes_nothing(companies: Path) -> None:
    assert run("import_data", companies) == (
        "companies: 2 create\n"
        "Whether somebody may do this, and review it, is seen with --as USER.\n"
        "2 rows: 2 create, 0 update, 0 unchanged, 0 rejected (nothing written; add --commit --as USER to write).\n"
    )


def test_a_preview_shows_every_difference(companies: Path) -> None:
    run("import_data", companies, "--commit", "--as", "system")
    slug = Company.objects.order_by("slug").first().slug
    said = run("import_data", sheet(companies.parent, "companies.csv", f"slug,country\n{slug},KR\n"))
    assert f"companies.csv:2 {slug}: country: “" in said
    assert "” → “KR”\n" in said
    assert Company.objects.get(slug=slug).country != "KR"


def test_a_path_without_sheets_is_refused(tmp_path: Path) -> None:
    assert "There is no sheet here" in fails("import_data", tmp_path)
    assert "There is no such file" in fails("import_data", tmp_path / "people.csv")


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_separators_are_found_out_by_the_names_of_the_columns(
    mark: str, tmp_path: Path, db: None
) -> None:
    path = sheet(tmp_path, "people.csv", f"slug{mark}name\ndan{mark}Dan, Dr\n")
    assert "people: 1 create" in run("import_data", path)


def test_a_short_row_empties_nothing_even_where_empty_cells_do(companies: Path) -> None:
    run("import_data", companies, "--commit", "--as", "system")
    company = Company.objects.order_by("slug").first()
    path = sheet(companies.parent, "companies.csv", f"slug,name,kind,country\n{company.slug},Renamed\n")
    run("import_data", path, "--commit", "--as", "system", "--empty", "clear")
    after = Company.objects.get(pk=company.pk)
    assert (after.name, after.kind, after.country) == ("Renamed", company.kind, company.country)


def test_an_export_into_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="name another folder"):
        run("export_data", tmp_path / "file")
    assert not Company.objects.exists()
    assert not Change.objects.exists()


def test_with_commit_it_writes_as_the_user_for_the_reason(companies: Path, curator: User) -> None:
    said = run("import_data", companies, "--commit", "--as", "curator", "--reason", "first data")
    assert said == ("companies: 2 create\n2 rows: 2 create, 0 update, 0 unchanged, 0 rejected (written).\n")
    (change,) = Change.objects.all()
    assert (change.actor, change.reason, change.door) == (curator, "first data", "import")
    assert Company.history.filter(change=change, history_type="+").count() == 2


def test_importing_again_changes_nothing(companies: Path, curator: User) -> None:
    run("import_data", companies, "--commit", "--as=curator")
    said = run("import_data", companies, "--commit", "--as=curator")
    assert said.endswith("2 rows: 0 create, 0 update, 2 unchanged, 0 rejected (written).\n")
    assert Change.objects.count() == 1


def test_a_commit_needs_somebody_who_answers_for_it(companies: Path) -> None:
    with pytest.raises(CommandError, match=r"Say who answers for the import: --commit --as USER\."):
        run("import_data", companies, "--commit")
    assert not Company.objects.exists()


@pytest.mark.parametrize("commit", [[], ["--commit"]], ids=["preview", "commit"])
def test_an_unknown_user_is_refused(commit: list[str], companies: Path, db: None) -> None:
    with pytest.raises(
        CommandError, match=r"There is no user “nobody”; add one with `./run manage add_user`"
    ):
        run("import_data", companies, "--as", "nobody", *commit)
    assert not Company.objects.exists()


@pytest.mark.parametrize("commit", [[], ["--commit", "--as=curator"]], ids=["preview", "commit"])
def test_faults_are_listed_by_file_line_and_column_and_nothing_is_written(
    commit: list[str], tmp_path: Path, curator: User
) -> None:
    path = sheet(tmp_path, "companies.csv", "slug,name,country\nlg,LG,KR\nnano-one,,Canada\n")
    assert fails("import_data", path, *commit) == (
        "companies.csv:3 name: “name” is not stated; every record of companies needs it.\n"
        "companies.csv:3 country: “Canada” is no ISO 3166 country code, such as “CA”; write “CA” for Canada.\n"
        "2 faults; nothing was written.\n"
    )
    assert not Company.objects.exists()
    assert not Change.objects.exists()


def test_a_broken_file_ends_the_command_with_its_place(tmp_path: Path) -> None:
    path = sheet(tmp_path, "companies.csv", "slug,nmae\nlg,LG\n")
    assert fails("import_data", path) == (
        "companies.csv:1 nmae: companies has no such column; did you mean “name”?\n"
        "1 fault; nothing was written.\n"
    )


def test_a_rule_that_is_broken_on_writing_ends_the_command(tmp_path: Path, reader: User) -> None:
    path = sheet(tmp_path, "publishers.csv", "slug,name\nreuters,Reuters\n")
    assert fails("import_data", path, "--commit", "--as=reader") == (
        "publishers.csv:2: reader may not add publishers; ask an administrator.\n"
        "1 fault; nothing was written.\n"
    )
    assert not Publisher.objects.exists()


def test_a_table_can_be_named_for_a_file_that_does_not_tell_it(tmp_path: Path) -> None:
    path = sheet(tmp_path, "new.csv", "slug,name\nlg,LG\n")
    assert run("import_data", path, "--table", "companies").startswith("companies: 1 create\n")
    assert "No table is named “new”" in fails("import_data", path)


def test_what_an_empty_cell_does_can_be_chosen(tmp_path: Path, curator: User) -> None:
    CompanyFactory(slug="lg", headquarters="Seoul")
    path = sheet(tmp_path, "companies.csv", "slug,headquarters\nlg,\n")
    assert "companies: 1 unchanged" in run("import_data", path)
    assert "companies: 1 update" in run("import_data", path, "--empty", "clear", "--commit", "--as=curator")
    assert Company.objects.get().headquarters == ""
    with pytest.raises(CommandError, match=r"invalid choice: 'perhaps'|invalid Empty value"):
        run("import_data", path, "--empty", "perhaps")


def test_export_writes_the_tables_that_have_rows_in_the_order_of_loading(tmp_path: Path) -> None:
    PublisherFactory(slug="reuters", name="Reuters", kind="", reliability="")
    CompanyFactory.create_batch(2)
    folder = tmp_path / "new" / "folder"
    assert run("export_data", folder) == (
        f"02_publishers.csv: 1 row\n05_companies.csv: 2 rows\n3 rows of 2 tables written to {folder}.\n"
    )
    assert (folder / "02_publishers.csv").read_bytes() == (
        b"slug,name,kind,reliability,reliability_reason,country,website,review,notes\n"
        b"reuters,Reuters,,,,,,draft,\n"
    )


def test_export_writes_the_tables_that_are_named_even_when_empty(tmp_path: Path) -> None:
    CompanyFactory()
    run("export_data", tmp_path, "people", "companies")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["05_companies.csv", "06_people.csv"]
    assert (tmp_path / "06_people.csv").read_text().count("\n") == 1


def test_one_table_can_be_written_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    PublisherFactory(slug="reuters", name="Reuters")
    call_command("export_data", "-", "publishers")
    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith("slug,name,")
    assert row.startswith("reuters,Reuters,")


@pytest.mark.parametrize("tables", [[], ["people", "companies"]], ids=["none", "two"])
def test_standard_output_takes_one_table(tables: list[str]) -> None:
    with pytest.raises(CommandError, match="Standard output takes one table: `export_data - claims`"):
        run("export_data", "-", *tables)


def test_an_unknown_table_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No table is named “companys”; did you mean “companies”\?"):
        run("export_data", tmp_path, "companys")
    assert list(tmp_path.iterdir()) == []


def test_templates_of_all_tables_are_written_without_rows(tmp_path: Path) -> None:
    CompanyFactory()
    said = run("export_data", tmp_path, "--templates").splitlines()
    assert said[4] == "05_companies.xlsx: 17 columns"
    assert said[-1].endswith(f" columns of {len(TABLES)} tables written to {tmp_path}.")
    assert load_workbook(tmp_path / "05_companies.xlsx")["companies"].max_row == 1
    assert "0 rows: 0 create" in run("import_data", tmp_path)


def test_templates_are_written_in_the_format_and_into_what_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_data", "-", "people", "--templates", "--format", "csv")
    assert capsys.readouterr().out == "slug,name,aliases,description,confidence,basis,review,notes\n"
    run("export_data", tmp_path / "all.zip", "people", "claims+citations", "--templates")
    assert ZipFile(tmp_path / "all.zip").namelist() == ["people.xlsx", "claims.xlsx"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["claims+citation"], "No table is named “claims+citation”; did you mean “claims+citations”?"),
        (["people", "--format", "json"], "JSON without rows names no columns; choose one of xlsx, csv, tsv."),
        (["people", "--columns", "name"], "--columns chooses those of an export"),
        (["claims", "claims+citations"], "Two templates of one table have one name as files"),
    ],
    ids=["unknown", "json", "columns", "two of one"],
)
def test_a_template_that_cannot_be_is_refused(asked: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        run("export_data", tmp_path, *asked, "--templates")
    assert str(refused.value).startswith(said)
    assert list(tmp_path.iterdir()) == []


FACT = {
    "companies.csv": "slug,name,review\nnano-one,Nano One,accepted\n",
    "sources.csv": "slug,title,kind,access,review\nrelease,A release,press_release,public,accepted\n",
    "predicates.csv": "slug,label,value_type,persistence,review\nfounded,was founded,date,timeless,accepted\n",
    "claims.csv": "slug,statement,subject,predicate,value,modality,basis,review\n"
    "nano-one-founded,Nano One was founded in 2012.,nano-one,founded,2012,actual,fact,accepted\n",
    "citations.csv": "slug,claim,source,stance,locator,quote\n"
    "nano-one-founded-r1,nano-one-founded,release,supports,p1,Founded in 2012\n",
}


def test_an_accepted_fact_and_its_citation_come_in_one_folder(tmp_path: Path) -> None:
    for name, text in FACT.items():
        sheet(tmp_path, name, text)
    run("import_data", tmp_path, "--commit", "--as", "system")
    claim = Claim.objects.accepted().facts().get()
    assert claim.citations.get().quote == "Founded in 2012"
    assert Change.objects.count() == 1


def test_neither_comes_without_the_other(tmp_path: Path) -> None:
    for name, text in FACT.items():
        sheet(tmp_path, name, text)
    (tmp_path / "citations.csv").unlink()
    said = fails("import_data", tmp_path, "--commit", "--as", "system")
    assert "claims.csv:2: An accepted fact needs a supporting citation" in said
    sheet(tmp_path, "citations.csv", FACT["citations.csv"])
    (tmp_path / "claims.csv").unlink()
    said = fails("import_data", tmp_path, "--commit", "--as", "system")
    assert "citations.csv:2 claim: No record of claims has the slug “nano-one-founded”" in said
    assert not Change.objects.exists()


UNREAD = """3 values are kept unread, to compare with nothing:
investments.csv:2 amount: “a large sum”: it is not understood as an amount of money; write a number with its currency, \
such as US$10M or 50 billion yuan
claims.csv:2 value: “soon”: it is not understood as a date; write EDTF, such as 2020-08, or put the words in \
parentheses to keep them unread
claims.csv:4 value: “(one day)”: it is kept unread: no date is given before the parentheses
"""


@pytest.mark.parametrize("commit", [[], ["--commit", "--as=system"]], ids=["preview", "commit"])
def test_values_that_are_kept_unread_are_told_with_their_place_and_why(
    commit: list[str], tmp_path: Path
) -> None:
    sheet(tmp_path, "companies.csv", FACT["companies.csv"])
    sheet(tmp_path, "predicates.csv", FACT["predicates.csv"])
    sheet(tmp_path, "investments.csv", "slug,name,amount,currency\ndeal,A deal,a large sum,CAD\n")
    claims = "slug,statement,subject,predicate,value,modality\n"
    for number, value in enumerate(("soon", "2012", "(one day)")):
        claims += f"c{number},Said {number}.,nano-one,founded,{value},actual\n"
    sheet(tmp_path, "claims.csv", claims)
    assert UNREAD in run("import_data", tmp_path, *commit)


def test_a_value_that_is_a_mistake_is_a_fault_of_its_cell(tmp_path: Path, system: User) -> None:
    for name in ("companies.csv", "predicates.csv"):
        sheet(tmp_path, name, FACT[name])
    row = "founded-then,Founded then.,nano-one,founded,03/04/2012,actual"
    sheet(tmp_path, "claims.csv", f"slug,statement,subject,predicate,value,modality\n{row}\n")
    said = fails("import_data", tmp_path, "--commit", "--as=system")
    assert said.startswith("claims.csv:2 value: “03/04/2012”: it may be read as ")
    assert not Claim.objects.exists()


def test_an_import_by_command_is_on_record_with_the_sum_of_its_file(companies: Path, curator: User) -> None:
    run("import_data", companies, "--commit", "--as", "curator", "--reason", "First batch")
    batch = ImportBatch.objects.get()
    assert (batch.owner, batch.door, batch.state, batch.reason) == (
        curator,
        "command",
        "written",
        "First batch",
    )
    assert batch.sha256 == sha256(companies.read_bytes()).hexdigest()
    assert batch.change == Change.objects.latest("pk")
    assert batch.created == Company.objects.count() > 0


def test_a_dry_run_shows_what_rules_over_several_rows_and_roles_refuse(companies: Path, reader: User) -> None:
    assert "is seen with --as USER" in run("import_data", companies)
    assert "reader may not add companies" in fails("import_data", companies, "--as", "reader")
    assert not Company.objects.exists()
