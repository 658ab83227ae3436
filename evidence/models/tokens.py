"""Tokens by which programs act for a person."""

from django.db import models
from knox.models import AbstractAuthToken

from evidence.fields import LineField


class Token(AbstractAuthToken):
    """A token of a person: kept as a hash, shown once when it is made, and of no use after its day."""

    label = LineField(blank=True, help_text="What it is for, such as the name of a program.")
    read_only = models.BooleanField(default=False, help_text="Whether it may only be used to read.")

    class Meta:
        ordering = ("-created", "digest")

    def __str__(self) -> str:
        return f"{self.token_key}… of {self.user}"
