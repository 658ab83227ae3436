"""Find all conflicts anew: `find_conflicts [--check] [--as USER]`. Changes keep them up to date by themselves."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.choices import ConflictStatus
from claims.models import Conflict
from claims.services import conflicts
from evidence.domain.text import counted
from evidence.services.roles import SYSTEM


class Command(BaseCommand):
    """Derives every conflict from the claims, and says what differed from the records of conflicts."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="user", default=SYSTEM, metavar="USER", help="who answers for it")
        parser.add_argument("--reason", default="Found anew", help="why; it stands in the history")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit with 1 if anything differs"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”; ./run add_user makes one.")
        with transaction.atomic() if options["check"] else nullcontext():
            looked, written = 0, 0
            for groups, rows in conflicts.rebuild(actor=user, reason=options["reason"]):
                looked, written = looked + groups, written + rows
            there = Conflict.objects.filter(status=ConflictStatus.OPEN).count()
            if options["check"]:
                transaction.set_rollback(True)
        done = f"{counted(written, 'record')} {'would differ' if options['check'] else 'written'}"
        if options["verbosity"]:
            self._tell(looked, done, there)
        if options["check"] and written:
            raise SystemExit(1)

    def _tell(self, looked: int, done: str, there: int) -> None:
        self.stdout.write(
            f"{counted(looked, 'group')} of claims looked at, {done}; {counted(there, 'open conflict')}."
        )
