"""Make a token by which a program uses the API for a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims_site import tokens


class Command(BaseCommand):
    """How programs get in."""

    help = "Make a token by which a program uses the API for a person. It is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom, for how long, and for what."""
        parser.add_argument("name", help="the person for whom it acts")
        parser.add_argument("--days", type=int, default=90, help="for how many days it is good (90)")
        parser.add_argument("--read-only", action="store_true", help="it may read and not write")
        parser.add_argument("--label", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and show it."""
        try:
            kept, shown = tokens.make_token(
                name=options["name"],
                days=options["days"],
                read_only=options["read_only"],
                label=options["label"],
            )
        except tokens.TokenRefused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        use = "reading" if kept.read_only else "reading and writing"
        self.stdout.write(f"A token of {kept.user} for {use} until {kept.expiry:%Y-%m-%d}.")
        self.stdout.write(f"Token, shown this once and kept nowhere: {shown}")
