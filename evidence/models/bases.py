"""What every record shares, and what each of the three grades of record adds to it."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from evidence.choices import Basis, Confidence, Review
from evidence.domain.dates import DateRefused
from evidence.fields import CodeField, FieldRule, PartialDateField, ProseField, SlugField
from evidence.querysets import RecordQuerySet


def known_code(field: str, words: type[models.TextChoices], *, blank: bool = False) -> FieldRule:
    """The constraint that a column holds a word of its code list."""
    values = [*words.values, *([""] if blank else [])]
    return FieldRule(
        field=field,
        name=f"%(app_label)s_%(class)s_{field}_known",
        condition=models.Q(**{f"{field}__in": values}),
        violation_error_message=f"{field} has to be one of {', '.join(words.values)}.",
    )


def in_order(first: str, last: str) -> FieldRule:
    """The constraint that one partial date does not surely lie after another."""
    return FieldRule(
        field=last,
        name=f"%(app_label)s_%(class)s_{last}_not_before_{first}",
        condition=models.Q(**{f"{last}_latest__isnull": True})
        | models.Q(**{f"{first}_earliest__isnull": True})
        | models.Q(**{f"{last}_latest__gte": models.F(f"{first}_earliest")}),
        violation_error_message=f"“{last}” lies before “{first}”; correct one of the two dates.",
    )


class Record(models.Model):
    """A row that people enter: it has a key, a version and a history, and is only written inside a change."""

    KEY: ClassVar[tuple[str, ...]] = ("slug",)
    QUOTING: ClassVar[tuple[str, ...]] = ()
    """The columns with the words of this row's `source`, or their place; of a restricted one they are withheld."""

    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or getattr(self, "slug", "") or self.key)

    @classmethod
    def key_lookups(cls) -> list[str]:
        """The lookups that find a row by its key: a reference is named by the slug of what it refers to."""
        fields = [cls._meta.get_field(name) for name in cls.KEY]
        return [f"{field.name}__slug" if field.is_relation else field.name for field in fields]

    @classmethod
    def key_space(cls) -> type["Record"]:
        """The model within whose rows the key is unique: entities of all types share one space of slugs."""
        return cast("type[Record]", cls._meta.get_field(cls.KEY[0]).model)

    @property
    def is_derived(self) -> bool:
        """Whether the row follows from others, and goes when they do."""
        return False

    @property
    def derived_columns(self) -> frozenset[str]:
        """The columns of this row that follow from other rows, and are not read from a sheet."""
        return frozenset()

    def take_stamp(self, cells: Mapping[str, str]) -> None:
        """Note which state a sheet's row speaks of, by its computed columns; a model that cares overrides this."""

    def natural_key(self) -> tuple[str, ...]:
        """The texts that name this row, in the order of `KEY`."""
        parts = (getattr(self, name) for name in self.KEY)
        return tuple(part.slug if isinstance(part, Slugged) else str(part) for part in parts)

    @property
    def key(self) -> str:
        """The key as one text, as messages and addresses show it."""
        return "+".join(self.natural_key())

    def clean(self) -> None:
        """Bring the day columns of partial dates up to date, which constraints on their order rest on."""
        super().clean()
        for field in self._meta.get_fields():
            if isinstance(field, PartialDateField):
                self._place(field)

    def _place(self, field: PartialDateField) -> None:
        try:
            field.fill_bounds(self, getattr(self, field.attname))
        except DateRefused:
            return  # the field's own validation reports it


class Slugged(Record):
    """A record of its own, named by a slug. `SLUG_FROM` names the columns from which one is proposed."""

    SLUG_FROM: ClassVar[tuple[str, ...]] = ("name",)

    slug = SlugField(
        help_text="The short name in addresses and sheets: small letters, digits and hyphens. It stays.",
        error_messages={"unique": "This slug is taken; choose another, or change the record that has it."},
    )

    class Meta:
        abstract = True

    @classmethod
    def key_space(cls) -> type["Slugged"]:
        """The model within whose rows the slug is unique."""
        return cast("type[Slugged]", super().key_space())

    @classmethod
    def find_former(cls, slugs: Collection[str]) -> dict[str, Any]:  # noqa: ARG003  # what overrides it asks for them
        """The records of this model to which these former slugs lead, by slug; a thousand slugs at a time.

        A model whose records are merged overrides this.
        """
        return {}


class Reviewed(Slugged):
    """A record that stands for itself and is accepted or not."""

    review = CodeField(
        choices=Review,
        default=Review.DRAFT,
        help_text="Where it stands: curators draft and submit, reviewers accept, reject and retract.",
    )
    notes = ProseField(blank=True, help_text="Remarks for colleagues. Readers see them too.")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who last changed its content; nobody accepts their own work.",
    )

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (known_code("review", Review),)


class Curated(Reviewed):
    """A reviewed record that somebody may doubt: it says how sure we are, and whether it is fact or inference."""

    confidence = CodeField(
        choices=Confidence,
        default=Confidence.UNJUDGED,
        help_text="How sure we are of it. “Cannot be judged” is an answer of its own, not a low one.",
    )
    basis = CodeField(
        choices=Basis,
        default=Basis.INFERENCE,
        help_text="Fact: it was read in a source. Inference: somebody concluded it.",
    )

    class Meta(Reviewed.Meta):
        abstract = True
        constraints = (
            *Reviewed.Meta.constraints,
            known_code("confidence", Confidence),
            known_code("basis", Basis),
        )


class Part(Record):
    """A row that belongs to another record and is reviewed with it: changing the part changes the whole."""

    PARENT: ClassVar[str]
    BACKLINKS: ClassVar[tuple[str, ...]] = ()
    """References that only point back to what states this part; accepting the whole does not wait for them."""

    class Meta:
        abstract = True

    @property
    def whole(self) -> Reviewed:
        """The record that this row is a part of."""
        return getattr(self, self.PARENT)
