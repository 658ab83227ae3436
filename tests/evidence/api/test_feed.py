"""The feed of changes: what it tells of each change, to whom, from which place on."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.contract import TABLES
from claims.models import Claim, Company, Entity
from claims.services.merging import merge
from evidence.choices import Door
from evidence.contract import Kind
from evidence.models import Change, Notice, Part, Record, Reviewed, Source
from evidence.services.changes import change
from tests.api import client_of, errors, results
from tests.contracts.hostile import with_other_words
from tests.factories import (
    FACTORY_OF,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    PremiseFactory,
    SourceFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

OPTIONAL = [
    (table, column)
    for table in TABLES
    for column in table.columns
    if column.target is not None and column.field.blank
]
"""The columns by which a record names another one that it can do without."""

Item = tuple[str, str, str]


class Follower:
    """Somebody who reads on in the feed from now."""

    def __init__(self, client: Client, **asked: str) -> None:
        self.client = client
        self.next = client.get("/api/v1/changes/", {"cursor": "now", **asked}).json()["next"]

    def items(self) -> list[dict[str, Any]]:
        body = self.client.get(self.next).json()
        self.next = body["next"]
        return body["results"]

    def told(self) -> list[Item]:
        return [(item["table"], item["key"], item["action"]) for item in self.items()]


@pytest.fixture
def nobody(db: None) -> Follower:
    return Follower(client_of())


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


def save(record: Record, **values: Any) -> None:
    with some_change():
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_record_of_any_table_is_told_when_it_is_made_changed_and_gone(
    table: Any, colleague: Client
) -> None:
    follower = Follower(colleague, table=table.name)
    with some_change():
        record = FACTORY_OF[table.model]()
    key = record.key
    assert (table.name, key, "created") in follower.told()
    said = with_other_words(table)
    save(record, **said)
    (item,) = (one for one in follower.items() if one["key"] == key)
    assert (item["action"], item["version"], item["differs"]) == ("changed", 2, [*said])
    assert colleague.get(item["url"]).json()["version"] == 2
    with some_change():
        record.delete()
    assert (table.name, key, "deleted") in follower.told()


def test_an_item_tells_who_why_and_through_which_door_to_colleagues_only(curator: User, reader: User) -> None:
    company = CompanyFactory(slug="lg", accepted=True)
    colleague, nobody = Follower(client_of(reader)), Follower(client_of())
    system = User.objects.get(username="system")
    with change(actor=system, door=Door.IMPORT, reason="a secret reason"):
        company.country = "KR"
        company.save()
    at = Change.objects.latest("pk").at.isoformat()
    (told,), (public,) = colleague.items(), nobody.items()
    assert told == {
        "at": at,
        "door": "import",
        "actor": "system",
        "reason": "a secret reason",
        "table": "companies",
        "key": "lg",
        "action": "changed",
        "version": 2,
        "differs": ["country"],
        "url": "http://testserver/api/v1/companies/lg/",
    }
    assert public == {**told, "actor": None, "reason": None, "differs": []}


def test_nobody_hears_of_drafts_and_of_what_comes_and_goes_as_if_it_were_made_and_deleted(
    nobody: Follower,
) -> None:
    company = CompanyFactory(slug="lg")
    save(company, country="KR")
    assert nobody.told() == []
    save(company, review="accepted")
    assert nobody.told() == [("companies", "lg", "created")]
    save(company, country="DE")
    assert nobody.told() == [("companies", "lg", "changed")]
    save(company, review="submitted")
    (item,) = nobody.items()
    assert (item["action"], item["version"]) == ("deleted", None)
    save(company, country="FR")
    assert nobody.told() == []


def test_what_was_gone_before_one_began_to_read_is_never_named(colleague: Client) -> None:
    company = CompanyFactory(slug="lg", accepted=True)
    early = Follower(client_of())
    save(company, review="retracted")
    assert results(client_of(), "changes") == []
    assert early.told() == [("companies", "lg", "deleted")]
    assert [item["key"] for item in results(colleague, "changes")] == ["lg", "lg"]


def test_what_goes_while_one_walks_from_the_beginning_is_told(nobody: Follower) -> None:
    for slug in ("a", "b", "c"):
        CompanyFactory(slug=slug, accepted=True)
    body = nobody.client.get("/api/v1/changes/?limit=2").json()
    assert ([item["key"] for item in body["results"]], body["more"]) == (["a", "b"], True)
    save(Company.objects.get(slug="a"), review="retracted")
    body = nobody.client.get(body["next"]).json()
    assert [(item["key"], item["action"]) for item in body["results"]] == [("c", "created"), ("a", "deleted")]
    assert body["more"] is False


def test_what_has_to_name_something_goes_and_comes_with_it(nobody: Follower) -> None:
    claim = ClaimFactory(slug="claim", fact=True)
    other = ClaimFactory(slug="other", fact=True)
    citation = claim.citations.get()
    PremiseFactory(conclusion=other, premise=claim)
    conflict = ConflictFactory(members=[claim, other])
    nobody.items()
    save(claim.subject, review="submitted")
    gone = {("companies", claim.subject.slug), ("claims", "claim"), ("citations", citation.slug)}
    gone |= {("premises", "other+claim"), ("conflicts", conflict.slug)}
    told = set(nobody.told())
    assert {(table, key) for table, key, action in told if action == "deleted"} == gone
    assert ("claims", "other", "changed") in told  # nothing contests it any more
    save(claim.subject, review="accepted")
    assert {(table, key) for table, key, action in nobody.told() if action == "created"} == gone


@pytest.mark.parametrize(("table", "column"), OPTIONAL, ids=lambda one: one.name)
def test_what_may_name_something_is_told_when_that_is_public_no_longer_and_again(
    table: Any, column: Any, nobody: Follower
) -> None:
    with some_change():
        target = made(Company if column.target is Entity else column.target)
        record = made(table.model, **{column.name: [target] if column.kind is Kind.REFERENCES else target})
        accept_everything()
    nobody.items()
    whole = target.whole if isinstance(target, Part) else target
    for review in ("submitted", "accepted"):
        save(type(whole).objects.get(pk=whole.pk), review=review)
        assert (table.name, record.key, "changed") in nobody.told()


def made(model: Any, **values: Any) -> Any:
    """A record that can be accepted."""
    return FACTORY_OF[model](**values, **({"fact": True} if model is Claim else {}))


def accept_everything() -> None:
    """Accept all that there is, all at once."""
    for model in [table.model for table in TABLES if issubclass(table.model, Reviewed)]:
        for row in model.objects.all():
            row.review = "accepted"
            row.save()


def test_quotes_that_are_withheld_and_shown_again_are_told(nobody: Follower) -> None:
    citation = ClaimFactory(fact=True).citations.get()
    nobody.items()
    for access in ("restricted", "public"):
        save(Source.objects.get(pk=citation.source_id), access=access)
        assert ("citations", citation.slug, "changed") in nobody.told()


def test_a_slug_that_changes_is_told_with_all_that_show_it(nobody: Follower, colleague: Client) -> None:
    claim = ClaimFactory(slug="claim", fact=True)
    PremiseFactory(conclusion=ClaimFactory(slug="other", fact=True), premise=claim)
    seeing_all = Follower(colleague)
    nobody.items()
    save(claim, slug="renamed")
    for told in (nobody.told(), seeing_all.told()):
        assert told[:2] == [("claims", "claim", "deleted"), ("premises", "other+claim", "deleted")]
        assert {("claims", "renamed", "created"), ("premises", "other+renamed", "created")} <= set(told)
        assert ("citations", claim.citations.get().slug, "changed") in told


def test_what_contests_a_claim_is_told_with_it(nobody: Follower, colleague: Client) -> None:
    one, other = ClaimFactory(slug="one", fact=True), ClaimFactory(slug="other", fact=True)
    seeing_all = Follower(colleague)
    nobody.items()
    conflict = ConflictFactory(slug="both", members=[one, other])
    assert ("claims", "one", "changed") in nobody.told() and ("claims", "one", "changed") in seeing_all.told()
    save(Claim.objects.get(slug="other"), review="retracted")
    assert {("conflicts", "both", "deleted"), ("claims", "one", "changed")} <= set(nobody.told())
    assert ("claims", "one", "changed") in seeing_all.told()
    with some_change():
        conflict.delete()
    assert ("claims", "one", "changed") in seeing_all.told()


def test_a_merge_tells_the_record_that_goes_and_all_that_name_the_other(nobody: Follower) -> None:
    kept, gone = CompanyFactory(slug="kept", accepted=True), CompanyFactory(slug="gone", accepted=True)
    ClaimFactory(slug="claim", fact=True, subject=gone)
    nobody.items()
    with change(actor=User.objects.get(username="system"), door=Door.ADMIN, reason="One company."):
        merge(kept=kept, gone=gone)
    told = set(nobody.told())
    assert {("companies", "gone", "deleted"), ("companies", "kept", "changed")} <= told
    assert {("claims", "claim", "changed"), ("former_slugs", "gone", "created")} <= told


def test_a_change_that_is_refused_or_changes_nothing_leaves_no_notice(nobody: Follower) -> None:
    company = CompanyFactory(slug="lg", accepted=True)
    number = Notice.objects.count()
    save(company)
    assert Notice.objects.count() == number


def test_it_is_narrowed_by_table_and_moment(colleague: Client) -> None:
    CompanyFactory(slug="lg")
    moment = timezone.now().isoformat()
    SourceFactory(slug="report")
    assert [item["key"] for item in results(colleague, "changes", table="companies,people")] == ["lg"]
    assert [item["key"] for item in results(colleague, "changes", after=moment)] == ["report"]
    assert results(colleague, "changes", after="2999") == []


def test_expanded_an_item_holds_the_record_as_it_is_now(colleague: Client) -> None:
    company = CompanyFactory(slug="lg")
    save(company, country="KR")
    gone = CompanyFactory(slug="gone")
    with some_change():
        gone.delete()
    items = results(colleague, "changes", expand="record")
    now = colleague.get("/api/v1/companies/lg/").json()
    assert [item["record"] for item in items] == [now, now, None, None]


def test_a_cursor_is_of_use_to_whom_and_for_what_it_was_given_out(colleague: Client) -> None:
    CompanyFactory(slug="lg", accepted=True)
    address = "/api/v1/changes/"
    cursor = _cursor(client_of().get(address).json()["next"])
    for client, asked in (
        (client_of(), {"cursor": f"{cursor}x"}),
        (client_of(), {"cursor": cursor, "table": "claims"}),
        (colleague, {"cursor": cursor}),
    ):
        (error,) = errors(client, address, **asked)
        assert (error["parameter"], error["code"]) == ("cursor", "invalid_cursor")
    Notice.objects.all().delete()
    (error,) = errors(client_of(), address, cursor=cursor)
    assert "restored" in error["detail"]


def test_what_it_does_not_understand_is_refused(colleague: Client) -> None:
    for asked, parameter in (
        ({"table": "company"}, "table"),
        ({"table": "entities"}, "table"),
        ({"after": "soon"}, "after"),
        ({"expand": "records"}, "expand"),
        ({"limit": "501"}, "limit"),
        ({"since": "2020"}, "since"),
    ):
        (error,) = errors(colleague, "/api/v1/changes/", **asked)
        assert error["parameter"] == parameter


def test_its_queries_do_not_grow_with_the_rows(reader: User) -> None:
    claim = ClaimFactory(fact=True)
    counts = []
    for number in (1, 60):
        for more in multiply(CitationFactory(claim=claim), number):
            Notice.objects.create(
                change=Change.objects.latest("pk"),
                model="claims.citation",
                row=more.pk,
                key=more.slug,
                version=1,
                whole="+",
                public="+",
            )
        for client in (client_of(), client_of(reader)):
            for asked in ("", "?expand=record"):
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(f"/api/v1/changes/{asked}").status_code == 200
                counts.append(len(captured))
    assert counts[:4] == counts[4:] and counts[0] <= 4


def _cursor(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]
