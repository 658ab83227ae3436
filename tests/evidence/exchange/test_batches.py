"""Imports in two steps: what is confirmed is what was shown, once, by who uploaded it, or nothing."""

from datetime import timedelta
from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from claims.contract import TABLES
from claims.models import Claim, Company, Person
from evidence.choices import Door
from evidence.exchange import batches
from evidence.exchange.batches import BatchRefused, Options, confirm, open_batch, preview_of, refused_rows
from evidence.exchange.readings import Empty
from evidence.exchange.writing import ImportRefused
from evidence.models import Change, ImportBatch
from evidence.services.undoing import undo
from tests.factories import CompanyFactory, PersonFactory, PlantFactory, PredicateFactory
from tests.factories.base import some_change


def upload(owner: User, text: str, name: str = "people.csv", **options: Any) -> ImportBatch:
    return open_batch(
        owner=owner, upload=BytesIO(text.encode()), name=name, tables=TABLES, options=Options(**options)
    )


def written(batch: ImportBatch, user: User) -> ImportBatch:
    return confirm(batch, user=user, tables=TABLES)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.created, batch.updated, batch.unchanged, batch.rejected


@pytest.mark.django_db
def test_a_preview_accounts_for_every_row_and_writes_nothing(curator: User) -> None:
    PersonFactory(slug="same", name="Same")
    PersonFactory(slug="other", name="Old")
    before = Change.objects.count()
    batch = upload(curator, "slug,name\nnew,New\nsame,Same\nother,Other\nwrong,\n,\nmore,More,cells\n")
    assert counts(batch) == (1, 1, 1, 2)
    preview = preview_of(batch)
    assert preview is not None
    assert [(row.line, row.key, row.outcome) for row in preview.rows] == [
        (2, "new", "create"),
        (3, "same", "unchanged"),
        (4, "other", "update"),
        (5, "wrong", "rejected"),
        (7, "more", "rejected"),
    ]
    assert preview.rows[2].changes == {"name": ("Old", "Other")}
    assert Change.objects.count() == before
    assert set(Person.objects.values_list("slug", flat=True)) == {"same", "other"}


@pytest.mark.django_db
def test_what_was_shown_is_written_as_one_change_on_record(curator: User) -> None:
    batch = written(upload(curator, "slug,name\ndan,Dan\nlee,Lee\n"), curator)
    assert batch.state == "written" and batch.written is not None
    assert batch.change is not None
    assert (batch.change.actor, batch.change.door, batch.change.reason) == (
        curator,
        "import",
        "Import of people.csv",
    )
    assert set(Person.objects.values_list("slug", flat=True)) == {"dan", "lee"}
    assert len(batch.sha256) == 64


@pytest.mark.django_db
def test_a_second_confirmation_finds_the_first_result(curator: User) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    first = written(batch, curator)
    with some_change():
        Person.objects.get(slug="dan").delete()
    again = written(ImportBatch.objects.get(pk=batch.pk), curator)
    assert again.change == first.change
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_nobody_else_confirms_an_upload(curator: User, reviewer: User) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    with pytest.raises(BatchRefused, match="Only who uploaded an import may confirm it"):
        written(batch, reviewer)
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_record_that_was_changed_since_the_preview_is_named_and_nothing_is_written(curator: User) -> None:
    dan = PersonFactory(slug="dan", name="Dan")
    batch = upload(curator, "slug,name\nlee,Lee\ndan,Daniel\n")
    with some_change():
        dan.description = "Since then."
        dan.save()
    with pytest.raises(
        ImportRefused, match=r"people.csv:3: Somebody changed this record since the import was read"
    ):
        written(batch, curator)
    batch.refresh_from_db()
    assert batch.state == "previewed"
    assert set(Person.objects.values_list("name", flat=True)) == {"Dan"}


@pytest.mark.django_db
def test_a_row_that_would_do_something_else_than_was_shown_is_named(curator: User) -> None:
    batch = upload(curator, "slug,name\nlee,Lee\n")
    PersonFactory(slug="lee", name="Another Lee")
    with pytest.raises(
        ImportRefused, match=r"people.csv:2 slug: Somebody added this slug since the import was read"
    ):
        written(batch, curator)


@pytest.mark.django_db
def test_what_a_row_names_may_not_go_between_preview_and_confirmation(curator: User) -> None:
    company = CompanyFactory(slug="lg")
    batch = upload(curator, "slug,name,operators\nholland,Holland,lg\n", "plants.csv")
    assert counts(batch) == (1, 0, 0, 0)
    with some_change():
        company.delete()
    with pytest.raises(
        ImportRefused, match=r"plants.csv:2 operators: What it names was deleted since the import was read"
    ):
        written(batch, curator)


@pytest.mark.django_db
def test_rules_over_several_rows_and_roles_are_seen_in_the_preview(curator: User, reader: User) -> None:
    PlantFactory(slug="candiac")
    PredicateFactory(slug="founded", value_type="date")
    text = (
        "slug,statement,subject,predicate,value,modality,basis,review\n"
        "fact,It was.,candiac,founded,2020,actual,fact,accepted\n"
    )
    batch = upload(curator, text, "claims.csv")
    preview = preview_of(batch)
    assert preview is not None
    messages = [fault.message for fault in preview.faults]
    assert any("needs a supporting citation" in message for message in messages)
    assert any("starts as" in message for message in messages)
    assert counts(batch) == (0, 0, 0, 1)
    assert not Claim.objects.exists()
    batch = upload(reader, "slug,name\ndan,Dan\n")
    assert counts(batch) == (0, 0, 0, 1)
    assert [fault.message for fault in preview_of(batch).faults] == [  # type: ignore[union-attr]
        "reader may not add people; ask an administrator."
    ]


@pytest.mark.django_db
def test_rejected_rows_are_left_out_with_those_that_need_them_and_come_back_mended(curator: User) -> None:
    text = (
        "slug,title,kind,part_of,access\nwhole,Whole,press_release,,nobody\n"
        "part,Part,press_release,whole,public\nother,Other,press_release,,public\n"
    )
    batch = upload(curator, text, "sources.csv")
    assert counts(batch) == (1, 0, 0, 2)
    assert "“whole” stands in sources.csv:2, which is refused." in [
        fault.message
        for fault in preview_of(batch).faults  # type: ignore[union-attr]
    ]
    batch = written(batch, curator)
    assert batch.change is not None
    ((sheet, rows),) = refused_rows(batch, TABLES)
    assert sheet.table.name == "sources"
    assert [row[0] for row in rows] == ["whole", "part"]
    assert "is not a code of this column" in rows[0][-1]
    mended = "\n".join([",".join([*sheet.columns, "reasons"]), *(",".join(row[:-1]) + ",x" for row in rows)])
    again = upload(curator, mended.replace("nobody", "public"), "sources.csv")
    assert counts(again) == (2, 0, 0, 0)


@pytest.mark.django_db
def test_a_file_with_a_column_that_no_table_has_is_not_written_unless_it_is_left_out(curator: User) -> None:
    batch = upload(curator, "slug,name,Shoe size\ndan,Dan,44\n")
    preview = preview_of(batch)
    assert preview is not None
    assert (preview.unknown, preview.stopped, len(preview.faults)) == (["Shoe size"], True, 1)
    with pytest.raises(ImportRefused, match="people has no such column"):
        written(batch, curator)
    assert counts(upload(curator, "slug,name,Shoe size\ndan,Dan,44\n", ignored=("Shoe size",))) == (
        1,
        0,
        0,
        0,
    )


@pytest.mark.django_db
def test_what_empty_cells_do_is_chosen_at_the_upload(curator: User) -> None:
    CompanyFactory(slug="lg", headquarters="Seoul")
    text = "slug,headquarters\nlg,\n"
    assert counts(upload(curator, text, "companies.csv")) == (0, 0, 1, 0)
    written(upload(curator, text, "companies.csv", empty=Empty.CLEAR), curator)
    assert Company.objects.get(slug="lg").headquarters == ""


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_says_why(curator: User) -> None:
    preview = preview_of(upload(curator, '"slug,name\n', "people.csv"))
    assert preview is not None and preview.stopped
    assert "quote" in preview.faults[0].message
    preview = preview_of(upload(curator, "slug,name\n", "shoes.csv"))
    assert preview is not None and "No table is named “shoes”" in preview.faults[0].message


@pytest.mark.django_db
def test_uploads_that_nobody_confirms_are_cleared_away(curator: User) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    ImportBatch.objects.filter(pk=batch.pk).update(opened=batch.opened - timedelta(hours=25))
    batches.clear_away()
    batch.refresh_from_db()
    assert (batch.state, batch.folder.exists(), preview_of(batch)) == ("expired", False, None)
    with pytest.raises(BatchRefused, match="upload the file again"):
        written(batch, curator)


@pytest.mark.django_db
def test_an_import_is_undone_as_a_whole(curator: User) -> None:
    CompanyFactory(slug="lg", headquarters="Seoul")
    batch = written(
        upload(curator, "slug,name,headquarters\nlg,LG,Busan\nbasf,BASF,\n", "companies.csv"), curator
    )
    assert batch.change is not None
    undo(undone=batch.change, actor=curator, door=Door.ADMIN)
    assert list(Company.objects.values_list("slug", "headquarters")) == [("lg", "Seoul")]


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_write_one_import(system: User) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory is no database for two; tests/deep does this with files")
    for number in range(5):
        batch = upload(system, f"slug,name\nperson-{number},Person\n")
        start, done = Barrier(2), []

        def confirm_too(batch: ImportBatch = batch, start: Barrier = start, done: list[Any] = done) -> None:
            start.wait(timeout=10)
            done.append(written(ImportBatch.objects.get(pk=batch.pk), system).change_id)
            connection.close()

        threads = [Thread(target=confirm_too) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert len(done) == 2 and len(set(done)) == 1
    assert Change.objects.filter(door=Door.IMPORT).count() == 5


@pytest.mark.django_db
def test_a_preview_of_another_version_of_the_program_is_not_written(
    curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    monkeypatch.setattr(batches, "_program", lambda _: "another")
    with pytest.raises(BatchRefused, match="The program was changed since this was looked at"):
        written(batch, curator)
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_looking_anew_leaves_the_rows_of_the_newest_look_alone(curator: User) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    PersonFactory(slug="dan", name="Daniel")
    batches.look(batch, TABLES)
    assert len(list(batch.folder.glob("rows-*.jsonl"))) == 1
    written(batch, curator)
    assert Person.objects.get().name == "Dan"


@pytest.mark.django_db
def test_rows_that_were_looked_at_anew_at_the_same_moment_are_not_written_in_part(curator: User) -> None:
    batch = upload(curator, "slug,name\ndan,Dan\n")
    for rows in batch.folder.glob("rows-*.jsonl"):
        rows.unlink()
    with pytest.raises(BatchRefused, match="look at the new preview"):
        written(batch, curator)
