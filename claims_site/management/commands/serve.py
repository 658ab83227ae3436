"""Serve the ledger on this machine, after whatever has to happen first."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from claims_site import accounts, locks, preparation, server


class Command(BaseCommand):
    """What `./run` ends in."""

    help = "Bring the database up to date, load the first data once, and serve on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        """The port may be given here or as LEDGER_PORT."""
        parser.add_argument("--port", type=int, help="this port and no other (default: the first free one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the port, prepare, and serve until stopped."""
        os.umask(server.PRIVATE)
        try:
            listener = server.listen(options["port"] or settings.PORT)
            with locks.serving(settings.DATA_DIR):
                with locks.starting(settings.DATA_DIR):
                    preparation.prepare(self.say)
                connections.close_all()  # the server's processes must not share one connection
                port = listener.getsockname()[1]
                server.LedgerServer(
                    listener=listener, workers=settings.WORKERS, when_ready=lambda: self.greet(port)
                ).run()
        except (server.PortTaken, accounts.AccountRefused) as error:
            raise CommandError(str(error)) from error
        except locks.Busy as error:
            raise CommandError("A backup is being restored here. Start again when it is done.") from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def greet(self, port: int) -> None:
        """Say where to go, once requests are answered."""
        self.say(f"The ledger is at http://{server.HOST}:{port}/admin/ - Ctrl-C stops it.")

    def say(self, words: str) -> None:
        """Print now, also into a pipe."""
        self.stdout.write(words)
        self.stdout.flush()
