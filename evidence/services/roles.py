"""Who may do what: one table, from which groups and permissions are made after every migration."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, Group, Permission, User
from django.db import models

from evidence.models import Change, ImportBatch, Record

READER, CURATOR, REVIEWER, ADMINISTRATOR = "reader", "curator", "reviewer", "administrator"
SYSTEM = "system"
"""The user as whom the shipped fixtures are loaded; it cannot sign in, and its records may come accepted."""

VIEW = ("view",)
WRITE = ("view", "add", "change", "delete")


@dataclass(frozen=True)
class Role:
    """What one role may do with records, and whether it reviews and manages users."""

    name: str
    records: tuple[str, ...]
    reviews: bool = False
    manages_users: bool = False
    description: str = ""


ROLES = (
    Role(READER, VIEW, description="reads everything, restricted texts too"),
    Role(CURATOR, WRITE, description="enters, changes and submits records"),
    Role(
        REVIEWER,
        WRITE,
        reviews=True,
        description="also accepts, rejects and retracts, but never their own work",
    ),
    Role(
        ADMINISTRATOR,
        WRITE,
        reviews=True,
        manages_users=True,
        description="also manages users; accepts no own work either",
    ),
)


def make_roles(**_: Any) -> None:
    """Make the groups of `ROLES`, their permissions, and the system user; safe to repeat."""
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=role.name)
        group.permissions.set(_permissions(role))
    system, made = User.objects.get_or_create(username=SYSTEM, defaults={"last_name": "System (no person)"})
    if made:
        system.set_unusable_password()
        system.save()


def is_system(user: AbstractBaseUser | Any) -> bool:
    """Whether this is the system user."""
    return bool(user.get_username() == SYSTEM)


def is_reviewer(user: Any) -> bool:
    """Whether the user may accept, reject and retract other people's work."""
    return is_system(user) or bool(user.has_perm("evidence.review_records"))


def may(user: Any, action: str, model: type[models.Model]) -> bool:
    """Whether the user may view, add, change or delete rows of this model."""
    return is_system(user) or bool(
        user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")
    )


def may_import(user: Any, models_written: Iterable[type[models.Model]]) -> bool:
    """Whether the user may import sheets at all: who has that right, and may write to any of these tables."""
    return may(user, "add", ImportBatch) and any(may(user, "add", model) for model in models_written)


def _permissions(role: Role) -> list[Permission]:
    curated = [model for model in apps.get_models() if issubclass(model, Record)]
    codenames = {f"{action}_{model._meta.model_name}" for model in curated for action in role.records}
    codenames |= {f"view_{model._meta.model_name}" for model in (Change, ImportBatch)}
    codenames |= {f"add_{ImportBatch._meta.model_name}"} if "add" in role.records else set()
    codenames |= {"review_records"} if role.reviews else set()
    labels = {model._meta.app_label for model in curated}
    chosen = list(Permission.objects.filter(content_type__app_label__in=labels, codename__in=codenames))
    if role.manages_users:
        chosen += Permission.objects.filter(content_type__app_label="auth", content_type__model="user")
    return chosen
