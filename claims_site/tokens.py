"""Making tokens for programs, and taking them back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User

from evidence.models import Token
from evidence.services.roles import is_system

LONGEST = 3650
"""For how many days a token may be good: ten years."""


class TokenRefused(Exception):
    """Why a token was not made or taken back, in words for who asked."""


def make_token(*, name: str, days: int, read_only: bool = False, label: str = "") -> tuple[Token, str]:
    """Make a token by which a program acts for this person; returns what is kept, and what is shown once."""
    person = person_named(name)
    if is_system(person) or not person.is_active:
        raise TokenRefused(f"'{name}' cannot sign in, so that no program can act for them.")
    if not 1 <= days <= LONGEST:
        raise TokenRefused(f"A token is good for 1 to {LONGEST} days, not for {days}.")
    made = Token(label=label, read_only=read_only)
    made.clean_fields(exclude=["digest", "token_key", "user"])
    kept, shown = Token.objects.create(
        person, expiry=timedelta(days=days), label=made.label, read_only=made.read_only
    )
    return kept, shown


def revoke_tokens(*, name: str, beginning: str = "") -> int:
    """Take back this person's tokens that begin so, by default all; returns how many these were."""
    found = Token.objects.filter(user=person_named(name), token_key__startswith=beginning)
    if beginning and not found.exists():
        raise TokenRefused(f"'{name}' has no token that begins with '{beginning}'.")
    number, _ = found.delete()
    return number


def person_named(name: str) -> User:
    """The person of this name. Raises TokenRefused."""
    if (person := User.objects.filter(username=name).first()) is None:
        raise TokenRefused(f"There is no user '{name}'; ./run add_user makes one.")
    return person
