"""Who follows the feed while several write at once misses nothing: notices are numbered as they can be seen."""

from threading import Event, Thread

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, transaction

from claims.models import Company
from evidence.choices import Door
from evidence.services.changes import change
from tests.evidence.api.mirrors import Mirror, full_lists

WHILE = 2
"""Seconds in which a change is written that does not wait for another."""


@pytest.mark.django_db(transaction=True)
def test_a_change_that_ends_late_is_not_overtaken(system: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one connection write at a time")
    settled, end = Event(), Event()

    def write(slug: str) -> None:
        with change(actor=system, door=Door.API):
            Company(slug=slug, name="Company", review="accepted").save()

    def write_slowly() -> None:
        with transaction.atomic():
            write("slow")
            settled.set()
            end.wait(timeout=30)
        connection.close()

    def write_meanwhile() -> None:
        write("meanwhile")
        connection.close()

    mirror = Mirror(AnonymousUser())
    slow, meanwhile = Thread(target=write_slowly), Thread(target=write_meanwhile)
    slow.start()
    assert settled.wait(timeout=30)
    meanwhile.start()
    meanwhile.join(timeout=WHILE)
    mirror.catch_up()
    end.set()
    slow.join()
    meanwhile.join()
    mirror.catch_up()
    assert mirror.records == full_lists(AnonymousUser())
    assert {key for _, key in mirror.records} == {"slow", "meanwhile"}
