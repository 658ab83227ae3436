"""A program that asks the API over HTTP while a test answers it: by its own thread, inside of its own transaction."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

Environ = dict[str, Any]


class TooOften(Exception):
    """This request is answered with 429: come back at once."""


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named so by the library
        """Say nothing."""


ENDS = (request_started, request_finished)
"""When connections are closed, in which the transaction of the test is."""


def run_beside(
    command: list[str],
    folder: Path,
    environment: Callable[[str], Mapping[str, str]],
    before: Callable[[Environ], None] | None = None,
) -> str:
    """Run a program in a folder to its end, and answer what it asks; returns what it printed, errors too.

    `environment` makes its environment of the address of the site; `before` is called with each request first, and
    may raise TooOften.
    """
    answers = WSGIHandler()

    def site(environ: Environ, start: Any) -> Iterable[bytes]:
        try:
            if before is not None:
                before(environ)
        except TooOften:
            start("429 Too Many Requests", [("Retry-After", "0")])
            return []
        for end in ENDS:  # each time: a client of Django's own, asked by `before`, connects them again
            end.disconnect(close_old_connections)
        return answers(environ, start)

    printed = folder / "printed"
    with (
        make_server("127.0.0.1", 0, site, handler_class=Quiet) as server,
        printed.open("wb") as out,
    ):
        server.timeout = 0.05
        home = f"http://127.0.0.1:{server.server_port}"
        with subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment(home)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as program:
            while program.poll() is None:
                server.handle_request()
    for end in ENDS:
        end.connect(close_old_connections)
    text = printed.read_text(encoding="utf-8")
    assert program.returncode == 0, text
    return text
