"""Notices: which records readers see otherwise since a change, and as what that looks to each of them."""

from typing import ClassVar

from django.db import models

from evidence.models.changes import Change


class Notice(models.Model):
    """One record that a change lets readers see otherwise; notices are written in the order in which changes settle.

    It tells of the record twice: as it looks to who sees the whole table, and as it looks to who sees what is public.
    """

    CREATED, CHANGED, DELETED, NOTHING = "+", "~", "-", ""

    change = models.ForeignKey(
        Change,
        on_delete=models.PROTECT,
        related_name="notices",
        db_constraint=False,  # it is written with its change, which nothing deletes; asking so for each row takes long
    )
    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    key = models.TextField()
    version = models.PositiveIntegerField(null=True)
    whole = models.CharField(max_length=1, blank=True)
    public = models.CharField(max_length=1, blank=True)
    differs = models.TextField(blank=True)
    """The names of the columns that differ, separated by blanks."""

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = (
            models.Index(fields=("model", "row", "id"), name="evidence_notice_row"),
            models.Index(fields=("model", "key", "id"), name="evidence_notice_key"),
            models.Index(fields=("id",), condition=~models.Q(public=""), name="evidence_notice_public"),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
