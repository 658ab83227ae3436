"""What whoever watches over the server is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = pytest.mark.django_db


def test_healthz_answers_while_the_process_lives(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_answers_when_database_and_code_agree(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_readyz_refuses_while_a_migration_waits(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are waiting\n")


def test_neither_is_kept_by_a_cache_or_changes_anything(client: Client) -> None:
    for address in ("/healthz", "/readyz"):
        assert "no-store" in client.get(address).headers["Cache-Control"]
        assert client.post(address).status_code == 405
