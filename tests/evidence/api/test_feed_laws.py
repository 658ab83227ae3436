"""A copy that follows the feed of changes is equal to full lists at any moment, whoever reads, whatever is written."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from claims.contract import TABLES
from claims.models import Company, Entity
from claims.services.merging import merge
from evidence.choices import Access, Door, Review
from evidence.exchange.writing import ImportRefused
from evidence.models import Change, Reviewed, Source
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.undoing import undo
from tests.api import client_of
from tests.conftest import person
from tests.evidence.api.mirrors import Mirror, Records, full_lists
from tests.factories import (
    FACTORY_OF,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    PredicateFactory,
    PremiseFactory,
    SourceFactory,
)
from tests.sheets import bring_in, sheet

pytestmark = pytest.mark.django_db

REFUSED = (ChangeRefused, ImportRefused, ValidationError, IntegrityError, models.ProtectedError)
"""What a random change may meet; nothing of it is written then."""

BEGINNING = "the beginning"
MODELS = [table.model for table in TABLES]
REVIEWED = [model for model in MODELS if issubclass(model, Reviewed)]


def begin() -> None:
    """A small ledger: accepted claims that name, cite, rest on and contradict each other, and a row of every table."""
    with change(actor=system(), door=Door.COMMAND, reason=BEGINNING):
        one, other = CompanyFactory(accepted=True), CompanyFactory(accepted=True)
        amount, source = PredicateFactory(accepted=True, measured=True), SourceFactory(accepted=True)
        said = [
            ClaimFactory(fact=True, subject=one, object=other, predicate=amount, value=value)
            for value in ("5 GWh/year", "9 GWh/year")
        ]
        for claim in said:
            CitationFactory(claim=claim, source=source)
        PremiseFactory(conclusion=said[0], premise=said[1])
        ConflictFactory(members=[*said, ClaimFactory(fact=True)])
        for model in MODELS:
            FACTORY_OF[model]()


def system() -> User:
    return User.objects.get(username="system")


class Writers:
    """Random changes, each by a random person and door; what is refused is not written."""

    def __init__(self, data: Any, people: list[User]) -> None:
        self.draw, self.people = data.draw, people
        self.count = 0

    def step(self) -> None:
        """One change."""
        doing = self.draw(st.sampled_from(self.steps))
        try:
            with transaction.atomic():
                doing()
        except REFUSED:
            event(f"{doing.__name__} refused")
        else:
            event(f"{doing.__name__} done")
        note(doing.__name__)

    @property
    def steps(self) -> list[Callable[[], None]]:
        return [
            self.create,
            self.edit,
            self.review,
            self.review,
            self.restrict,
            self.rename,
            self.delete,
            self.relink,
            self.relink,
            self.merge,
            self.undo,
            self.import_sheet,
        ]

    def some(self, kinds: list[Any]) -> Any:
        """A record of one of these models."""
        there = [kind for kind in kinds if kind._base_manager.exists()]
        chosen: Any = self.draw(st.sampled_from(there))
        return self.draw(st.sampled_from(list(chosen._base_manager.order_by("pk"))))

    def writing(self) -> Any:
        doors = st.sampled_from([Door.ADMIN, Door.API, Door.COMMAND])
        actor = self.draw(st.sampled_from([system(), *self.people]))
        return change(actor=actor, door=self.draw(doors), reason="as it should be")

    def create(self) -> None:
        model = self.draw(st.sampled_from(MODELS))
        accepted = issubclass(model, Reviewed) and self.draw(st.booleans())
        with self.writing():
            FACTORY_OF[model](**({"accepted": True} if accepted else {}))

    def edit(self) -> None:
        record = self.some(MODELS)
        names = [
            field.name
            for field in record._meta.concrete_fields
            if field.editable and isinstance(field, models.TextField) and field.blank
        ]
        if names:
            self.count += 1
            with self.writing():
                setattr(record, self.draw(st.sampled_from(names)), str(2000 + self.count))
                record.full_clean()
                record.save()

    def review(self) -> None:
        record = self.some(REVIEWED)
        with self.writing():
            record.review = self.draw(st.sampled_from([*Review.values, *[Review.ACCEPTED] * 3]))
            record.save()

    def restrict(self) -> None:
        source = self.some([Source])
        with self.writing():
            source.access = self.draw(st.sampled_from(Access.values))
            source.save()

    def rename(self) -> None:
        record = self.some([model for model in MODELS if model.KEY == ("slug",)])
        self.count += 1
        with self.writing():
            record.slug = self.draw(st.sampled_from([f"renamed-{self.count}", "taken-over"]))
            record.full_clean()
            record.save()

    def delete(self) -> None:
        record = self.some(MODELS)
        with self.writing():
            record.delete()

    def relink(self) -> None:
        record = self.some(MODELS)
        fields = [
            field
            for field in (*record._meta.concrete_fields, *record._meta.many_to_many)
            if field.is_relation and field.editable and not field.remote_field.parent_link
        ]
        if not fields:
            return
        field = self.draw(st.sampled_from(fields))
        with self.writing():
            if field.many_to_many:
                targets = [self.some([field.related_model]) for _ in range(self.draw(st.integers(0, 3)))]
                getattr(record, field.name).set(targets)
            else:
                setattr(record, field.name, self.some([field.related_model]))
                record.full_clean()
                record.save()

    def merge(self) -> None:
        kind = self.draw(st.sampled_from([Company, *Entity.__subclasses__()]))
        rows = list(kind.objects.order_by("pk"))
        kept, gone = (self.draw(st.sampled_from(rows)) for _ in range(2))
        with self.writing():
            merge(kept=kept, gone=gone)

    def undo(self) -> None:
        last = list(Change.objects.order_by("-pk").exclude(reason=BEGINNING)[:4])
        if not last:
            return
        actor = self.draw(st.sampled_from([system(), *self.people]))
        undo(undone=self.draw(st.sampled_from(last)), actor=actor, door=Door.ADMIN, reason="a mistake")

    def import_sheet(self) -> None:
        company, source = self.some([Company]), self.some([Source])
        review = self.draw(st.sampled_from(Review.values))
        self.count += 1
        lines = f"slug,name,review\n{company.slug},Imported {self.count},{review}\nnew-{self.count},New,accepted\n"
        cited = f"slug,title,access\n{source.slug},Imported {self.count},restricted\n"
        with TemporaryDirectory() as folder:
            paths = sheet(Path(folder), "companies.csv", lines), sheet(Path(folder), "sources.csv", cited)
            bring_in(*paths, actor=self.draw(st.sampled_from([system(), *self.people])))


@pytest.fixture
def people(curator: User, reviewer: User) -> list[User]:
    return [curator, reviewer]


@pytest.fixture
def readers(curator: User) -> dict[str, Any]:
    """Nobody, somebody who sees everything, and two who see of some tables only what is public."""
    partly, wordless = person("reader", "partly"), person("reader", "wordless")
    for user, codes in (
        (partly, ("view_claim", "view_premise", "view_company")),
        (wordless, ("view_citation", "view_snapshot", "view_conflict")),
    ):
        user.groups.clear()
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return {"nobody": AnonymousUser(), "curator": curator, "partly": partly, "wordless": wordless}


@pytest.fixture
def lists(readers: dict[str, Any]) -> dict[str, Records]:
    """What each of them reads of the ledger that every example begins with."""
    begin()
    return {name: full_lists(user) for name, user in readers.items()}


@settings(max_examples=settings().max_examples // 10)
@given(data=st.data())
def test_a_copy_that_follows_the_feed_equals_full_lists(
    people: list[User], readers: dict[str, Any], lists: dict[str, Records], data: Any
) -> None:
    with transaction.atomic():
        mirrors = {name: [Mirror(user, lists[name])] for name, user in readers.items()}
        writers = Writers(data, people)
        for _ in range(data.draw(st.integers(8, 20), label="changes")):
            writers.step()
            name = data.draw(st.sampled_from(list(readers)))
            if data.draw(st.integers(0, 9)) == 0:
                mirrors[name].append(Mirror(readers[name]))
            for mirror in mirrors[name]:
                mirror.read_on(data.draw(st.integers(1, 40)))
        for name, user in readers.items():
            now = full_lists(user)
            for mirror in mirrors[name]:
                mirror.catch_up()
                assert mirror.records == now, name
        anew = client_of().get("/api/v1/changes/?limit=500").json()["results"]
        assert {(item["table"], item["key"]) for item in anew} == set(full_lists(AnonymousUser()))
        transaction.set_rollback(True)
