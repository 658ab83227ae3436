"""Making the people who may enter, with passwords that nobody chose."""

from __future__ import annotations

import difflib
import secrets

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import connection, transaction

FIRST_ADMINISTRATOR = "admin"
ADMINISTRATOR_ROLE = "administrator"
PASSWORD_BYTES = 15  # 120 random bits, 20 characters to copy


class AccountRefused(Exception):
    """Why an account was not made, in words for who asked."""


def role_group(role: str) -> Group:
    """The group that carries a role's permissions."""
    set_up = Group._meta.db_table in connection.introspection.table_names()
    names = list(Group.objects.order_by("name").values_list("name", flat=True)) if set_up else []
    if role in names:
        return Group.objects.get(name=role)
    if not names:
        raise AccountRefused("There are no roles yet. Start the ledger once with ./run, then try again.")
    nearest = difflib.get_close_matches(role, names, n=1)
    hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
    raise AccountRefused(f"There is no role '{role}'.{hint} Roles: {', '.join(names)}.")


@transaction.atomic
def make_account(*, name: str, role: str, email: str = "", is_superuser: bool = False) -> str:
    """Make a person who may enter the admin with a role; returns the password, kept nowhere."""
    group = role_group(role)
    if User.objects.filter(username__iexact=name).exists():
        raise AccountRefused(
            f"The name '{name}' is taken. Choose another, or give that person a new password with: "
            f"./run manage changepassword {name}"
        )
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    person = User(username=name, email=email, is_staff=True, is_superuser=is_superuser)
    person.set_password(password)
    try:
        person.full_clean()
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from error
    person.save()
    person.groups.add(group)
    return password


def make_first_administrator() -> str | None:
    """Make `admin` where nobody could enter as a superuser; None where somebody can."""
    people = User.objects.filter(is_superuser=True, is_active=True)
    if people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        return None
    return make_account(name=FIRST_ADMINISTRATOR, role=ADMINISTRATOR_ROLE, is_superuser=True)
