"""Tables as they stood at the end of a day, and what of that nobody is shown who is not signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Claim, Company, Conflict
from evidence.api.resources import Resource
from evidence.choices import Door
from evidence.models import Record, Source
from evidence.services.changes import change
from evidence.services.history import has_history
from tests.api import RESOURCES, client_of, errors, listed, pages, results, sheet, slugs
from tests.contracts.hostile import with_other_words
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    PremiseFactory,
)

pytestmark = pytest.mark.django_db

OF_THE_PAST = [resource for resource in RESOURCES if has_history(resource.model)]
LATER = "2020-12-31"


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


@contextmanager
def on(day: str) -> Iterator[None]:
    """A change that was made on a day."""
    with change(actor=User.objects.get(username="system"), door=Door.COMMAND) as unit:
        unit.at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        yield


def save(day: str, record: Record, **values: Any) -> None:
    with on(day):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def keys(client: Client, resource: Resource, **asked: Any) -> list[str]:
    rows = results(client, resource.name, limit=500, **asked)
    return ["+".join(row[name] or "" for name in resource.model.KEY) for row in rows]


@pytest.mark.parametrize("resource", OF_THE_PAST, ids=lambda resource: resource.name)
def test_every_table_is_told_as_it_stood(resource: Resource, colleague: Client) -> None:
    with on("2020-01-10"):
        record = FACTORY_OF[resource.model]()
    key, address = record.key, f"/api/v1/{resource.name}/{record.key}/"
    first = {**colleague.get(address).json()}
    save("2020-03-10", record, **with_other_words(resource.table))
    second = colleague.get(address).json()
    assert first != second
    for day, told in (("2020-01-10", first), ("2020-03-09", first), ("2020-03-10", second), (LATER, second)):
        then = colleague.get(address, {"as_of": day}).json()
        assert then == {name: told[name] for name in then}
        assert set(first) - set(then) <= {"contested"}
        assert then in results(colleague, resource.name, as_of=day, limit=500)
    with on("2020-05-10"):
        record.delete()
    assert colleague.get(address, {"as_of": "2020-05-09"}).json()["version"] == 2
    for day in ("2020-01-09", "2020-05-10"):
        assert colleague.get(address, {"as_of": day}).status_code == 404
        assert key not in keys(colleague, resource, as_of=day)
    assert client_of().get(address, {"as_of": "2020-05-09"}).status_code == 404
    assert key not in keys(client_of(), resource, as_of="2020-05-09")


def test_lists_of_the_past_are_found_ordered_counted_and_paged_by_what_stood_then(colleague: Client) -> None:
    with on("2020-01-01"):
        for slug, country, founded in (("a", "KR", "2001"), ("b", "DE", "2000"), ("c", "KR", "1999")):
            CompanyFactory(slug=slug, name=slug.upper(), country=country, founded=founded, confidence="low")
    with on("2020-02-01"):
        for company in Company.objects.all():
            company.country, company.founded, company.name = "FR", "2010", f"New {company.slug}"
            company.save()
    then = {"as_of": "2020-01-31"}
    assert slugs(colleague, "companies", country="KR", **then) == ["a", "c"]
    assert slugs(colleague, "companies", founded_before="2000", ordering="founded", **then) == ["c", "b"]
    assert slugs(colleague, "companies", search="new", **then) == []
    assert slugs(colleague, "companies", min_confidence="medium", **then) == []
    body = listed(colleague, "companies", count="true", limit=2, **then)
    assert (body["count"], len(body["results"])) == (3, 2)
    walked = [
        row["slug"]
        for page in pages(colleague, "companies", ordering="-name", limit=1, **then)
        for row in page
    ]
    assert walked == ["c", "b", "a"]
    assert (
        sheet(colleague, "companies", "csv", fields="name", as_of="2020-01") == b"slug,name\na,A\nb,B\nc,C\n"
    )


def test_what_was_named_then_is_told_by_the_slug_by_which_it_is_found_now(colleague: Client) -> None:
    with on("2020-01-01"):
        lg, basf = CompanyFactory(slug="lg"), CompanyFactory(slug="basf")
        deal = AgreementFactory(slug="deal", parties=[lg, basf])
        claim = ClaimFactory(slug="claim", subject=lg)
    with on("2020-02-01"):
        deal.parties.set([lg])
        claim.subject = basf
        claim.save()
        lg.slug = "lg-chem"
        lg.save()
    then = {"as_of": "2020-01-31"}
    assert colleague.get("/api/v1/agreements/deal/", then).json()["parties"] == ["basf", "lg-chem"]
    assert slugs(colleague, "agreements", parties="basf", **then) == ["deal"]
    assert slugs(colleague, "claims", subject="lg-chem", **then) == ["claim"]
    assert slugs(colleague, "claims", subject="basf", **then) == []
    assert colleague.get("/api/v1/companies/lg-chem/", then).json()["slug"] == "lg"
    assert colleague.get("/api/v1/companies/lg/", then).json()["slug"] == "lg"


def test_what_rests_on_other_records_is_not_asked_of_the_past(colleague: Client) -> None:
    for asked, parameter in (
        ({"contested": "true"}, "contested"),
        ({"entity": "lg"}, "entity"),
        ({"expand": "subject"}, "expand"),
    ):
        (error,) = errors(colleague, "/api/v1/claims/", as_of="2020", **asked)
        assert (error["parameter"], error["code"]) == (parameter, "not_of_the_past")
    (error,) = errors(colleague, "/api/v1/entities/", as_of="2020")
    assert error["parameter"] == "as_of"
    (error,) = errors(colleague, "/api/v1/claims/", as_of="soon")
    assert error["parameter"] == "as_of"


def test_nobody_sees_of_the_past_what_was_not_accepted_then_or_is_not_public_now() -> None:
    with on("2020-01-01"):
        claim: Claim = ClaimFactory(slug="claim", statement="A draft.")
        CitationFactory(slug="place", claim=claim, note="Of a draft.", source__accepted=True)
    with on("2020-02-01"):
        for record in (claim.subject, claim.predicate):
            record.review = "accepted"
            record.save()
        claim.statement, claim.review = "Accepted.", "accepted"
        claim.save()
    save("2020-03-01", claim, statement="Accepted anew.")
    assert (
        slugs(client_of(), "claims", as_of="2020-01-31")
        == slugs(client_of(), "citations", as_of="2020-01-31")
        == []
    )
    (then,) = results(client_of(), "claims", as_of="2020-02-29")
    assert then["statement"] == "Accepted."
    assert slugs(client_of(), "citations", as_of="2020-02-29") == ["place"]
    save("2020-04-01", claim, review="retracted")
    for table in ("claims", "citations"):
        assert results(client_of(), table, as_of="2020-02-29") == []


def test_nobody_sees_by_the_past_what_it_named_if_that_is_not_public_now() -> None:
    with on("2020-01-01"):
        secret, open_one = (
            CompanyFactory(slug="secret", accepted=True),
            CompanyFactory(slug="open", accepted=True),
        )
        claim = ClaimFactory(slug="claim", fact=True, subject=secret, object=secret)
        deal = AgreementFactory(slug="deal", accepted=True, parties=[secret, open_one])
    with on("2020-02-01"):
        claim.subject = claim.object = open_one
        claim.save()
        deal.parties.set([open_one])
    save("2020-03-01", secret, review="retracted")
    assert slugs(client_of(), "claims") == ["claim"]
    assert slugs(client_of(), "claims", as_of="2020-01-31") == []
    (then,) = results(client_of(), "agreements", as_of="2020-01-31")
    assert then["parties"] == ["open"]
    assert results(client_of(), "companies", as_of="2020-01-31", search="secret") == []


def test_a_conflict_of_the_past_is_shown_where_its_claims_were_accepted_and_are() -> None:
    with on("2020-01-01"):
        one, other = ClaimFactory(fact=True), ClaimFactory(fact=True)
        third = ClaimFactory(slug="third")
        conflict: Conflict = ConflictFactory(slug="conflict", members=[one, other, third])
    with on("2020-02-01"):
        conflict.members.set([one, other])
    assert slugs(client_of(), "conflicts", as_of="2020-01-31") == []
    assert slugs(client_of(), "conflicts", as_of="2020-02-01") == ["conflict"]


def test_words_of_a_source_that_is_restricted_now_are_withheld_of_the_past_too(colleague: Client) -> None:
    with on("2020-01-01"):
        claim = ClaimFactory(fact=True)
    citation = claim.citations.get()
    save("2020-02-01", citation, source=ClaimFactory(fact=True).citations.get().source, quote="other words")
    save("2020-03-01", Source.objects.get(pk=claim.citations.get().source_id), access="public")
    first = Source.objects.exclude(pk=claim.citations.get().source_id).get()
    save("2020-03-01", first, access="restricted")
    address = f"/api/v1/citations/{citation.slug}/"
    then = client_of().get(address, {"as_of": "2020-01-31"}).json()
    assert (then["quote"], then["withheld"]) == (None, True)
    assert results(client_of(), "citations", as_of="2020-01-31", search="opens") == []
    assert client_of().get(address).json()["quote"] == "other words"
    assert colleague.get(address, {"as_of": "2020-01-31"}).json()["quote"] == "opens a plant"


def test_keys_of_several_parts_are_found_in_the_past(colleague: Client) -> None:
    with on("2020-01-01"):
        premise = PremiseFactory(note="before")
    save("2020-02-01", premise, note="after")
    assert colleague.get(f"/api/v1/premises/{premise.key}/?as_of=2020-01").json()["note"] == "before"
