"""What is promised of every door: it opens one change, and the history of each record it touched says so."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from claims.contract import TABLES
from evidence.choices import Door
from evidence.contract import Kind, Table
from evidence.exchange.exports import Export
from evidence.exchange.resources import resource_for
from evidence.models import Change, Snapshot
from evidence.services.changes import change
from tests.factories import FACTORY_OF, CompanyFactory
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

READ_ONLY_IN_ADMIN = {Snapshot: "snapshots are added by commands and never overwritten"}
SAID = "7%"
"""A text that every free column takes, shares included."""
EDITABLE = [table for table in TABLES if table.model not in READ_ONLY_IN_ADMIN]


def free_text(table: Table) -> str:
    """A column of the table that takes any text."""
    texts = (name for name in table.of_kind(Kind.TEXT, Kind.LINE) if name not in (*table.model.KEY, "slug"))
    return next(name for name in texts if not table.by_name[name].field.validators)


def filled_in(page: Any) -> dict[str, Any]:
    """What a browser would send for the form of a page, unchanged."""
    forms = [page.context["adminform"].form]
    for shown in page.context["inline_admin_formsets"]:
        forms += [shown.formset.management_form, *shown.formset.forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and value != "" and not bound.field.disabled:
                sent[bound.html_name] = value
    return sent


@pytest.mark.parametrize("table", EDITABLE, ids=lambda table: table.name)
def test_the_admin_writes_one_change_with_its_actor_door_and_reason(
    table: Table, administrator: User
) -> None:
    record, column = FACTORY_OF[table.model](), free_text(table)
    desk = Client()
    desk.force_login(administrator)
    address = reverse(
        f"admin:{table.model._meta.app_label}_{table.model._meta.model_name}_change", args=[record.pk]
    )
    form = filled_in(desk.get(address)) | {column: SAID, "change_reason": "looked it up"}
    response = desk.post(address, form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    entry = record.history.first()
    assert (getattr(entry, column), entry.history_type) == (SAID, "~")
    assert (entry.change.actor, entry.change.door, entry.change.reason) == (
        administrator,
        Door.ADMIN,
        "looked it up",
    )
    assert entry.version == 2


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_import_writes_one_change_with_its_actor_door_and_reason(
    table: Table, administrator: User, tmp_path: Path
) -> None:
    record, column = FACTORY_OF[table.model](), free_text(table)
    sheet = tmp_path / f"{table.name}.csv"
    resource = resource_for(table)
    cells = dict(zip(table.by_name, resource.cells(resource.get_queryset().get(pk=record.pk)), strict=True))
    sheet.write_text("\n".join([",".join(cells), ",".join(_quoted({**cells, column: SAID}))]))
    changes = Change.objects.count()
    call_command("import_data", sheet, commit=True, actor=administrator.username, reason="mended")
    assert Change.objects.count() == changes + 1
    entry = record.history.first()
    assert getattr(entry, column) == SAID
    assert (entry.change.actor, entry.change.door, entry.change.reason) == (
        administrator,
        Door.IMPORT,
        "mended",
    )


@pytest.mark.parametrize("table", EDITABLE, ids=lambda table: table.name)
def test_deleting_leaves_the_last_words_in_the_history(table: Table, administrator: User) -> None:
    record = FACTORY_OF[table.model]()
    key, past = record.natural_key(), type(record).history.filter(pk__gt=0).model
    desk = Client()
    desk.force_login(administrator)
    meta = table.model._meta
    desk.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[record.pk]), {"post": "yes"})
    assert not table.model._base_manager.filter(pk=record.pk).exists()
    gone = past.objects.get(history_type="-")
    assert (gone.change.actor, gone.change.door) == (administrator, Door.ADMIN)
    if table.model.KEY == ("slug",):
        assert gone.slug == key[0]


def test_what_an_export_writes_an_import_finds_unchanged_and_leaves_no_trace(
    administrator: User, tmp_path: Path
) -> None:
    for table in TABLES:
        FACTORY_OF[table.model]()
        with (tmp_path / f"{table.name}.csv").open("wb") as out:
            Export(table).write(out)
    changes = Change.objects.count()
    call_command("import_data", tmp_path, commit=True, actor=administrator.username)
    assert Change.objects.count() == changes


def _quoted(cells: dict[str, str]) -> list[str]:
    return ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]


def test_the_page_of_a_change_lists_what_it_touched_deleted_records_too(administrator: User) -> None:
    with some_change():
        kept, gone = CompanyFactory(slug="kept"), CompanyFactory(slug="gone")
    with change(actor=administrator, door=Door.COMMAND, reason="tidying") as unit:
        kept.notes = "looked at"
        kept.save()
        gone.delete()
    desk = Client()
    desk.force_login(administrator)
    assert unit.change is not None
    page = desk.get(reverse("admin:evidence_change_change", args=[unit.change.pk])).content.decode()
    assert (
        f'<a href="/admin/claims/company/{kept.pk}/change/">kept</a></td><td>Company</td><td>Changed' in page
    )
    assert "<td>gone</td><td>Company</td><td>Deleted" in page
