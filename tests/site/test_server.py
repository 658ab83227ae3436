"""Which port the server takes."""

from __future__ import annotations

import socket

import pytest

from claims_site import server


def test_the_first_free_port_is_taken() -> None:
    with server.listen(None) as first, server.listen(None) as second:
        assert server.FIRST_PORT <= first.getsockname()[1] < second.getsockname()[1]
        assert first.getsockname()[0] == "127.0.0.1"


def test_a_port_asked_for_is_taken_or_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(server.PortTaken, match=rf"Port {taken} cannot be used .*--port or LEDGER_PORT"):
            server.listen(taken)
    with server.listen(taken) as listener:
        assert listener.getsockname()[1] == taken
