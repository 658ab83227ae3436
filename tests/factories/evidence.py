"""Records of the ground floor."""

from datetime import UTC, datetime, timedelta

import factory

from evidence.models import Investigation, Publisher, Snapshot, Source
from tests.factories.base import RecordFactory, ReviewedFactory


class InvestigationFactory(ReviewedFactory):
    """An investigation."""

    class Meta:
        model = Investigation

    slug = factory.Sequence(lambda n: f"investigation-{n}")
    title = factory.Sequence(lambda n: f"Who made cathode {n}?")


class PublisherFactory(ReviewedFactory):
    """A publisher with an Admiralty letter."""

    class Meta:
        model = Publisher

    slug = factory.Sequence(lambda n: f"publisher-{n}")
    name = factory.Sequence(lambda n: f"Daily Battery {n}")
    kind = "trade_press"
    reliability = "B"


class SourceFactory(ReviewedFactory):
    """A public press release."""

    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"source-{n}")
    title = factory.Sequence(lambda n: f"Company {n} opens a plant")
    kind = "press_release"
    access = "public"


class SnapshotFactory(RecordFactory):
    """The text of a source, each captured a second after the one before."""

    class Meta:
        model = Snapshot

    source = factory.SubFactory(SourceFactory)
    captured = factory.Sequence(lambda n: datetime(2026, 5, 4, 12, tzinfo=UTC) + timedelta(seconds=n))
    method = "paste"
    media_type = "text/plain"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    text_sha256 = factory.Sequence(lambda n: f"{n + 1:064x}")
