"""The web server inside this process: gunicorn on a socket of this machine."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from claims_site import memory

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 100
PRIVATE = 0o077  # umask: the database holds password hashes
THREADS = 4  # a long import must not keep the others of its process waiting


class PortTaken(Exception):
    """No port could be had; the message says which and what to do."""


def listen(port: int | None) -> socket.socket:
    """A bound socket: on the port asked for, else on the first free one.

    It listens from here on and is handed over as it is, so that nobody takes the port in between.
    """
    for candidate in [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
            listener.listen()
        except OSError as error:
            listener.close()
            if port or error.errno != errno.EADDRINUSE:
                raise PortTaken(
                    f"Port {candidate} cannot be used ({error.strerror}). Choose another with --port or "
                    "LEDGER_PORT, or leave both out to take the first free one."
                ) from error
        else:
            return listener
    raise PortTaken(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are taken. Name one with --port.")


class LedgerServer(BaseApplication):
    """gunicorn with its settings given here instead of on a command line."""

    def __init__(self, *, listener: socket.socket, workers: int, when_ready: Callable[[], None]) -> None:
        self.options: dict[str, Any] = {
            "bind": f"fd://{listener.detach()}",
            "workers": workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "umask": PRIVATE,
            # A list may be asked by all of its columns at once; a proxy in front has its own bound.
            "limit_request_line": 0,
            # A worker stopped while it boots misses the signal; then this is how long Ctrl-C takes.
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,  # nothing here talks to it, and it lies outside the data folder
            "when_ready": lambda arbiter: when_ready(),  # noqa: ARG005 - gunicorn counts the arguments
        }
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn to be configured."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """Called by gunicorn for the application to serve, before it starts its workers."""
        application = get_wsgi_application()
        get_resolver().url_patterns  # noqa: B018  # all pages are loaded now, and not with the first request
        memory.settle()
        return application
