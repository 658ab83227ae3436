"""The one unit of work: what is refused outside it, what it undoes, what it writes down, and what leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from claims.models import Agreement, Citation, Claim, Company, Conflict, Entity
from evidence.choices import Door
from evidence.models import Change, Investigation, NoChangeOpen, Publisher
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    InvestigationFactory,
    PersonFactory,
    PositionFactory,
    PublisherFactory,
    SourceFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def rename(record: Any, name: str = "Another name") -> None:
    record.name = name
    record.save()


OUTSIDE: dict[str, Callable[[], Any]] = {
    "a new record": lambda: Investigation(slug="new", title="New").save(),
    "a new leaf": lambda: Company(slug="new", name="New").save(),
    "a stored record": lambda: rename(Company.objects.get()),
    "create": lambda: Company.objects.create(slug="new", name="New"),
    "get_or_create": lambda: Company.objects.get_or_create(slug="new", defaults={"name": "New"}),
    "a many-to-many field": lambda: Agreement.objects.get().parties.add(Company.objects.get()),
    "a many-to-many field from its other side": lambda: Company.objects.get().agreements.clear(),
    "deletion": lambda: Agreement.objects.get().delete(),
    "deletion of many": lambda: Agreement.objects.all().delete(),
    "deletion as an entity": lambda: Entity.objects.filter(type="agreement").delete(),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_write_outside_a_change_is_refused_and_nothing_is_written(write: Callable[[], Any]) -> None:
    company = CompanyFactory(name="Nano One")
    AgreementFactory(parties=[company])
    with pytest.raises(NoChangeOpen, match="can only be written inside a change: wrap the work in"):
        write()
    assert not Investigation.objects.exists()
    assert list(Company.objects.values_list("name", flat=True)) == ["Nano One"]
    assert list(Agreement.objects.get().parties.values_list("slug", flat=True)) == [company.slug]


@pytest.mark.django_db(transaction=True)
def test_an_entity_is_not_written_past_its_leaf() -> None:
    with pytest.raises(TypeError, match="“LG” is written as what it is, with its history: save its leaf"):
        Entity(slug="lg", name="LG", type="company").save()
    assert not Entity.objects.exists()


def test_a_change_inside_a_change_is_refused(curator: User) -> None:
    with change(actor=curator, door=Door.ADMIN):
        with pytest.raises(RuntimeError, match="A change is open already"), change(actor=curator, door="api"):
            pass
        Publisher(slug="reuters", name="Reuters").save()
    assert Publisher.history.get().change.door == Door.ADMIN


def test_a_change_can_be_opened_after_one_that_failed(curator: User) -> None:
    with pytest.raises(ZeroDivisionError), change(actor=curator, door=Door.ADMIN):
        Publisher(slug="reuters", name="Reuters").save()
        raise ZeroDivisionError
    assert not Publisher.objects.exists()
    assert not Change.objects.exists()
    with change(actor=curator, door=Door.ADMIN):
        Publisher(slug="reuters", name="Reuters").save()
    assert Publisher.objects.get().slug == "reuters"


@pytest.mark.parametrize("door", Door.values)
def test_every_door_leaves_who_when_how_and_why(door: str, curator: User) -> None:
    with change(actor=curator, door=door, reason="  typing error\r\n") as unit:
        Publisher(slug="reuters", name="Reuters").save()
    entry = Publisher.history.get()
    assert (entry.change, entry.history_type, entry.name) == (unit.change, "+", "Reuters")
    assert (entry.history_user, entry.change.actor) == (curator, curator)
    assert entry.history_date == entry.change.at
    assert (entry.change.door, entry.change.reason) == (door, "typing error")
    assert entry.history_change_reason == "typing error"


def test_a_change_that_changes_nothing_leaves_no_trace(curator: User) -> None:
    party = CompanyFactory()
    agreement = AgreementFactory(parties=[party])
    before = Agreement.objects.values().get(pk=agreement.pk)
    changes = Change.objects.count()
    with change(actor=curator, door=Door.ADMIN) as unit:
        agreement.save()
        agreement.parties.set([party])
        rename(agreement, "for a moment")
        rename(agreement, before["name"])
        agreement.parties.clear()
        agreement.parties.add(party)
    assert unit.change is None
    assert Change.objects.count() == changes
    assert Agreement.history.count() == 1
    assert Agreement.objects.values().get(pk=agreement.pk) == before


def test_what_is_made_and_deleted_in_one_change_leaves_no_trace(curator: User) -> None:
    with change(actor=curator, door=Door.ADMIN) as unit:
        publisher = Publisher(slug="reuters", name="Reuters")
        publisher.save()
        publisher.delete()
    assert unit.change is None
    assert not Publisher.history.exists()


def test_a_record_has_one_row_of_history_for_each_change_with_what_it_said_at_its_end(curator: User) -> None:
    one, other = CompanyFactory.create_batch(2)
    agreement = AgreementFactory(parties=[one])
    with change(actor=curator, door=Door.ADMIN):
        rename(agreement, "First try")
        agreement.parties.add(other)
        rename(agreement, "Second try")
        agreement.parties.remove(one)
    newest, oldest = Agreement.history.order_by("-history_id")
    assert [newest.history_type, oldest.history_type] == ["~", "+"]
    assert newest.name == "Second try"
    assert [row.entity for row in newest.parties.all()] == [Entity.objects.get(pk=other.pk)]
    assert [row.entity for row in oldest.parties.all()] == [Entity.objects.get(pk=one.pk)]


def test_a_many_to_many_field_alone_is_a_change(curator: User) -> None:
    agreement, party = AgreementFactory(), CompanyFactory()
    with change(actor=curator, door=Door.ADMIN):
        agreement.parties.add(party)
    agreement.refresh_from_db()
    assert Agreement.history.count() == 2
    assert (agreement.version, agreement.edited_by) == (2, curator)


@pytest.mark.parametrize("way", ["add", "set", "remove", "clear"])
def test_a_many_to_many_field_set_from_its_other_side_is_a_change_of_its_owner(
    way: str, curator: User
) -> None:
    conflict, claim = ConflictFactory(), ClaimFactory()
    if way in ("remove", "clear"):
        claim = conflict.members.first()
    arguments = {"add": [conflict], "set": [[conflict]], "remove": [conflict], "clear": []}[way]
    third = ClaimFactory()
    with change(actor=curator, door=Door.ADMIN):
        conflict.members.add(third)
        getattr(claim.conflicts, way)(*arguments)
    newest = Conflict.history.latest("history_id")
    assert (newest.history_type, newest.change.actor) == ("~", curator)
    assert {row.claim for row in newest.members.all()} == set(conflict.members.all())
    assert (claim in conflict.members.all()) == (way in ("add", "set"))
    assert Claim.history.filter(slug=claim.slug).count() == 1


def test_each_change_counts_the_version_once_and_dates_it(curator: User) -> None:
    publisher = PublisherFactory()
    created, versions = publisher.created, []
    for name in ("One", "Two", "Two", "Three"):
        with change(actor=curator, door=Door.ADMIN) as unit:
            rename(publisher, name)
            rename(publisher, name)
        publisher.refresh_from_db()
        versions.append(publisher.version)
        assert unit.change is None or publisher.updated == unit.change.at
    assert versions == [2, 3, 3, 4]
    assert publisher.created == created
    assert list(Publisher.history.order_by("history_id").values_list("version", flat=True)) == [1, 2, 3, 4]


def test_an_older_record_in_memory_does_not_set_back_what_changes_count(
    curator: User, reviewer: User
) -> None:
    older = PublisherFactory()
    newer = Publisher.objects.get()
    with change(actor=reviewer, door=Door.ADMIN):
        rename(newer, "Reuters")
    with change(actor=curator, door=Door.ADMIN) as unit:
        older.review = "submitted"
        rename(older, "Reuters")
    newer.refresh_from_db()
    assert (newer.version, newer.edited_by, newer.updated) == (3, reviewer, unit.change.at)
    with change(actor=curator, door=Door.ADMIN):
        older.save()
    newer.refresh_from_db()
    assert (newer.version, newer.edited_by, newer.updated) == (3, reviewer, unit.change.at)


def test_a_version_counts_on_the_entity_of_a_leaf(curator: User) -> None:
    company = CompanyFactory()
    with change(actor=curator, door=Door.ADMIN):
        company.headquarters = "Burnaby"
        company.save()
    assert Entity.objects.get(pk=company.pk).version == 2
    assert Company.history.latest("history_id").version == 2


def test_a_deleted_record_stays_in_the_history_as_it_last_was(curator: User) -> None:
    company = CompanyFactory(name="Nano One")
    with change(actor=curator, door=Door.ADMIN, reason="entered twice"):
        company.delete()
    newest = Company.history.latest("history_id")
    assert (newest.history_type, newest.name, newest.change.reason) == ("-", "Nano One", "entered twice")
    assert not Entity.objects.exists()


def test_deleting_a_whole_writes_the_deletion_of_its_parts(curator: User) -> None:
    position = PositionFactory()
    with change(actor=curator, door=Door.ADMIN):
        position.person.delete()
    deleted = type(position).history.get(history_type="-")
    assert (deleted.slug, deleted.title) == (position.slug, position.title)
    assert type(position.person).history.filter(history_type="-").count() == 1


def test_deleting_an_entity_through_the_table_of_identity_writes_the_deletion_of_its_leaf(
    curator: User,
) -> None:
    person = PersonFactory()
    with change(actor=curator, door=Door.ADMIN):
        Entity.objects.filter(pk=person.pk).delete()
    assert type(person).history.filter(history_type="-").count() == 1


def test_a_slug_can_be_used_again_after_its_record_was_deleted(curator: User) -> None:
    old = PublisherFactory(slug="reuters")
    with change(actor=curator, door=Door.ADMIN):
        old.delete()
    with change(actor=curator, door=Door.ADMIN):
        Publisher(slug="reuters", name="Reuters").save()
    kinds = Publisher.history.filter(slug="reuters").order_by("history_id")
    assert list(kinds.values_list("history_type", flat=True)) == ["+", "-", "+"]


def test_a_record_that_others_name_is_not_deleted_with_the_names_of_those(curator: User) -> None:
    company = CompanyFactory(slug="nano-one")
    AgreementFactory(slug="jda", parties=[company])
    TopicFactory(slug="m2cam", owners=[company])
    with pytest.raises(ChangeRefused) as refused, change(actor=curator, door=Door.ADMIN):
        company.delete()
    (finding,) = refused.value.findings
    assert str(finding) == (
        "company “nano-one”: It is still named by agreement “jda”, topic “m2cam”; take it out there first."
    )
    assert Agreement.objects.get().parties.exists()


def test_a_record_that_others_refer_to_is_protected(curator: User) -> None:
    citation = CitationFactory()
    with pytest.raises(ProtectedError), change(actor=curator, door=Door.ADMIN):
        citation.source.delete()
    assert Citation.objects.get().source == citation.source


@pytest.mark.parametrize("method", ["update", "bulk_create", "bulk_update"])
def test_writing_many_rows_past_the_change_is_refused(method: str, curator: User) -> None:
    claim = ClaimFactory(fact=True)
    arguments: dict[str, Any] = {
        "update": ((), {"review": "accepted"}),
        "bulk_create": (([Claim(slug="new")],), {}),
        "bulk_update": (([claim], ["basis"]), {}),
    }
    positional, named = arguments[method]
    said = rf"{method}\(\) would pass by the open change"
    with pytest.raises(RuntimeError, match=said), change(actor=curator, door=Door.ADMIN):
        getattr(Claim.objects.all(), method)(*positional, **named)


def test_a_refusal_says_what_is_wrong_with_which_record(curator: User) -> None:
    sources = SourceFactory.create_batch(2)
    with pytest.raises(ChangeRefused) as refused, change(actor=curator, door=Door.ADMIN):
        for source in sources:
            source.review = "accepted"
            source.save()
    assert [finding.record for finding in refused.value.findings] == sources
    assert {finding.field for finding in refused.value.findings} == {"review"}
    assert str(refused.value).count("\n") == 1
    assert str(refused.value).startswith(f"source “{sources[0].slug}”, review: From “draft” a record goes to")


def test_an_open_change_knows_what_it_touched(curator: User) -> None:
    kept, untouched = InvestigationFactory.create_batch(2)
    with change(actor=curator, door=Door.ADMIN) as unit:
        kept.title = "A better title"
        kept.save()
        untouched.save()
    assert [found.record for found in unit.touched(Investigation)] == [kept]
    assert [found.fields for found in unit.touched(Investigation)] == [{"title"}]


def test_a_reason_that_no_history_may_hold_is_refused_by_every_door_in_words(
    curator: User, client: Client
) -> None:
    client.force_login(curator)
    company, reason = CompanyFactory(slug="lg"), "be\x07ep"
    given = {
        "name": "LG",
        "confidence": "unjudged",
        "basis": "fact",
        "review": "draft",
        "change_reason": reason,
    }
    marked = {"action": "set_submitted", "_selected_action": [company.pk], "reason": reason}
    made = Change.objects.latest("pk")
    for address, sent in (
        (reverse("admin:claims_company_change", args=[company.pk]), given),
        (reverse("admin:claims_company_changelist"), marked),
        (reverse("admin:evidence_change_undo", args=[made.pk]), {"reason": reason}),
    ):
        page = client.post(address, sent, follow=True).content.decode()
        assert "Character 3 is the control character U+0007; take it out." in page
    assert Change.objects.latest("pk") == made
