"""Put a change back: `undo_change NUMBER --as USER`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from evidence.choices import Door
from evidence.domain.text import counted
from evidence.models import Change
from evidence.services.findings import ChangeRefused
from evidence.services.undoing import undo


class Command(BaseCommand):
    """Undoes a change, wholly or not at all, as a change of its own."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("change", type=int, metavar="NUMBER", help="the number of the change")
        parser.add_argument("--as", dest="actor", metavar="USER", required=True, help="who answers for it")
        parser.add_argument("--reason", default="", help="why, for the history of every record")

    def handle(self, *_: Any, **options: Any) -> str:
        number = options["change"]
        undone = Change.objects.filter(pk=number).first()
        actor = User.objects.filter(username=options["actor"]).first()
        if undone is None:
            raise CommandError(
                f"There is no change {number}; the list of changes in the admin has their numbers."
            )
        if actor is None:
            raise CommandError(f"There is no user “{options['actor']}”; ./run add_user makes one.")
        try:
            reason = options["reason"] or f"Undo of change {number}"
            done = undo(undone=undone, actor=actor, door=Door.COMMAND, reason=reason)
        except ChangeRefused as refused:
            for finding in refused.findings:
                self.stderr.write(str(finding))
            self.stderr.write(f"{counted(len(refused.findings), 'reason')} against it; nothing was undone.")
            sys.exit(1)
        return (
            f"Change {number} is undone by change {done.pk}."
            if done
            else f"Nothing of change {number} is left."
        )
