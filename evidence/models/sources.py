"""Documents, who stands behind them, and the texts captured from them."""

from django.core.validators import RegexValidator
from django.db import models

from evidence.choices import Access, CaptureMethod, PublisherKind, Reliability, SourceKind
from evidence.fields import (
    CodeField,
    CountryField,
    FieldRule,
    LanguageField,
    LineField,
    LinkField,
    ListField,
    PartialDateField,
    ProseField,
    UniqueRule,
)
from evidence.models.bases import Curated, Record, Reviewed, in_order, known_code
from evidence.models.changes import History

SHA256 = RegexValidator(r"\A[0-9a-f]{64}\Z", "A SHA-256 checksum is 64 digits from 0–9 and a–f.")


class Investigation(Reviewed):
    """A piece of work that a set of sources, claims and questions belongs to."""

    SLUG_FROM = ("title",)

    title = LineField(help_text="What the investigation is called.")
    summary = ProseField(blank=True, help_text="What it asks and covers, in a few sentences.")
    licence = LineField(blank=True, help_text="The licence under which its data may be used.")
    disclaimer = ProseField(blank=True, help_text="What readers must know before they rely on it.")

    history = History()

    class Meta(Reviewed.Meta):
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class Publisher(Reviewed):
    """A body that stands behind documents and carries the reliability grade."""

    name = LineField(help_text="The publisher's name.")
    kind = CodeField(blank=True, choices=PublisherKind, help_text="What sort of body it is.")
    reliability = CodeField(
        blank=True, choices=Reliability, help_text="The Admiralty letter for its record so far; A is best."
    )
    reliability_reason = ProseField(blank=True, help_text="Why it has this letter.")
    country = CountryField(blank=True, help_text="Where it sits: ISO 3166 code, such as CA.")
    website = LinkField(blank=True, help_text="Its home page.")

    history = History()

    class Meta(Reviewed.Meta):
        ordering = ("slug",)
        constraints = (
            *Reviewed.Meta.constraints,
            known_code("kind", PublisherKind, blank=True),
            known_code("reliability", Reliability, blank=True),
        )


class Source(Curated):
    """One document: a press release, a news story, a filing, a patent, a report."""

    SLUG_FROM = ("title",)

    title = LineField(help_text="The document's title.")
    kind = CodeField(choices=SourceKind, help_text="What sort of document it is.")
    publisher = models.ForeignKey(
        Publisher,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="Who published it.",
    )
    authors = ListField(blank=True, help_text="Who wrote it, separated by |.")
    url = LinkField(blank=True, help_text="Where it was published.")
    archived_url = LinkField(blank=True, help_text="A copy in a web archive.")
    published = PartialDateField(help_text="When it was published, as precisely as it says.")
    retrieved = PartialDateField(help_text="When we read it.")
    language = LanguageField(blank=True, help_text="ISO 639-1 code of its language, such as en.")
    originates_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        help_text="The document it reprints or rewrites.",
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The document or page it is a part of.",
    )
    relies_on = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="relied_on_by",
        help_text="Documents it says it is based on.",
    )
    reliability = CodeField(
        blank=True,
        choices=Reliability,
        help_text="The Admiralty letter for this document. Empty: the publisher's.",
    )
    access = CodeField(
        choices=Access,
        suggested=Access.PUBLIC,
        help_text="Restricted: readers who are not signed in see that it exists, not what it says.",
    )
    withdrawn = PartialDateField(help_text="When its publisher took it back.")
    sha256 = LineField(
        blank=True,
        validators=[SHA256],
        help_text="SHA-256 of the bytes that were read. Parts of one page share it.",
    )
    investigations = models.ManyToManyField(
        Investigation, blank=True, related_name="sources", help_text="The investigations that use it."
    )

    history = History(m2m_fields=["relies_on", "investigations"])

    class Meta(Curated.Meta):
        ordering = ("slug",)
        constraints = (
            *Curated.Meta.constraints,
            known_code("kind", SourceKind),
            known_code("reliability", Reliability, blank=True),
            known_code("access", Access),
            in_order("published", "withdrawn"),
            FieldRule(
                field="originates_from",
                name="evidence_source_not_its_own_origin",
                condition=~models.Q(originates_from=models.F("pk")),
                violation_error_message="A source cannot originate from itself; leave the origin empty.",
            ),
            FieldRule(
                field="part_of",
                name="evidence_source_not_its_own_part",
                condition=~models.Q(part_of=models.F("pk")),
                violation_error_message="A source cannot be a part of itself; leave this empty.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Snapshot(Record):
    """The text of a source as captured on a day. It is added to, never overwritten."""

    KEY = ("source", "captured")
    QUOTING = ("text",)

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="snapshots", help_text="The document."
    )
    captured = models.DateTimeField(help_text="When the text was captured (UTC).")
    method = CodeField(choices=CaptureMethod, help_text="How the text was obtained.")
    media_type = LineField(help_text="The media type of what was captured, such as text/plain.")
    sha256 = LineField(validators=[SHA256], help_text="SHA-256 of the captured bytes.")
    text_sha256 = LineField(validators=[SHA256], help_text="SHA-256 of the text in UTF-8.")
    text = models.TextField(
        blank=True, default="", editable=False, help_text="The text itself, which sheets do not carry."
    )

    history = History(excluded_fields=["text"])

    class Meta:
        ordering = ("source__slug", "captured")
        constraints = (
            known_code("method", CaptureMethod),
            UniqueRule(
                fields=("source", "captured"),
                field="captured",
                name="evidence_snapshot_once_a_moment",
                violation_error_message="This source has a snapshot of that very moment; it is never overwritten.",
            ),
        )

    def natural_key(self) -> tuple[str, ...]:
        return self.source.slug, self.captured.isoformat()
