"""Every table of the contract: it can be made, named, found by its key, listed in order and explained."""

import pytest
from django.apps import apps
from django.db import models

from claims.contract import TABLES
from claims.models import Entity
from evidence.contract import Kind, Table
from evidence.models import Change, Curated, Part, Record, Reviewed
from tests.factories import FACTORIES, FACTORY_OF
from tests.factories.base import some_change

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)

WRITTEN_AS_LEAVES = {Entity}
"""Entities are written as companies, plants, … ; the table of identity has no sheet of its own."""

NAMING = ("name", "title", "label", "slug", "statement", "text", "explanation")
"""Columns that say what a record is."""

pytestmark = pytest.mark.django_db


def records() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def test_every_model_of_records_is_a_table_of_the_contract() -> None:
    assert {table.model for table in TABLES} == set(records()) - WRITTEN_AS_LEAVES


def test_every_table_has_one_factory() -> None:
    assert [factory._meta.model for factory in FACTORIES if factory._meta.model not in FACTORY_OF] == []
    assert FACTORY_OF.keys() == {table.model for table in TABLES}


def test_no_name_of_a_table_is_used_twice() -> None:
    names = [table.name for table in TABLES]
    assert len(names) == len(set(names))


def test_tables_are_in_the_order_of_loading() -> None:
    """What a column needs before its row can be written stands in an earlier table, or in its own."""
    place = {table.model: index for index, table in enumerate(TABLES)}
    late = [
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if column.required
        and column.kind is Kind.REFERENCE
        and place.get(column.target, -1) > place[table.model]
    ]
    assert late == []


@every_table
def test_no_field_or_backward_relation_hides_what_every_record_can_do(table: Table) -> None:
    shared = {
        name for base in (Record, Reviewed, Curated, Part) for name in vars(base) if not name.startswith("_")
    }
    relations = {relation.get_accessor_name() for relation in table.model._meta.related_objects}
    fields = {field.name for field in table.model._meta.get_fields() if field.concrete}
    own = {field.name for base in (Record, Reviewed, Curated) for field in base._meta.get_fields()}
    assert (relations | fields - own) & shared == set()


@every_table
def test_a_factory_makes_a_record_that_passes_every_check(table: Table) -> None:
    record = FACTORY_OF[table.model]()
    stored = table.model._base_manager.get(pk=record.pk)
    stored.full_clean()
    assert stored.key == record.key


@every_table
def test_a_factory_builds_a_record_without_saving_it(table: Table) -> None:
    record = FACTORY_OF[table.model].build()
    assert record.pk is None
    assert not table.model._base_manager.exists()


@every_table
def test_two_records_of_a_factory_have_different_keys(table: Table) -> None:
    one, other = FACTORY_OF[table.model].create_batch(2)
    assert one.natural_key() != other.natural_key()


@every_table
def test_a_record_says_what_it_is(table: Table) -> None:
    record = FACTORY_OF[table.model]()
    said = str(record)
    stated = [str(getattr(record, name, "")) for name in NAMING]
    parts = [part for name in table.model.KEY if hasattr(part := getattr(record, name), "slug")]
    assert "object (" not in said
    assert any(text and text in said for text in [*stated, *(part.slug for part in parts), record.key])


@every_table
def test_a_record_is_found_by_the_key_it_tells(table: Table) -> None:
    FACTORY_OF[table.model].create_batch(2)
    for record in table.model._base_manager.all():
        assert table.model._default_manager.get_by_natural_key(*record.natural_key()) == record


@every_table
def test_a_key_has_a_part_for_each_of_its_columns(table: Table) -> None:
    record = FACTORY_OF[table.model]()
    assert len(record.natural_key()) == len(table.model.KEY)
    assert record.key == "+".join(record.natural_key())


@every_table
def test_records_are_listed_in_the_order_of_their_keys(table: Table) -> None:
    made = FACTORY_OF[table.model].create_batch(3)
    listed = list(table.model._default_manager.all())
    assert table.model._meta.ordering
    assert listed == sorted(made, key=lambda record: record.natural_key())


@every_table
def test_every_column_of_the_contract_is_a_field(table: Table) -> None:
    names = {field.name for field in table.model._meta.get_fields()}
    assert [column.name for column in table.columns if column.name not in names] == []


@every_table
def test_every_editable_field_is_a_column_of_the_contract(table: Table) -> None:
    fields = [*table.model._meta.fields, *table.model._meta.many_to_many]
    editable = {field.name for field in fields if field.editable and not field.auto_created}
    assert editable - {"id", "entity_ptr"} == {column.name for column in table.columns if not column.computed}


@every_table
def test_the_key_is_required_where_it_may_not_be_empty(table: Table) -> None:
    for name in table.model.KEY:
        column = table.by_name[name]
        assert column.required is not column.field.blank, name


@every_table
def test_every_column_has_a_kind_and_codes_have_words(table: Table) -> None:
    for column in table.columns:
        assert (column.kind is Kind.CODE) <= bool(column.words), column.name
        assert (column.target is not None) == (column.kind in (Kind.REFERENCE, Kind.REFERENCES)), column.name


@every_table
def test_every_editable_field_is_explained_to_the_curator(table: Table) -> None:
    fields = [*table.model._meta.fields, *table.model._meta.many_to_many]
    shown = [field for field in fields if field.editable and not field.auto_created]
    silent = [field.name for field in shown if field.name != "entity_ptr" and not field.help_text]
    assert silent == []
    unfinished = [field.name for field in shown if field.help_text and field.help_text[-1] not in ".…"]
    assert unfinished == []


@every_table
def test_the_model_says_what_one_row_means(table: Table) -> None:
    own = table.model.__doc__ or ""
    assert own.endswith(".")
    assert not own.startswith(f"{table.model.__name__}(")


@every_table
def test_references_to_records_protect_them_and_parts_go_with_their_whole(table: Table) -> None:
    for column in table.columns:
        if column.kind is Kind.REFERENCE:
            belongs = issubclass(table.model, Part) and column.name == table.model.PARENT
            expected = models.CASCADE if belongs else models.PROTECT
            assert column.field.remote_field.on_delete is expected, column.name


@every_table
def test_text_is_never_null(table: Table) -> None:
    texts = (models.CharField, models.TextField)
    assert [field.name for field in table.model._meta.fields if isinstance(field, texts) and field.null] == []


@every_table
def test_many_to_many_fields_are_kept_in_the_history(table: Table) -> None:
    manager = table.model._meta.simple_history_manager_attribute
    kept = {field.name for field in getattr(table.model, manager).model._history_m2m_fields}
    assert kept == {field.name for field in table.model._meta.many_to_many}


@every_table
def test_safe_defaults_where_a_sheet_is_silent(table: Table) -> None:
    record = table.model()
    if issubclass(table.model, Reviewed):
        assert record.review == "draft"
    if issubclass(table.model, Curated):
        assert (record.confidence, record.basis) == ("unjudged", "inference")


def test_a_change_says_when_who_and_how() -> None:
    FACTORIES[0]()
    change = Change.objects.get()
    assert str(change) == f"{change.at:%Y-%m-%d %H:%M:%S} system (Command)"


@pytest.mark.parametrize("factory", [f for f in FACTORIES if issubclass(f._meta.model, Entity)])
def test_an_entity_knows_its_own_type_and_its_leaf(factory: type) -> None:
    made = factory()
    entity = Entity.objects.get(pk=made.pk)
    assert entity.type == type(made).TYPE
    assert entity.leaf == made
    assert type(entity.leaf) is type(made)
    assert made.leaf is made


@pytest.mark.parametrize("factory", [f for f in FACTORIES if issubclass(f._meta.model, Entity)])
def test_the_type_of_an_entity_never_changes(factory: type) -> None:
    made = factory(type="no-such-type")
    with some_change():
        made.type = "company" if made.TYPE == "person" else "person"
        made.save()
    assert Entity.objects.get(pk=made.pk).type == made.TYPE
