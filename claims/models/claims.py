"""What we assert: the vocabulary of predicates, claims, the places they rest on, and the premises of inferences."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from claims.choices import (
    Credibility,
    EntityType,
    Modality,
    Persistence,
    PremiseRole,
    PresentedAs,
    QuoteState,
    Stance,
    ValueState,
    ValueType,
)
from claims.domain.fit import Stated, Terms, misfits
from claims.domain.reading import read_value, tolerance_misfit, units_misfit
from claims.domain.values import Understood
from claims.domain.values.counted import THING as COUNT
from claims.models.registry import Entity
from claims.querysets import ClaimManager, PredicateManager
from evidence.fields import (
    CodeField,
    FieldRule,
    LineField,
    ListField,
    PartialDateField,
    ProseField,
    UniqueRule,
)
from evidence.models import Curated, History, Investigation, Part, Reviewed, Slugged, Source
from evidence.models.bases import known_code


class Predicate(Reviewed):
    """What a claim can state of its subject, and what kind of value it then takes."""

    SLUG_FROM = ("label",)

    label = LineField(help_text="How it reads between subject and value: “was founded”, “has a capacity of”.")
    applies_to = ListField(
        blank=True,
        words=EntityType,
        help_text="The types of subject it can be said of, separated by |. Empty: any.",
    )
    value_type = CodeField(choices=ValueType, help_text="What kind of value it takes.")
    codes = ListField(blank=True, help_text="For values of type code: the words it takes, separated by |.")
    unit = ListField(
        blank=True,
        help_text="The units or currencies its values come in, the usual one first, separated by |. Empty: any.",
    )
    single_valued = models.BooleanField(
        default=False,
        help_text="Whether a subject has one value at a time, so that two different ones conflict.",
    )
    persistence = CodeField(
        choices=Persistence,
        suggested=Persistence.LASTING,
        help_text="How long a statement holds: for ever, until something changes, or on its day.",
    )
    tolerance = LineField(
        blank=True, help_text="How far two values may differ and still agree, such as 2%, 30 days or 1 GWh."
    )
    record_field = LineField(blank=True, help_text="The field of the subject's record that holds the same.")
    description = ProseField(blank=True, help_text="Who is the subject, and what object and scope mean.")

    history = History()
    objects: ClassVar = PredicateManager()

    class Meta(Reviewed.Meta):
        ordering = ("slug",)
        constraints = (
            *Reviewed.Meta.constraints,
            known_code("value_type", ValueType),
            known_code("persistence", Persistence),
            FieldRule(
                field="single_valued",
                name="claims_predicate_text_has_many_values",
                condition=~models.Q(value_type=ValueType.TEXT, single_valued=True),
                violation_error_message="Two texts are never in conflict; a text predicate is not single-valued.",
            ),
            FieldRule(
                field="codes",
                name="claims_predicate_codes_where_coded",
                condition=(models.Q(value_type=ValueType.CODE) & ~models.Q(codes=""))
                | (~models.Q(value_type=ValueType.CODE) & models.Q(codes="")),
                violation_error_message="A predicate of type code lists its words; no other has any.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def described(self) -> str:
        """The predicate with what it asks for, for whoever is choosing one."""
        units = " or ".join(unit for unit in self.unit if unit != COUNT)
        return (
            f"{self.label} · {self.value_type} in {units}" if units else f"{self.label} · {self.value_type}"
        )

    @property
    def terms(self) -> Terms:
        """What this predicate allows, for the rules in `domain.fit`."""
        return Terms(self.label, tuple(self.applies_to), self.value_type, tuple(self.codes), tuple(self.unit))

    def clean(self) -> None:
        super().clean()
        leaves = [kind for kind in Entity.__subclasses__() if kind.TYPE in self.applies_to]
        own = (field for kind in leaves for field in (*kind._meta.fields, *kind._meta.many_to_many))
        names = {field.name for field in own if field.editable}
        found = {
            "unit": units_misfit(self.value_type, self.unit),
            "tolerance": tolerance_misfit(self.value_type, self.unit, self.tolerance),
        }
        if self.record_field and self.record_field not in names:
            found["record_field"] = f"None of these types has a field “{self.record_field}”."
        if wrong := {field: message for field, message in found.items() if message}:
            raise ValidationError(wrong)


class Claim(Curated):
    """One atomic statement about an entity, by somebody, with what makes it differ from others like it."""

    SLUG_FROM = ("statement",)

    statement = ProseField(help_text="One plain sentence that can be read alone, with names and figures.")
    subject = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="claims", help_text="What the claim is about."
    )
    predicate = models.ForeignKey(
        Predicate, on_delete=models.PROTECT, related_name="claims", help_text="What it states of the subject."
    )
    object = models.ForeignKey(
        Entity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_as_object",
        help_text="The other entity it speaks of. For predicates between entities, the object is the value.",
    )
    value = LineField(blank=True, help_text="The value exactly as the document prints it.")
    unit = LineField(blank=True, help_text="The unit, only where the printed value omits it.")
    negated = models.BooleanField(default=False, help_text="The claim says that this is not so.")
    when = PartialDateField(help_text="The day or period it speaks of.")
    scope = ListField(blank=True, help_text="What part or case it is limited to, separated by |.")
    modality = CodeField(
        choices=Modality,
        suggested=Modality.ACTUAL,
        help_text="Whether it speaks of what is, or is planned, …",
    )
    reasoning = ProseField(blank=True, help_text="For an inference: how it follows, in our words.")
    investigations = models.ManyToManyField(
        Investigation, blank=True, related_name="claims", help_text="The investigations it belongs to."
    )
    value_state = CodeField(
        blank=True,
        choices=ValueState,
        editable=False,
        verbose_name="value",
        help_text="Whether the value is understood; one that is not compares with nothing.",
    )

    history = History(m2m_fields=["investigations"])
    objects: ClassVar = ClaimManager()

    class Meta(Curated.Meta):
        ordering = ("slug",)
        constraints = (
            *Curated.Meta.constraints,
            known_code("modality", Modality),
            known_code("value_state", ValueState, blank=True),
        )
        indexes = (
            models.Index(fields=("subject", "predicate"), name="claims_claim_subject_predicate"),
            models.Index(fields=("when_earliest", "when_latest"), name="claims_claim_when"),
            models.Index(fields=("review", "slug"), name="claims_claim_review"),
            models.Index(fields=("value_state", "slug"), name="claims_claim_value_state"),
        )

    def __str__(self) -> str:
        return self.statement

    def clean(self) -> None:
        super().clean()
        if self.missing_ends():
            return
        if found := self.misfits():
            raise ValidationError(found)

    def missing_ends(self) -> bool:
        """Whether subject or predicate are not known yet, so that nothing can be said of their fit."""
        return any(map(self._is_missing, ENDS))

    def _is_missing(self, name: str) -> bool:
        return getattr(self, f"{name}_id") is None and name not in self._state.fields_cache

    def readings(self) -> dict[str, Understood]:
        """What the value means where its predicate asks for one, by column."""
        if not self.value or self._is_missing("predicate"):
            return {}
        terms = self.predicate.terms
        return {"value": read_value(terms.value_type, self.value, unit=self.unit, units=terms.units)}

    def misfits(self) -> dict[str, str]:
        """What of this claim does not fit its predicate, by field."""
        stated = Stated(
            subject_type=self.subject.type,
            has_object=self.object_id is not None or "object" in self._filled_references(),
            value=self.value,
            unit=self.unit,
        )
        return misfits(self.predicate.terms, stated)

    def _filled_references(self) -> set[str]:
        return {name for name, record in self._state.fields_cache.items() if record is not None}


ENDS = ("subject", "predicate")


class Citation(Slugged, Part):
    """A claim resting on a place in a source: what the source does for it, where, and in which words."""

    PARENT = "claim"
    QUOTING = ("locator", "quote", "prefix", "suffix")
    SLUG_FROM = ("claim", "source", "locator")

    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="citations", help_text="The claim."
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="citations", help_text="The document."
    )
    stance = CodeField(
        choices=Stance, suggested=Stance.SUPPORTS, help_text="What the document does for the claim."
    )
    locator = LineField(blank=True, help_text="Where: “3.8 t1 r2 c4”, “3.7.2 b4”, “p5 s2”, “title”.")
    quote = ProseField(blank=True, help_text="The words, exactly as printed; a short fragment suffices.")
    prefix = ProseField(blank=True, help_text="The words before, where the quote stands several times.")
    suffix = ProseField(blank=True, help_text="The words after, where the quote stands several times.")
    presented_as = CodeField(blank=True, choices=PresentedAs, help_text="How the document itself puts it.")
    certainty = LineField(blank=True, help_text="The document's own hedge, as printed, such as “likely”.")
    attributed_to = models.ForeignKey(
        Entity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attributed_citations",
        help_text="Who speaks in the document. Empty: the document itself.",
    )
    said = PartialDateField(help_text="The day of speaking.")
    via = models.ManyToManyField(
        Source, blank=True, related_name="passed_on_by", help_text="Where the document says it has this from."
    )
    credibility = CodeField(
        blank=True, choices=Credibility, help_text="The Admiralty digit for this piece of information."
    )
    note = ProseField(blank=True, help_text="A remark on this place.")
    quote_state = CodeField(
        choices=QuoteState,
        default=QuoteState.UNCHECKED,
        editable=False,
        help_text="What checking the quote against the stored text gave.",
    )

    history = History(m2m_fields=["via"])

    class Meta:
        ordering = ("slug",)
        constraints = (
            known_code("stance", Stance),
            known_code("presented_as", PresentedAs, blank=True),
            known_code("credibility", Credibility, blank=True),
            known_code("quote_state", QuoteState),
            FieldRule(
                field="quote",
                name="claims_citation_context_needs_quote",
                condition=~models.Q(quote="") | models.Q(prefix="", suffix=""),
                violation_error_message="A prefix or suffix stands around a quote; fill in the quote.",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class Premise(Part):
    """A claim that another claim is inferred from."""

    PARENT = "conclusion"
    KEY = ("conclusion", "premise")

    conclusion = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="premises", help_text="What is inferred."
    )
    premise = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="conclusions", help_text="What it is inferred from."
    )
    role = CodeField(choices=PremiseRole, help_text="How the conclusion rests on it.")
    note = ProseField(blank=True, help_text="A remark on this step.")

    history = History()

    class Meta:
        ordering = ("conclusion__slug", "premise__slug")
        constraints = (
            known_code("role", PremiseRole),
            UniqueRule(
                fields=("conclusion", "premise"),
                field="premise",
                name="claims_premise_once",
                violation_error_message="This claim is a premise of that conclusion already.",
            ),
            FieldRule(
                field="premise",
                name="claims_premise_not_of_itself",
                condition=~models.Q(conclusion=models.F("premise")),
                violation_error_message="A claim cannot be inferred from itself; name another premise.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.conclusion.slug} ← {self.premise.slug}"
