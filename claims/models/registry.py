"""Entities: the one table of identity, the organisations and people in it, and how they belong together."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models

from claims.choices import CompanyKind, EntityType
from claims.domain.stakes import NOW, Holding, StakeRefused, check_stake, plain_stake
from claims.domain.values import Understood
from claims.models.printed import Printed, clean_printed, readings
from evidence.fields import (
    CodeField,
    CountryField,
    FieldRule,
    LineField,
    LinkField,
    ListField,
    PartialDateField,
    ProseField,
)
from evidence.models import Curated, History, Part, Publisher, Slugged
from evidence.models.bases import in_order, known_code


class Entity(Curated):
    """A thing that claims are about. Its type says which table holds the rest of it, and never changes."""

    TYPE: ClassVar[EntityType]
    PRINTED: ClassVar[tuple[Printed, ...]] = ()

    type = CodeField(choices=EntityType, editable=False, help_text="What sort of thing it is; never changes.")
    name = LineField(help_text="The name by which it is best known.")
    description = ProseField(blank=True, help_text="What it is, in a sentence or two.")

    class Meta(Curated.Meta):
        ordering = ("slug",)
        verbose_name_plural = "entities"
        constraints = (*Curated.Meta.constraints, known_code("type", EntityType))
        indexes = (models.Index(fields=("name",), name="claims_entity_name"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and hasattr(type(self), "TYPE"):
            kwargs.setdefault("type", self.TYPE.value)
        super().__init__(*args, **kwargs)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not hasattr(type(self), "TYPE"):
            raise TypeError(f"“{self}” is written as what it is, with its history: save its leaf.")
        self.type = self.TYPE.value
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        clean_printed(self, self.PRINTED)

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        super().validate_unique(exclude)
        former = {} if "slug" in (exclude or ()) else Entity.find_former([self.slug])
        for entity in former.values():
            raise ValidationError({"slug": told_former(self.slug, entity)})

    @classmethod
    def find_former(cls, slugs: Collection[str]) -> dict[str, Self]:
        leading: Any = cls._meta.get_field("former_slugs").related_model
        led = dict(leading.objects.filter(slug__in=slugs).order_by().values_list("slug", "entity"))
        rows = cls._base_manager.in_bulk(led.values()) if led else {}
        return {slug: rows[row] for slug, row in led.items() if row in rows}

    def readings(self) -> dict[str, Understood]:
        """What the values of this record mean, by column."""
        return readings(self, self.PRINTED)

    @property
    def leaf(self) -> "Entity":
        """The same row as its own type: a Company, a Plant, …"""
        return self if hasattr(type(self), "TYPE") else getattr(self, f"as_{self.type}")

    @property
    def leaf_model(self) -> Any:
        """The model of its own type, without reading that row."""
        return next(kind for kind in Entity.__subclasses__() if self.type == kind.TYPE)


def identity() -> models.OneToOneField:
    """The link of a leaf to its row in the table of identity, which reads `entity.as_company`, `as_plant`, …"""
    return models.OneToOneField(
        Entity, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_%(class)s"
    )


class Company(Entity):
    """A company or public body; also a party that nobody named (kind `undisclosed`)."""

    TYPE = EntityType.COMPANY
    entity_ptr = identity()

    kind = CodeField(blank=True, choices=CompanyKind, help_text="What sort of organisation it is.")
    country = CountryField(blank=True, help_text="Where it comes from: ISO 3166 code, such as CA.")
    headquarters = LineField(blank=True, help_text="Where it is run from, as stated.")
    founded = PartialDateField(help_text="When it was founded.")
    tickers = ListField(blank=True, help_text="Exchange and symbol, such as TSX: NANO, separated by |.")
    roles = ListField(blank=True, help_text="What it does in the supply chain, separated by |.")
    website = LinkField(blank=True, help_text="Its home page.")
    aliases = ListField(blank=True, help_text="Other names and spellings in documents, separated by |.")
    may_be = models.ManyToManyField(
        Entity,
        blank=True,
        related_name="possible_companies",
        help_text="For a name that documents leave ambiguous: whom it may mean.",
    )
    publisher = models.ForeignKey(
        Publisher,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
        help_text="The publisher through which it speaks for itself.",
    )

    history = History(m2m_fields=["may_be"])

    class Meta:
        verbose_name_plural = "companies"
        constraints = (known_code("kind", CompanyKind, blank=True),)


class Person(Entity):
    """A person named in documents."""

    TYPE = EntityType.PERSON
    entity_ptr = identity()

    aliases = ListField(blank=True, help_text="Other names and spellings in documents, separated by |.")

    history = History()

    class Meta:
        verbose_name_plural = "people"


class Ownership(Slugged, Part):
    """One entity owning another, wholly or in part, for a time."""

    PARENT = "owned"
    BACKLINKS = ("claims",)
    PRINTED: ClassVar[tuple[Printed, ...]] = (Printed("stake_percent", "percent"),)
    SLUG_FROM = ("owner", "owned")

    owner = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="holdings", help_text="Who owns."
    )
    owned = models.ForeignKey(
        Entity, on_delete=models.CASCADE, related_name="owners_of", help_text="What is owned."
    )
    stake_percent = LineField(blank=True, help_text="The share as printed, such as 4.9%. Empty: not stated.")
    started = PartialDateField(help_text="Since when.")
    ended = PartialDateField(help_text="Until when.")
    claims = models.ManyToManyField(
        "claims.Claim", blank=True, related_name="ownerships", help_text="The claims that state it."
    )

    history = History(m2m_fields=["claims"])

    class Meta:
        ordering = ("slug",)
        constraints = (
            in_order("started", "ended"),
            FieldRule(
                field="owner",
                name="claims_ownership_not_of_itself",
                condition=~models.Q(owner=models.F("owned")),
                violation_error_message="Nothing owns itself; name another owner.",
            ),
        )

    @property
    def whole(self) -> Entity:
        return self.owned.leaf

    @property
    def holding(self) -> Holding:
        """This share, for the rules in `domain.stakes`."""
        stated = bool(self.stake_percent)
        names, percent = (str(self.owner), str(self.owned)), plain_stake(self.stake_percent)
        bounds: Any = self  # the day columns are added by PartialDateField
        since, until = min(bounds.started_latest or NOW, NOW), bounds.ended_earliest or date.max
        return Holding(*names, percent, stated, since, until)

    def readings(self) -> dict[str, Understood]:
        """What the values of this record mean, by column."""
        return readings(self, self.PRINTED)

    def clean(self) -> None:
        super().clean()
        clean_stake(self.stake_percent)


class Position(Slugged, Part):
    """A person holding a position in an organisation for a time."""

    PARENT = "person"
    BACKLINKS = ("claims",)
    SLUG_FROM = ("person", "title", "company")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="positions", help_text="Who holds it."
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="positions", help_text="In which company or body."
    )
    title = LineField(help_text="The position's title, as stated.")
    started = PartialDateField(help_text="Since when.")
    ended = PartialDateField(help_text="Until when.")
    claims = models.ManyToManyField(
        "claims.Claim", blank=True, related_name="positions", help_text="The claims that state it."
    )

    history = History(m2m_fields=["claims"])

    class Meta:
        ordering = ("slug",)
        constraints = (in_order("started", "ended"),)


def clean_stake(printed: str) -> None:
    """Raise ValidationError at `stake_percent` where the printed share cannot be one."""
    try:
        if printed:
            check_stake(printed)
    except StakeRefused as refusal:
        raise ValidationError({"stake_percent": str(refusal)}) from refusal


def told_former(slug: str, entity: Entity) -> str:
    """Why a record cannot have this slug, which leads to the entity, and the way out."""
    return (
        f"“{slug}” is a former slug of the {entity.type} “{entity.name}” ({entity.slug}), with which its record was "
        "merged; change that one, or choose another slug."
    )
