"""Add a person with a role and a random password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims_site import accounts


class Command(BaseCommand):
    """How curators and reviewers get in."""

    help = "Add a person with a role. The password is drawn at random and shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what they may do."""
        parser.add_argument("name", help="the name to log in with")
        parser.add_argument("--role", required=True, help="reader, curator, reviewer or administrator")
        parser.add_argument("--email", default="", help="where to reach the person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account and show its password."""
        try:
            password = accounts.make_account(
                name=options["name"], role=options["role"], email=options["email"]
            )
        except accounts.AccountRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Added {options['name']} as {options['role']}.")
        self.stdout.write(f"Password, shown this once and kept nowhere: {password}")
