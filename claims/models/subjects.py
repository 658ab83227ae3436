"""Happenings, and everything else that claims are about: technologies, materials, policies, markets, places."""

from django.db import models

from claims.choices import EntityType, EventKind, TopicKind
from claims.models.registry import Entity, identity
from evidence.fields import CodeField, CountryField, LineField, ListField, PartialDateField
from evidence.models import History, Source
from evidence.models.bases import known_code


class Event(Entity):
    """Something that happened, or is to happen, on a day or in a period."""

    TYPE = EntityType.EVENT
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=EventKind, help_text="What sort of happening it is.")
    date = PartialDateField(help_text="When it took place.")
    place = LineField(blank=True, help_text="Where it took place, as stated.")
    country = CountryField(blank=True, help_text="ISO 3166 code, such as KR.")
    participants = models.ManyToManyField(
        Entity, blank=True, related_name="events", help_text="Who took part."
    )

    history = History(m2m_fields=["participants"])

    class Meta:
        constraints = (known_code("kind", EventKind, blank=True),)


class Topic(Entity):
    """A technology, chemistry, material, product, policy, market, place or document that claims are about."""

    TYPE = EntityType.TOPIC
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=TopicKind, help_text="What sort of thing it is.")
    owners = models.ManyToManyField(Entity, blank=True, related_name="owned_topics", help_text="Whose it is.")
    aliases = ListField(blank=True, help_text="Other names and spellings in documents, separated by |.")
    may_be = models.ManyToManyField(
        Entity,
        blank=True,
        related_name="possible_topics",
        help_text="For a name that documents leave ambiguous: what it may mean.",
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        help_text="For a document that claims are about: its record as a source.",
    )

    history = History(m2m_fields=["owners", "may_be"])

    class Meta:
        constraints = (known_code("kind", TopicKind, blank=True),)
