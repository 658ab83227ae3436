"""Who may enter, and how they come to a password."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from claims_site import accounts

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_made_once_and_can_enter(client: Client) -> None:
    password = accounts.make_first_administrator()
    assert password is not None
    assert accounts.make_first_administrator() is None
    admin = User.objects.get(username="admin")
    assert admin.is_superuser
    assert [group.name for group in admin.groups.all()] == ["administrator"]
    assert client.login(username="admin", password=password)
    assert client.get("/admin/").status_code == 200


def test_two_passwords_differ() -> None:
    first = accounts.make_account(name="one", role="reader")
    assert first != accounts.make_account(name="two", role="reader")
    assert len(first) == 20


@pytest.mark.parametrize("role", ["reader", "curator", "reviewer", "administrator"])
def test_a_person_is_added_with_a_role_and_may_enter_the_admin(
    client: Client, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("add_user", "mira", "--role", role, "--email", "mira@example.org")
    password = capsys.readouterr().out.split()[-1]
    person = User.objects.get(username="mira")
    assert (person.email, person.is_staff, person.is_superuser) == ("mira@example.org", True, False)
    assert [group.name for group in person.groups.all()] == [role]
    assert client.login(username="mira", password=password)
    assert client.get("/admin/").status_code == 200


def test_a_name_is_taken_in_any_case() -> None:
    call_command("add_user", "mira", "--role", "curator")
    with pytest.raises(CommandError, match=r"'Mira' is taken.*changepassword"):
        call_command("add_user", "Mira", "--role", "curator")


def test_an_unknown_role_is_answered_with_the_nearest() -> None:
    with pytest.raises(CommandError, match=r"no role 'curater'\. Did you mean 'curator'\? Roles: a"):
        call_command("add_user", "mira", "--role", "curater")
    assert not User.objects.filter(username="mira").exists()


def test_a_name_that_nobody_could_log_in_with_is_refused() -> None:
    with pytest.raises(CommandError, match="valid username"):
        call_command("add_user", "mira holt", "--role", "curator")
