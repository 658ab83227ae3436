"""Imports of sheets: what somebody uploaded, what it would do, and what became of it."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from evidence.choices import BatchState, Door
from evidence.fields import CodeField, LineField, ListField, ProseField
from evidence.models.bases import known_code
from evidence.models.changes import Change


class ImportBatch(models.Model):
    """One upload of sheets by one person: previewed, then written as one change or left alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="import_batches",
        help_text="Who uploaded it; nobody else may confirm it.",
    )
    opened = models.DateTimeField(default=timezone.now, db_index=True, help_text="When it was uploaded.")
    written = models.DateTimeField(null=True, help_text="When it was written.")
    door = CodeField(choices=Door, help_text="The way it came in.")
    name = LineField(help_text="The name of the file, or of the folder.")
    sha256 = LineField(
        help_text="SHA-256 of what was uploaded; of a folder, of the list of its files with theirs."
    )
    table = LineField(blank=True, help_text="The table chosen; empty where the names of the files tell it.")
    empty = LineField(help_text="What an empty cell does: keep or clear.")
    ignored = ListField(blank=True, help_text="The columns that were left out by choice.")
    reason = ProseField(blank=True, help_text="Why, for the history of every record.")
    state = CodeField(choices=BatchState, default=BatchState.PREVIEWED, help_text="What became of it.")
    created = models.PositiveIntegerField(default=0, help_text="How many rows are new.")
    updated = models.PositiveIntegerField(default=0, help_text="How many rows change a record.")
    unchanged = models.PositiveIntegerField(default=0, help_text="How many rows say what is there already.")
    rejected = models.PositiveIntegerField(default=0, help_text="How many rows are refused.")
    change = models.OneToOneField(
        Change,
        on_delete=models.PROTECT,
        null=True,
        related_name="import_batch",
        help_text="The change that wrote it; none where nothing was to be written.",
    )

    class Meta:
        ordering = ("-opened", "id")
        verbose_name = "import"
        constraints = (known_code("door", Door), known_code("state", BatchState))

    def __str__(self) -> str:
        return f"{self.name} ({self.opened:%Y-%m-%d %H:%M})"

    @property
    def folder(self) -> Path:
        """Where the upload and its preview lie until they are cleared away."""
        return Path(settings.IMPORTS_DIR) / str(self.pk)
