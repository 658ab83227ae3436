"""Who may do what, role by role and table by table."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from claims.contract import TABLES
from evidence.contract import Table
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.roles import ROLES, SYSTEM, is_reviewer, is_system, make_roles, may
from tests.conftest import person
from tests.factories import FACTORY_OF

WRITERS = ("curator", "reviewer", "administrator")
ACTIONS = ("view", "add", "change", "delete")

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
every_role = pytest.mark.parametrize("role", [role.name for role in ROLES])

pytestmark = pytest.mark.django_db


@every_role
def test_readers_view_and_all_others_write_every_table(role: str) -> None:
    user = person(role)
    for table in TABLES:
        allowed = [action for action in ACTIONS if may(user, action, table.model)]
        assert allowed == [*(ACTIONS if role in WRITERS else ["view"])], table.name


@every_role
def test_only_reviewers_and_administrators_review(role: str) -> None:
    assert is_reviewer(person(role)) is (role in ("reviewer", "administrator"))


@every_role
def test_only_administrators_manage_users(role: str) -> None:
    assert person(role).has_perm("auth.change_user") is (role == "administrator")


@every_role
def test_changes_are_seen_and_never_written_by_hand(role: str) -> None:
    user = person(role)
    assert user.has_perm("evidence.view_change")
    assert not any(user.has_perm(f"evidence.{action}_change") for action in ("add", "change", "delete"))


@every_table
def test_a_reader_writes_no_table(table: Table, reader: User) -> None:
    record = FACTORY_OF[table.model]()
    name = next(name for name in ("notes", "note", "reasoning", "title", "media_type", "statement", "reason", "slug")
                if name in table.by_name)  # fmt: skip
    setattr(record, name, "changed")
    with pytest.raises(ChangeRefused) as refused, change(actor=reader, door="admin"):
        record.save()
    said = f"reader may not change {table.label}; ask an administrator."
    assert said in [finding.message for finding in refused.value.findings]


def test_somebody_without_a_role_may_do_nothing() -> None:
    user = User.objects.create_user("nobody")
    assert not any(may(user, action, table.model) for table in TABLES for action in ACTIONS)


@every_role
def test_somebody_who_was_disabled_may_do_nothing(role: str) -> None:
    user = person(role)
    user.is_active = False
    user.save()
    user = User.objects.get(pk=user.pk)
    assert not any(may(user, action, table.model) for table in TABLES for action in ACTIONS)
    assert not is_reviewer(user)


def test_somebody_unknown_is_not_the_system() -> None:
    assert not is_system(AnonymousUser())
    assert not may(AnonymousUser(), "add", TABLES[0].model)


def test_the_system_may_write_everything_and_cannot_sign_in(system: User) -> None:
    assert is_system(system)
    assert is_reviewer(system)
    assert not system.has_usable_password()
    assert not system.is_staff
    assert all(may(system, action, table.model) for table in TABLES for action in ACTIONS)


def test_making_the_roles_again_changes_nothing() -> None:
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    make_roles()
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
    assert User.objects.filter(username=SYSTEM).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_roles_are_there_after_the_database_was_flushed(turn: int) -> None:
    assert {group.name for group in Group.objects.all()} == {role.name for role in ROLES}
    assert all(group.permissions.exists() for group in Group.objects.all())
    assert User.objects.filter(username=SYSTEM).exists()
