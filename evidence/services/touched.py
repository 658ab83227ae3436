"""One record in a change: what it said before, what it says now, and what of that counts as another content."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.domain import review
from evidence.models import Part, Record
from evidence.services.history import Content


@dataclass
class Touched:
    """One record in a change: as it stands now (or stood when it was deleted), what it said before and says now."""

    record: Record
    before: Content | None
    after: Content | None
    parts_changed: bool = False
    parts_edited: bool = False
    """Whether its parts say something else, and not only name what is merged by its new name."""
    follows_merge: bool = False
    """Whether all that differs is which of two merged records it names."""

    def says(self, field: str) -> bool:
        """Whether a field differs, or the record is new or gone and has it."""
        content = self.after or self.before
        if content is not None and (self.before is None or self.after is None):
            return field in content.columns
        return field in self.fields

    @property
    def fields(self) -> set[str]:
        """The names of the fields that differ."""
        if self.before is None or self.after is None:
            return set((self.after or self.before or Content({}, {})).columns)
        return self.after.differing(self.before)

    @property
    def content_changed(self) -> bool:
        """Whether the record or its parts say something else than before; its standing in review aside."""
        if self.before is None or self.after is None:
            return not self.follows_merge
        return self.parts_edited or bool(self.fields - {"review"} and not self.follows_merge)

    @property
    def changed(self) -> bool:
        """Whether there is anything to be written down."""
        return self.parts_changed or self.before is None or self.after is None or bool(self.fields)

    @property
    def submitted_again(self) -> bool:
        """Whether it was accepted and went back to its reviewers because it changed."""
        return self.step == (review.ACCEPTED, review.SUBMITTED)

    @property
    def only_follows_merge(self) -> bool:
        """Whether it, or its parts, were changed to nothing but the new name of what was merged."""
        return self.changed and not self.content_changed and len(set(self.step)) == 1

    @property
    def step(self) -> tuple[str, str]:
        """The states in review before and after."""
        before = self.before.columns.get("review", "") if self.before else review.NEW
        return before, self.after.columns.get("review", "") if self.after else ""


def follows_merge(merged: Mapping[tuple[type[Record], int], int], touched: Touched) -> bool:
    """Whether all that differs in a record is which of two merged records it names.

    A part that took another into itself may name more claims that state it, which say no more of its whole.
    """
    if not merged or touched.before is None or touched.after is None:
        return False
    model = type(touched.record)
    before, after = (_with_merged(merged, model, content) for content in (touched.before, touched.after))
    took = any(kept == touched.record.pk and table is model for (table, _), kept in merged.items())
    aside = model.BACKLINKS if took and issubclass(model, Part) else ()
    return after.differing(before) <= set(aside)


def _with_merged(
    merged: Mapping[tuple[type[Record], int], int], model: type[Record], content: Content
) -> Content:
    """The content with each reference to a record that was merged as one to what stands for it."""
    columns, many = dict(content.columns), dict(content.many)
    for one, table in _references(model):
        if one.name in many:
            many[one.name] = frozenset(merged.get((table, row), row) for row in many[one.name])
        elif one.attname in columns:
            columns[one.attname] = merged.get((table, columns[one.attname]), columns[one.attname])
    return Content(columns, many)


def _references(model: type[Record]) -> Iterator[tuple[Any, type[Record]]]:
    """The fields by which a record names others, and the table in which each of these has its key."""
    for one in model._meta.get_fields():
        target = one.related_model
        if one.concrete and isinstance(target, type) and issubclass(target, Record):
            yield one, target.key_space()
