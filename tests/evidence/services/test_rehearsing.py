"""A rehearsal shows what writing would do, and leaves nothing behind."""

from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from evidence.choices import Door
from evidence.models import Change, Publisher
from evidence.services.changes import change
from evidence.services.rehearsing import is_rehearsed, rehearsal
from tests.factories import PublisherFactory


@pytest.mark.django_db
def test_what_is_rehearsed_is_there_within_and_gone_after(curator: User) -> None:
    PublisherFactory(slug="before")
    with rehearsal(), change(actor=curator, door=Door.IMPORT) as unit:
        Publisher(slug="rehearsed", name="Rehearsed").save()
        assert is_rehearsed()
        assert set(Publisher.objects.values_list("slug", flat=True)) == {"before", "rehearsed"}
    assert unit.change is not None
    assert not is_rehearsed()
    assert list(Publisher.objects.values_list("slug", flat=True)) == ["before"]
    assert Change.objects.count() == 1


@pytest.mark.django_db
def test_a_rehearsal_that_fails_leaves_nothing_either() -> None:
    def fail() -> None:
        with rehearsal():
            PublisherFactory(slug="rehearsed")
            raise RuntimeError("as a rule might")

    with pytest.raises(RuntimeError, match="as a rule might"):
        fail()
    assert not is_rehearsed()
    assert not Publisher.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_another_writer_does_not_wait_for_a_rehearsal(system: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets one connection write at a time")
    PublisherFactory(slug="before")
    place, written = connection.settings_dict["NAME"], []

    def write() -> None:
        with change(actor=system, door=Door.ADMIN):
            Publisher(slug="meanwhile", name="Meanwhile").save()
        written.append(connection.settings_dict["NAME"])
        connection.close()

    with rehearsal(), transaction.atomic():
        PublisherFactory(slug="rehearsed")
        copy = connection.settings_dict["NAME"]
        assert copy != place
        other = Thread(target=write)
        other.start()
        other.join(timeout=10)
        assert written == [place]
        assert set(slugs()) == {"before", "rehearsed"}
    assert set(slugs()) == {"before", "meanwhile"}
    assert not Path(copy).parent.exists()


def slugs() -> list[str]:
    return list(Publisher.objects.values_list("slug", flat=True))
