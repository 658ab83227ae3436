"""Every table goes out as a sheet and comes back as it was, whatever its text."""

import json
import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.contract import TABLES
from claims.models import Entity
from evidence.contract import Kind, Table
from evidence.exchange.exports import Export
from evidence.exchange.files import Format
from evidence.exchange.rows import Outcome
from evidence.models import Change, Record
from tests.contracts.hostile import fill, free_columns, text_for
from tests.factories import FACTORY_OF, ClaimFactory, CompanyFactory
from tests.factories.base import some_change
from tests.sheets import outcomes, plan_of, sheet, take_out, told

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)

pytestmark = pytest.mark.django_db


def furnish(table: Table) -> list[Any]:
    """Some rows of a table, their texts awkward, their references and dates filled."""
    chooser = random.Random(table.name)  # noqa: S311 - the same rows at every run
    made = []
    for _ in range(4):
        record = FACTORY_OF[table.model].build()
        made.append(FACTORY_OF[table.model](**filled(record, table, chooser)))
    with some_change():
        for record, other in zip(made, made[1:] + made[:1], strict=True):
            connect(record, other, table)
    return made


def filled(record: Record, table: Table, chooser: random.Random) -> dict[str, Any]:
    fill(record, table, chooser)
    values = {name: getattr(record, name) for name in free_columns(table)}
    dates = dict.fromkeys(table.of_kind(Kind.DATE), "2027-40 (H1 2027)")
    return values | dates


def connect(record: Any, other: Any, table: Table) -> None:
    """Set the many-to-many fields of a record, where another of its own table fits to that one."""
    for name in table.of_kind(Kind.REFERENCES):
        target = table.by_name[name].target
        if name == "members":
            continue
        chosen = [other, CompanyFactory()] if target is Entity and isinstance(other, Entity) else None
        chosen = chosen or ([other] if target is type(other) else [made_of(target)])
        getattr(record, name).set(chosen)


def made_of(target: Any) -> Any:
    return CompanyFactory() if target is Entity else FACTORY_OF[target]()


def empty_the_ledger() -> None:
    """Take every row of every record and its history out of the database, past all rules."""
    models = [model for model in apps.get_models(include_auto_created=True) if is_ours(model)]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def is_ours(model: Any) -> bool:
    return model._meta.app_label in ("evidence", "claims")


@every_table
def test_a_table_comes_back_unchanged_and_goes_out_the_same(table: Table, tmp_path: Path) -> None:
    furnish(table)
    first = take_out(tmp_path / "first")
    plan = plan_of(tmp_path / "first")
    assert plan.faults == []
    assert set(outcomes(plan)) == {Outcome.UNCHANGED}
    assert take_out(tmp_path / "second") == first


@every_table
def test_a_table_enters_an_empty_ledger_and_goes_out_the_same(
    table: Table, tmp_path: Path, system: User
) -> None:
    furnish(table)
    first = take_out(tmp_path / "first")
    empty_the_ledger()
    assert not table.model._base_manager.exists()
    call_command("import_data", str(tmp_path / "first"), "--commit", "--as=system", stdout=StringIO())
    assert take_out(tmp_path / "second") == first
    assert Change.objects.count() == 1


def test_the_whole_ledger_enters_an_empty_one_and_goes_out_the_same(tmp_path: Path, system: User) -> None:
    for table in TABLES:
        furnish(table)
    ClaimFactory(fact=True)
    first = take_out(tmp_path / "first")
    assert len(first) == len(TABLES)
    empty_the_ledger()
    call_command("import_data", str(tmp_path / "first"), "--commit", "--as=system", stdout=StringIO())
    assert take_out(tmp_path / "second") == first


@every_table
def test_a_sheet_holds_every_column_under_its_name_in_the_order_of_the_contract(
    table: Table, tmp_path: Path
) -> None:
    FACTORY_OF[table.model]()
    ((name, text),) = take_out(tmp_path / "out", table.name).items()
    assert name == f"{TABLES.index(table) + 1:02}_{table.name}.csv"
    assert text.decode().splitlines()[0] == ",".join(table.by_name)


@every_table
def test_a_column_that_no_table_has_is_refused_with_the_nearest(table: Table, tmp_path: Path) -> None:
    known = next(name for name in table.by_name if len(name) > 4)
    path = sheet(tmp_path, f"{table.name}.csv", f"{','.join(table.model.KEY)},{known}x,qqqqqqqqqqqq\n")
    one, other = plan_of(path).faults
    assert (one.file, one.line, one.column) == (path.name, 1, f"{known}x")
    assert one.message == f"{table.name} has no such column; did you mean “{known}”?"
    assert other.message.startswith(
        f"{table.name} has no such column; it is one of {', '.join(table.model.KEY)}"
    )


@every_table
def test_a_new_row_without_what_is_required_is_refused_column_by_column(table: Table, tmp_path: Path) -> None:
    record = FACTORY_OF[table.model]()
    key = dict(zip(table.model.KEY, record.natural_key(), strict=True))
    last = table.model.KEY[-1]
    key[last] = {"slug": "new", "captured": "2020-01-01T00:00:00+00:00", "premise": record.key}.get(
        last, "new"
    )
    if last == "premise":
        key[last] = record.conclusion.slug
    if last == "other":
        key[last] = CompanyFactory().slug
    path = sheet(tmp_path, f"{table.name}.csv", f"{','.join(key)}\n{','.join(key.values())}\n")
    required = [column.name for column in table.columns if column.required and column.name not in key]
    expected = [
        (path.name, 2, name, "", f"“{name}” is not stated; every record of {table.label} needs it.")
        for name in required
    ]
    assert expected
    assert told(plan_of(path).faults) == expected


@every_table
def test_a_row_whose_key_is_not_stated_is_refused(table: Table, tmp_path: Path) -> None:
    first = table.model.KEY[0]
    other = next(name for name in reversed(table.by_name) if not table.by_name[name].computed)
    path = sheet(tmp_path, f"{table.name}.csv", f"{first},{other}\n,{cell_for(table, other)}\n")
    assert (path.name, 2, first, "", f"A row needs its {first}; fill it in.") in told(plan_of(path).faults)


def cell_for(table: Table, name: str) -> str:
    words = table.by_name[name].words
    return words[0] if words else "x"


def reference_cases() -> list[Any]:
    return [
        pytest.param(table, column, id=f"{table.name}.{column.name}")
        for table in TABLES
        for column in table.columns
        if column.target
    ]


@pytest.mark.parametrize(("table", "column"), reference_cases())
def test_a_slug_that_nothing_has_is_refused_with_the_nearest(
    table: Table, column: Any, tmp_path: Path
) -> None:
    record = FACTORY_OF[table.model]()
    target = made_of(column.target) if column.target is not type(record) else record
    cells = dict(zip(table.model.KEY, record.natural_key(), strict=True))
    wrong = target.slug + "x"
    cells[column.name] = wrong
    path = sheet(tmp_path, f"{table.name}.csv", f"{','.join(cells)}\n{','.join(cells.values())}\n")
    (fault, *rest) = [fault for fault in plan_of(path).faults if fault.column == column.name]
    plural = column.target._meta.verbose_name_plural
    assert (fault.file, fault.line, fault.value) == (path.name, 2, wrong)
    assert fault.message.startswith(f"No record of {plural} has the slug “{wrong}”; did you mean “")
    assert rest == []


@every_table
def test_a_control_character_is_refused_in_every_column_by_the_sheet_and_by_the_record(
    table: Table, tmp_path: Path
) -> None:
    record = FACTORY_OF[table.model]()
    key = dict(zip(table.model.KEY, record.natural_key(), strict=True))
    for sign in ("\0", "\x1b"):
        wrong, said = f"a{sign}b", f"Character 2 is the control character U+{ord(sign):04X}; take it out."
        columns = [name for name in table.by_name if name not in key]
        path = sheet(tmp_path, f"{table.name}.json", json.dumps([key | dict.fromkeys(columns, wrong)]))
        assert told(plan_of(path).faults) == [(path.name, 1, name, wrong, said) for name in columns]
        for name in free_columns(table):
            setattr(record, name, [wrong] if table.by_name[name].kind is Kind.LIST else wrong)
        assert faults_of(record) == {name: [said] for name in free_columns(table)}


def faults_of(record: Any) -> dict[str, list[str]]:
    """What the record finds wrong with its fields, by their names."""
    try:
        record.clean_fields()
    except ValidationError as refused:
        return refused.message_dict
    return {}


@pytest.fixture
def one(table: Table) -> Any:
    """A record of the table that every example of a law rewrites."""
    return FACTORY_OF[table.model]()


@every_table
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_any_text_in_any_column_comes_back_through_a_file(
    table: Table, one: Any, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    form = data.draw(st.sampled_from(Format), label="format")
    path = tmp_path_factory.mktemp("law") / f"{table.name}.{form.value}"
    with some_change():
        for name in free_columns(table):
            setattr(one, name, data.draw(text_for(table, name), label=name))
        one.full_clean()
        one.save()
    with path.open("wb") as out:
        Export(table, form).write(out)
    plan = plan_of(path)
    assert [str(fault) for fault in plan.faults] == []
    assert [row.changes for row in plan.rows if row.changes] == []
    assert outcomes(plan).count(Outcome.UNCHANGED) == table.model._base_manager.count()
