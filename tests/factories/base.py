"""How factories save: inside a change, with many-to-many fields set like any other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import factory
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory

from evidence.choices import Door
from evidence.models.changes import open_witness
from evidence.services.changes import change
from evidence.services.roles import SYSTEM


@contextmanager
def some_change() -> Iterator[None]:
    """Join the change that is open, or open one as the system user."""
    if open_witness() is not None:
        yield
        return
    with change(actor=User.objects.get(username=SYSTEM), door=Door.COMMAND, reason="made for a test"):
        yield


class RecordFactory(DjangoModelFactory):
    """Makes a record with everything it refers to, as one change."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _generate(cls, strategy: str, params: dict[str, Any]) -> Any:
        if strategy != factory.CREATE_STRATEGY:
            return super()._generate(strategy, params)
        with some_change():
            return super()._generate(strategy, params)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        names = {field.name for field in model_class._meta.many_to_many}
        many = {name: kwargs.pop(name) for name in names & kwargs.keys()}
        record = model_class(*args, **kwargs)
        record.save(force_insert=True)
        for name, targets in many.items():
            getattr(record, name).set(targets)
        return record

    @classmethod
    def _build(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        names = {field.name for field in model_class._meta.many_to_many}
        return model_class(*args, **{name: value for name, value in kwargs.items() if name not in names})


class ReviewedFactory(RecordFactory):
    """Makes a record that has a standing in review."""

    class Meta:
        abstract = True

    class Params:
        submitted = factory.Trait(review="submitted")
        accepted = factory.Trait(review="accepted")
