"""What a merge leaves behind, and what keeps two entities from being proposed for one."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Greatest, Least

from claims.models.registry import Entity
from evidence.fields import FieldRule, ProseField, UniqueRule
from evidence.models import History, Part, Record, Slugged


class FormerSlug(Slugged, Part):
    """A slug that once named a record of its own, and leads to the entity with which that record was merged."""

    PARENT = "entity"
    SLUG_FROM = ()

    entity = models.ForeignKey(
        Entity, on_delete=models.CASCADE, related_name="former_slugs", help_text="The entity it leads to."
    )
    reason = ProseField(blank=True, help_text="Why the two are one.")

    history = History()

    class Meta:
        ordering = ("slug",)

    @property
    def whole(self) -> Entity:
        return self.entity.leaf

    def clean(self) -> None:
        super().clean()
        if named := Entity.objects.filter(slug=self.slug).first():
            raise ValidationError({"slug": told_in_use(named)})


class Distinction(Record):
    """Two entities that look alike, and were judged to be different; they are not proposed as duplicates again."""

    KEY = ("entity", "other")

    entity = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="distinctions", help_text="One of the two."
    )
    other = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="distinctions_as_other", help_text="The other one."
    )
    reason = ProseField(help_text="What tells them apart.")

    history = History()

    class Meta:
        ordering = ("entity__slug", "other__slug")
        constraints = (
            FieldRule(
                field="other",
                name="claims_distinction_of_two",
                condition=~models.Q(entity=models.F("other")),
                violation_error_message="Nothing is different from itself; name another entity.",
            ),
            UniqueRule(
                Least("entity", "other"),
                Greatest("entity", "other"),
                field="other",
                name="claims_distinction_once",
                violation_error_message="These two were judged to be different already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entity.slug} ≠ {self.other.slug}"


def told_in_use(entity: Entity) -> str:
    """Why the slug of an entity cannot be a former one, and the way out."""
    return (
        f"“{entity.slug}” is the slug of the {entity.type} “{entity.name}”; only one that no record has any more leads "
        "to another. Merge the two instead."
    )
