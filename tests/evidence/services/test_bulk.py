"""Rows written many at a time say what saving the records one by one would have said."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims.contract import TABLES
from claims.models import Agreement, Company, Topic
from evidence.contract import Table
from evidence.services import bulk, history
from evidence.services.changes import change
from tests.factories import FACTORY_OF, AgreementFactory, CompanyFactory, TopicFactory

pytestmark = pytest.mark.django_db


def columns_of(record: Any) -> dict[str, Any]:
    model = type(record)
    return {
        field.attname: getattr(model._base_manager.get(pk=record.pk), field.attname)
        for field in model._meta.concrete_fields
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_is_what_was_read_of_its_record(table: Table) -> None:
    record = FACTORY_OF[table.model]()
    stored = type(record)._base_manager.get(pk=record.pk)
    again = bulk.restored(table.model, bulk.prepared(stored))
    assert [getattr(again, field.attname) for field in table.model._meta.concrete_fields] == [
        getattr(stored, field.attname) for field in table.model._meta.concrete_fields
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_written_again_in_bulk_changes_nothing(table: Table) -> None:
    record = FACTORY_OF[table.model]()
    before = columns_of(record)
    row = bulk.prepared(type(record)._base_manager.get(pk=record.pk))
    bulk.update(
        table.model, [(record.pk, {name: row[name] for name in row if name not in ("id", "entity_ptr_id")})]
    )
    assert columns_of(record) == before


def test_new_rows_get_row_ids_that_nothing_had(curator: User) -> None:
    CompanyFactory()
    gone = TopicFactory()
    last = gone.pk
    with change(actor=curator, door="admin"):
        gone.delete()
    with transaction.atomic():
        keys = bulk.next_keys(Company, 3)
        assert len(set(keys)) == 3 and min(keys) > last


def test_rows_of_both_tables_are_written_with_their_history(curator: User) -> None:
    with change(actor=curator, door="import") as unit:
        (key,) = bulk.next_keys(Topic, 1)
        topic = Topic(slug="lfp", name="LFP", kind="material", aliases=["LiFePO4", "a|b"])
        topic.full_clean()
        row = bulk.prepared(topic) | {"id": key, "entity_ptr_id": key}
        bulk.insert(Topic, [row])
        unit.wrote_many(Topic, [key], new=True)
    stored = Topic.objects.get(slug="lfp")
    assert (stored.aliases, stored.type, stored.edited_by) == (["LiFePO4", "a|b"], "topic", curator)
    (entry,) = Topic.history.all()
    assert (entry.slug, entry.aliases, entry.history_type) == ("lfp", ["LiFePO4", "a|b"], history.CREATED)


def test_a_broken_constraint_writes_none_of_the_rows() -> None:
    company = CompanyFactory(slug="lg")
    row = bulk.prepared(Company.objects.get(pk=company.pk))
    keys = bulk.next_keys(Company, 2)
    rows = [
        row | {"id": key, "entity_ptr_id": key, "slug": slug}
        for key, slug in zip(keys, ("new", "lg"), strict=True)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Company, rows)
    assert [one.slug for one in Company.objects.all()] == ["lg"]


def test_a_many_to_many_field_holds_what_it_was_given_and_nothing_else() -> None:
    one, two, three = CompanyFactory(), CompanyFactory(), CompanyFactory()
    deal, other = AgreementFactory(parties=[one, two]), AgreementFactory(parties=[one])
    parties = Agreement._meta.get_field("parties")
    bulk.set_many(parties, {deal.pk: [two.pk, three.pk], other.pk: []})
    assert set(deal.parties.values_list("pk", flat=True)) == {two.pk, three.pk}
    assert not other.parties.exists()
