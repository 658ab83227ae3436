"""One unit of work, and the history rows that hang on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from evidence.choices import Door
from evidence.fields import CodeField, ProseField
from evidence.models.bases import known_code


class NoChangeOpen(RuntimeError):
    """A record was about to be written outside a change."""

    def __init__(self, record: models.Model) -> None:
        super().__init__(
            f"{record._meta.verbose_name} “{record}” can only be written inside a change: "
            "wrap the work in `with change(actor=…, door=…):`."
        )


class Witness(Protocol):
    """What is told of every write while a change is open."""

    def wrote(self, record: models.Model) -> None:
        """A record was saved, or one of its many-to-many fields was set."""

    def deleting(self, record: models.Model) -> None:
        """A record is about to be deleted."""

    def deleted(self, record: models.Model) -> None:
        """A record was deleted."""


_witness: ContextVar[Witness | None] = ContextVar("witness", default=None)


@contextmanager
def witnessed_by(witness: Witness) -> Iterator[None]:
    """Tell the witness of every write within; raises RuntimeError where a change is open already."""
    if _witness.get() is not None:
        raise RuntimeError("A change is open already; one unit of work is one change.")
    token = _witness.set(witness)
    try:
        yield
    finally:
        _witness.reset(token)


def open_witness() -> Witness | None:
    """Who is told of writes now; None outside a change."""
    return _witness.get()


class Change(models.Model):
    """One unit of work by one person through one door; history rows say what it touched."""

    at = models.DateTimeField(db_index=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes", help_text="Who did it."
    )
    door = CodeField(choices=Door, help_text="The way it came in.")
    reason = ProseField(blank=True, help_text="Why, in the actor's words.")
    undoes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="undone_by",
        help_text="The change that this one put back.",
    )

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (known_code("door", Door),)
        permissions = (("review_records", "Can accept, reject and retract records"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} ({self.get_door_display()})"


class HistoryEntry(models.Model):
    """What every row of history carries besides the record as it then stood."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """History of a model, written once a record and change, when the change is closed.

    The library writes a row at every save and at every step of a many-to-many field; one edit would leave
    several, and a save outside any unit of work would pass. Here a write is only announced to the open change,
    which writes the row when all is settled; without an open change it is refused.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(bases=(HistoryEntry,), **kwargs)

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            models.signals.pre_save.connect(self.pre_save, sender=sender, weak=False)

    def pre_save(self, instance: models.Model, **_: Any) -> None:
        self._witness(instance)  # after the row is written it would be too late to refuse it

    def post_save(
        self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        self._witness(instance).wrote(instance)

    def m2m_changed(
        self, instance: models.Model, action: str, reverse: bool, attr: str, **kwargs: Any
    ) -> None:
        witness = self._witness(instance)
        if not reverse:
            witness.wrote(instance)
            return
        # Set from the other side, `claim.conflicts.add(conflict)`: it is the conflict that is written.
        rows = kwargs["pk_set"]
        holders = kwargs["model"]._base_manager
        chosen = holders.filter(**{attr: instance.pk}) if rows is None else holders.filter(pk__in=rows)
        for holder in chosen:
            witness.wrote(holder)

    def pre_delete(self, instance: models.Model, **kwargs: Any) -> None:
        self._witness(instance).deleting(instance)
        super().pre_delete(instance, **kwargs)

    def post_delete(self, instance: models.Model, using: str | None = None, **kwargs: Any) -> None:
        self._witness(instance).deleted(instance)

    def _witness(self, instance: models.Model) -> Witness:
        if (witness := open_witness()) is None:
            raise NoChangeOpen(instance)
        return witness
