"""What is asked, what may be the answer, what speaks for and against it, and which claims cannot all be true."""

from collections.abc import Mapping

from django.db import models

from claims.choices import (
    ConflictKind,
    ConflictStatus,
    Consistency,
    DisconfirmerStatus,
    Likelihood,
    Resolution,
    Within,
)
from claims.models.claims import Claim, Predicate
from claims.models.registry import Entity
from evidence.fields import (
    CodeField,
    FieldRule,
    LineField,
    ListField,
    PartialDateField,
    ProseField,
    UniqueRule,
)
from evidence.models import History, Investigation, Part, Reviewed, Slugged
from evidence.models.bases import known_code


class Question(Reviewed):
    """Something that the investigation asks."""

    SLUG_FROM = ("text",)

    text = ProseField(help_text="The question, as a sentence.")
    description = ProseField(blank=True, help_text="What it is for, and what counts as an answer.")
    exclusive = models.BooleanField(default=False, help_text="Whether at most one of its hypotheses is true.")
    about = models.ManyToManyField(
        Entity, blank=True, related_name="questions", help_text="The entities it is about."
    )
    investigations = models.ManyToManyField(
        Investigation, blank=True, related_name="questions", help_text="The investigations it belongs to."
    )

    history = History(m2m_fields=["about", "investigations"])

    class Meta(Reviewed.Meta):
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.text


class Hypothesis(Reviewed):
    """A possible answer to a question."""

    SLUG_FROM = ("statement",)

    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="hypotheses", help_text="The question it answers."
    )
    statement = ProseField(help_text="The answer, as a sentence.")
    likelihood = CodeField(
        blank=True, choices=Likelihood, help_text="How likely we hold it, in the words of ICD 203."
    )
    timeframe = PartialDateField(help_text="By when, or in which period, it would come true.")
    reasoning = ProseField(blank=True, help_text="Why we hold it that likely.")
    claim = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hypotheses",
        help_text="The claim by which a document puts it forward.",
    )

    history = History()

    class Meta(Reviewed.Meta):
        ordering = ("slug",)
        verbose_name_plural = "hypotheses"
        constraints = (*Reviewed.Meta.constraints, known_code("likelihood", Likelihood, blank=True))

    def __str__(self) -> str:
        return self.statement


class Assessment(Part):
    """How a claim sits with a hypothesis, in the judgement of one assessor."""

    PARENT = "hypothesis"
    KEY = ("hypothesis", "claim", "assessor")

    hypothesis = models.ForeignKey(
        Hypothesis, on_delete=models.CASCADE, related_name="assessments", help_text="The hypothesis."
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="assessments", help_text="The claim."
    )
    assessor = LineField(blank=True, help_text="Who judges. Empty: the team.")
    consistency = CodeField(choices=Consistency, help_text="How the claim sits with the hypothesis.")
    reasoning = ProseField(blank=True, help_text="Why.")

    history = History()

    class Meta:
        ordering = ("hypothesis__slug", "claim__slug", "assessor")
        constraints = (
            known_code("consistency", Consistency),
            UniqueRule(
                fields=("hypothesis", "claim", "assessor"),
                field="claim",
                name="claims_assessment_once_an_assessor",
                violation_error_message="This assessor has judged that claim against that hypothesis already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hypothesis.slug} · {self.claim.slug}"


class Disconfirmer(Slugged, Part):
    """An observation that would refute a hypothesis, and what to watch for it."""

    PARENT = "hypothesis"
    SLUG_FROM = ("hypothesis", "statement")

    hypothesis = models.ForeignKey(
        Hypothesis, on_delete=models.CASCADE, related_name="disconfirmers", help_text="What it would refute."
    )
    statement = ProseField(help_text="The observation, as a sentence.")
    watch_subject = models.ManyToManyField(
        Entity, blank=True, related_name="watched_by", help_text="The entities to watch."
    )
    watch_predicate = models.ForeignKey(
        Predicate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="watched_by",
        help_text="The predicate to watch.",
    )
    watch_value = LineField(
        blank=True, help_text="The value or slug to watch for; `not:` before it means any other."
    )
    check_by = PartialDateField(help_text="When to look at the latest.")
    status = CodeField(
        choices=DisconfirmerStatus, default=DisconfirmerStatus.WATCHING, help_text="Whether it was observed."
    )
    observed_in = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        help_text="The claim that reports the observation.",
    )
    claim = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disconfirmers",
        help_text="The claim by which a document names this test.",
    )

    history = History(m2m_fields=["watch_subject"])

    class Meta:
        ordering = ("slug",)
        constraints = (
            known_code("status", DisconfirmerStatus),
            FieldRule(
                field="observed_in",
                name="claims_disconfirmer_observed_in_a_claim",
                condition=~models.Q(status=DisconfirmerStatus.OBSERVED) | models.Q(observed_in__isnull=False),
                violation_error_message="What was observed stands in a claim; name it, or set another status.",
            ),
        )

    def __str__(self) -> str:
        return self.statement


class Conflict(Slugged):
    """Claims that cannot all be true: found by rule, of which people write the decision, or noted with the reason."""

    SLUG_FROM = ("explanation",)

    kind = CodeField(choices=ConflictKind, default=ConflictKind.NOTED, help_text="Found by rule, or noted.")
    members = models.ManyToManyField(Claim, related_name="conflicts", help_text="The claims, two or more.")
    explanation = ProseField(blank=True, help_text="Why they cannot all be true.")
    status = CodeField(
        choices=ConflictStatus, default=ConflictStatus.OPEN, help_text="Whether it still asks for a decision."
    )
    resolution = CodeField(blank=True, choices=Resolution, help_text="What the decision was.")
    reason = ProseField(blank=True, help_text="Why it was decided so.")
    subject = models.ForeignKey(
        Entity,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="conflicts",
        help_text="Of a found one: what its claims are about.",
    )
    predicate = models.ForeignKey(
        Predicate,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="conflicts",
        help_text="Of a found one: what its claims state.",
    )
    about = models.ForeignKey(
        Entity,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="conflicts_about",
        help_text="Of a found one: the object of its claims, where that is not their value.",
    )
    positions = ListField(
        blank=True, editable=False, help_text="The claims of each position, joined by +; positions by |."
    )
    fingerprint = LineField(
        blank=True, editable=False, help_text="Of the members with their values and qualifiers."
    )
    within = ListField(
        blank=True, editable=False, words=Within, help_text="Between what the claims disagree."
    )

    history = History(m2m_fields=["members"])

    class Meta:
        ordering = ("slug",)
        constraints = (
            known_code("kind", ConflictKind),
            known_code("status", ConflictStatus),
            known_code("resolution", Resolution, blank=True),
            FieldRule(
                field="explanation",
                name="claims_conflict_noted_with_explanation",
                condition=~models.Q(kind=ConflictKind.NOTED) | ~models.Q(explanation=""),
                violation_error_message="Say why these claims cannot all be true.",
            ),
            FieldRule(
                field="resolution",
                name="claims_conflict_resolved_with_resolution",
                condition=models.Q(status=ConflictStatus.OPEN, resolution="")
                | (models.Q(status=ConflictStatus.RESOLVED) & ~models.Q(resolution="")),
                violation_error_message="A resolved conflict has a resolution, an open one has none.",
            ),
            FieldRule(
                field="reason",
                name="claims_conflict_resolved_with_reason",
                condition=models.Q(status=ConflictStatus.OPEN) | ~models.Q(reason=""),
                violation_error_message="Say why the conflict was decided so.",
            ),
        )

    def __str__(self) -> str:
        return self.explanation or self.slug

    @property
    def is_derived(self) -> bool:
        return self.kind == ConflictKind.FOUND

    @property
    def derived_columns(self) -> frozenset[str]:
        return frozenset({"members", "explanation"}) if self.is_derived else frozenset()

    def take_stamp(self, cells: Mapping[str, str]) -> None:
        """A decision is about the claims of one fingerprint; the end of the change compares it with theirs."""
        self.fingerprint = cells.get("fingerprint", "") or self.fingerprint
