"""Take tokens of a person back, or list them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims_site import tokens
from evidence.domain.text import counted
from evidence.models import Token


class Command(BaseCommand):
    """How programs are kept out again."""

    help = "Take tokens of a person back; without --token or --all, list them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and which."""
        parser.add_argument("name", help="the person for whom they act")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--token", default="", help="the one that begins so")
        which.add_argument("--all", action="store_true", help="all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them back, or list them."""
        name, beginning = options["name"], options["token"]
        try:
            if beginning or options["all"]:
                number = tokens.revoke_tokens(name=name, beginning=beginning)
                self.stdout.write(f"Taken back: {counted(number, 'token')} of {name}.")
                return
            listed = Token.objects.filter(user=tokens.person_named(name))
        except tokens.TokenRefused as error:
            raise CommandError(str(error)) from error
        for token in listed:
            use = "read-only" if token.read_only else "may write"
            until = f"until {token.expiry:%Y-%m-%d}" if token.expiry else "without an end"
            self.stdout.write(f"{token.token_key}… {until}, {use} {token.label}".rstrip())
        self.stdout.write(f"{name} has {counted(len(listed), 'token')}.")
