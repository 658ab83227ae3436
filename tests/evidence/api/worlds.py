"""A ledger in which everything has a secret beside it: of every table one public row and one that nobody may see.

What is public names what is secret wherever it need not, and a restricted source is quoted by an accepted claim.
What is secret was public once, in PAST. Every date is stated. All is written past the rules, which would not let a
ledger come to this all at once; by and by it can.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User

from claims.api.tables import API
from claims.contract import TABLES
from claims.models import Citation, Claim, Conflict, Entity
from evidence.choices import Door
from evidence.contract import Kind, Table
from evidence.models import Record, Reviewed, Snapshot, Source
from evidence.services import history
from evidence.services.changes import change
from evidence.services.roles import SYSTEM
from tests.contracts.hostile import free_columns
from tests.factories import FACTORY_OF
from tests.factories.base import some_change

SECRET = "zzsecret"
PAST = datetime(2000, 1, 1, 12, tzinfo=UTC)
"""When everything was public."""


@dataclass
class World:
    """The rows by model."""

    public: dict[type[Record], Any]
    secret: dict[type[Record], Any]

    def target(self, model: type[Any]) -> Any:
        """The secret row that a column of this target can name."""
        return self.secret[model] if model in self.secret else self.secret[API.by_name["companies"].model]


def make_world() -> World:
    """Write it."""
    with some_change():
        public = {table.model: FACTORY_OF[table.model]() for table in TABLES}
        secret = {table.model: FACTORY_OF[table.model]() for table in TABLES}
    world = World(public, secret)
    for model in {table_of(table.model, "review") for table in TABLES if issubclass(table.model, Reviewed)}:
        model._base_manager.update(review="accepted")
    for table in TABLES:
        _date(table)
        _give_secret_words(table, world)
    for table in TABLES:
        _tempt(table, world)
    Source._base_manager.filter(pk=public[Source].pk).update(access="restricted")
    for model in (Citation, Snapshot):
        quoting = dict.fromkeys(model.QUOTING, SECRET)
        model._base_manager.filter(pk=public[model].pk).update(source=public[Source].pk, **quoting)
    _write_down(PAST)
    for table in TABLES:
        _hide(table, world)
    _write_down(datetime.now(UTC))
    return world


def table_of(model: type[Any], column: str) -> type[Any]:
    """The model whose own table holds a column: that of a leaf, or the table of identity."""
    return model._meta.get_field(column).model


def _write_down(at: datetime) -> None:
    """Let history, and the notices of who sees what, say how everything stands."""
    with change(actor=User.objects.get(username=SYSTEM), door=Door.COMMAND, reason=SECRET) as unit:
        unit.at = at
        unit.stirred = {table.model: rows(table) for table in TABLES}
    for table in TABLES:
        history.write(unit.change, table.model, history.CHANGED, sorted(rows(table)))


def rows(table: Table) -> set[int]:
    """The row ids of a table."""
    return {row.pk for row in table.model._base_manager.all()}


def _date(table: Table) -> None:
    """State every date of the rows of a table."""
    for name in table.of_kind(Kind.DATE):
        days = {f"{name}_earliest": "2020-05-01", f"{name}_latest": "2020-05-31"}
        table_of(table.model, name)._base_manager.update(**{name: "2020-05"}, **days)


def _give_secret_words(table: Table, world: World) -> None:
    """Give the secret row secret words wherever it has any."""
    row = world.secret[table.model]
    for name in free_columns(table):
        value = [SECRET] if table.by_name[name].kind is Kind.LIST else SECRET
        table_of(table.model, name)._base_manager.filter(pk=row.pk).update(**{name: value})
    if "slug" in table.by_name:
        owner = table_of(table.model, "slug")
        owner._base_manager.filter(pk=row.pk).update(slug=f"{SECRET}-{table.name.replace('_', '-')}")


def _hide(table: Table, world: World) -> None:
    """Make the secret row one that nobody may see any more."""
    row = world.secret[table.model]
    if issubclass(table.model, Reviewed):
        table_of(table.model, "review")._base_manager.filter(pk=row.pk).update(review="submitted")
    needed = [column for column in table.columns if column.kind is Kind.REFERENCE and not column.field.null]
    for column in needed[:1]:
        target = world.target(column.target)
        table.model._base_manager.filter(pk=row.pk).update(**{column.name: target.pk})
    if table.model is Conflict:
        _link(row, table.model._meta.get_field("members"), world.secret[Claim])


def _tempt(table: Table, world: World) -> None:
    """Let the public row name secret ones wherever it need not."""
    row = world.public[table.model]
    for column in table.columns:
        if column.kind is Kind.REFERENCE and column.field.null:
            target = world.target(column.target)
            table.model._base_manager.filter(pk=row.pk).update(**{column.name: target.pk})
        if column.kind is Kind.REFERENCES and column.field.blank:
            _link(row, column.field, world.target(column.target))


def _link(row: Any, field: Any, target: Any) -> None:
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    field.remote_field.through._base_manager.create(**{f"{own}_id": row.pk, f"{other}_id": target.pk})


__all__ = ["SECRET", "Entity", "World", "make_world"]
