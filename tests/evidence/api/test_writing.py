"""Writing over the API, table by table: what is made is read back, changed, replaced and deleted, by whoever may."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Company, Conflict
from evidence.api.bodies import MOST
from evidence.api.resources import Resource
from evidence.choices import Door
from evidence.contract import Column, Kind
from evidence.domain.review import STEPS
from evidence.fields import CountryField, CurrencyField, LanguageField, LinkField
from evidence.models import Change
from evidence.services.changes import change
from tests.api import (
    address_of,
    body_of,
    client_of,
    every_written,
    refusal,
    send,
)
from tests.contracts.hostile import LIMITED, READ
from tests.factories import (
    FACTORY_OF,
    ClaimFactory,
    CompanyFactory,
    FormerSlugFactory,
    PredicateFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

RULED = {
    *LIMITED,
    (Claim, "object"),  # only where the predicate has one
    (Conflict, "kind"),  # never changes
    (Conflict, "status"),  # with a resolution, and the other way round
    (Conflict, "resolution"),
    (Conflict, "members"),  # two at least
}
"""Columns that take no value alone, but with what other columns say."""


@pytest.fixture
def desk(curator: User) -> Client:
    return client_of(curator)


def stored(resource: Resource, client: Client) -> dict[str, Any]:
    """A record of the table, as it is told."""
    record = FACTORY_OF[resource.model]()
    record.refresh_from_db()
    named = {name: part or None for name, part in zip(resource.model.KEY, record.natural_key(), strict=True)}
    answer = client.get(f"/api/v1/{address_of(resource, named)}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def delete_past_rules(resource: Resource) -> None:
    with some_change():
        for record in resource.model._base_manager.all():
            record.delete()


@every_written
def test_what_was_told_of_a_record_makes_it_anew(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    delete_past_rules(resource)
    made = send(desk, "post", f"{resource.name}/", body_of(resource, told))
    assert made.status_code == 201, made.content
    assert body_of(resource, made.json()) == body_of(resource, told)
    assert made.json()["version"] == 1
    assert made["Location"] == f"http://testserver/api/v1/{address_of(resource, told)}"
    read = desk.get(made["Location"])
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    again = send(desk, "post", f"{resource.name}/", body_of(resource, told))
    assert {error["code"] for error in refusal(again, 409)} == {"taken"}


@every_written
def test_a_record_that_is_sent_back_as_it_was_told_changes_nothing(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    changes = Change.objects.count()
    for method in ("put", "patch"):
        answer = send(desk, method, address_of(resource, told), told, If_Match=f'"{told["version"]}"')
        assert (answer.status_code, answer.json()) == (200, told)
    assert Change.objects.count() == changes


@every_written
def test_every_column_is_changed_alone_and_read_back(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    for name, column in resource.table.by_name.items():
        stays = column.computed or name in (*resource.model.KEY, getattr(resource.model, "PARENT", ""))
        if stays or (resource.model, name) in RULED:
            continue
        value = "as agreed" if (resource.model, name) in READ else value_for(column)
        given = {name: value} | ({"longitude": value} if name == "latitude" else {})
        answer = send(desk, "patch", address_of(resource, told), given, If_Match=f'"{told["version"]}"')
        assert answer.status_code == 200, (name, value, answer.content)
        expected = {**told, **given, "updated": answer.json()["updated"], "version": answer.json()["version"]}
        assert answer.json() == expected
        told = answer.json()


def value_for(column: Column) -> Any:
    """A value of a column that differs from those of factories."""
    if column.kind in (Kind.REFERENCE, Kind.REFERENCES):
        target: Any = column.target
        slug = FACTORY_OF.get(target, CompanyFactory)().slug
        return [slug] if column.kind is Kind.REFERENCES else slug
    if column.words:
        word = column.words[0] if column.name != "review" else "submitted"
        return [word] if column.kind is Kind.LIST else word
    for kind, value in BY_FIELD.items():
        if isinstance(column.field, kind):
            return value
    if "sha256" in column.name:
        return "0" * 64
    return BY_KIND[column.kind]


BY_FIELD = {CountryField: "DE", CurrencyField: "CAD", LanguageField: "fr", LinkField: "https://example.org/x"}
BY_KIND: dict[Kind, Any] = {
    Kind.TEXT: "=A “text” | of\nlines",
    Kind.LINE: "7%",
    Kind.LIST: ["a|b", "#CLEAR", "c\\"],
    Kind.DATE: "2031-08",
    Kind.BOOL: True,
    Kind.NUMBER: "45.37",
    Kind.MOMENT: "2026-05-04T12:30:00+00:00",
}


@every_written
def test_replacing_empties_what_is_not_given(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    needed = {
        name: told[name]
        for name, column in resource.table.by_name.items()
        if column.required
        or (resource.model, name) in RULED
        or name in ("explanation", "latitude", "longitude", "value")
    }
    answer = send(desk, "put", address_of(resource, told), needed, If_Match=f'"{told["version"]}"')
    assert answer.status_code == 200, answer.content
    for name, column in resource.table.by_name.items():
        if column.field.blank and not column.computed and name not in (*needed, *resource.model.KEY):
            assert answer.json()[name] in (None, [], False), name


@every_written
def test_a_record_is_deleted_once_and_its_history_says_by_whom_and_why(
    resource: Resource, desk: Client, curator: User
) -> None:
    told = stored(resource, desk)
    address = address_of(resource, told)
    tag = f'"{told["version"]}"'
    answer = send(desk, "delete", f"{address}?reason=entered+twice", If_Match=tag)
    assert (answer.status_code, answer.content) == (204, b"")
    refusal(send(desk, "delete", address, If_Match=tag), 404)
    gone = Change.objects.first()
    assert (gone.actor, gone.door, gone.reason) == (curator, Door.API, "entered twice")


@every_written
def test_a_key_is_put_once(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    delete_past_rules(resource)
    address, body = address_of(resource, told), body_of(resource, told)
    for name in resource.model.KEY:
        del body[name]
    made = send(desk, "put", address, body, If_None_Match="*")
    assert made.status_code == 201, made.content
    assert made["Location"] == f"http://testserver/api/v1/{address}"
    again = send(desk, "put", address, body, If_None_Match="*")
    assert refusal(again, 412)[0]["code"] == "stale"
    assert again["ETag"] == '"1"'


@every_written
def test_a_list_is_changed_in_one_change(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    keys = {name: told[name] for name in resource.model.KEY}
    changes = Change.objects.count()
    answer = send(desk, "patch", f"{resource.name}/", [{**keys, "version": told["version"]}])
    assert (answer.status_code, answer.json()) == (200, [told])
    delete_past_rules(resource)
    made = send(desk, "post", f"{resource.name}/?reason=again", [body_of(resource, told)])
    assert made.status_code == 201, made.content
    assert [body_of(resource, one) for one in made.json()] == [body_of(resource, told)]
    assert Change.objects.count() == changes + 2
    assert Change.objects.first().reason == "again"


def test_a_list_is_written_whole_or_not_at_all_and_errors_say_at_which_of_its_records(desk: Client) -> None:
    body = [{"name": "One"}, {"name": "Two", "country": "KR"}, {"name": "Three", "country": "Canada"}]
    (error,) = refusal(send(desk, "post", "companies/", body), 422)
    assert error["pointer"] == "/2/country"
    assert "write “CA” for Canada" in error["detail"]
    assert not Company.objects.exists()
    body[2]["country"] = "CA"
    made = send(desk, "post", "companies/?fields=slug,version", body)
    assert made.json() == [{"slug": slug, "version": 1} for slug in ("one", "two", "three")]
    (error,) = refusal(send(desk, "post", "companies/", [{"name": "Four"}, {"name": "Two"}]), 409)
    assert (error["pointer"], "“two”" in error["detail"], "“two-2”" in error["detail"]) == (
        "/1/slug",
        True,
        True,
    )
    assert Company.objects.count() == 3


def test_rows_of_a_list_may_name_each_other_and_are_told_once(desk: Client) -> None:
    claims = [
        {"slug": "one", "name": "One", "may_be": ["two"]},
        {"slug": "two", "name": "Two"},
    ]
    made = send(desk, "post", "companies/", claims)
    assert made.json()[0]["may_be"] == ["two"]
    (error,) = refusal(send(desk, "post", "people/", [{"name": "A B"}, {"name": "A B"}]), 422)
    assert (error["pointer"], error["code"]) == ("/1/slug", "repeated")


def test_each_record_of_a_list_that_is_changed_names_its_version(desk: Client) -> None:
    for slug in ("one", "two"):
        CompanyFactory(slug=slug)
    body: list[dict[str, Any]] = [
        {"slug": "one", "version": 1, "name": "Other"},
        {"slug": "two", "name": "Other"},
    ]
    (error,) = refusal(send(desk, "patch", "companies/", body), 428)
    assert (error["pointer"], error["code"]) == ("/1/version", "precondition_required")
    body[1]["version"] = 7
    (error,) = refusal(send(desk, "patch", "companies/", body), 412)
    assert (error["pointer"], error["code"]) == ("/1/version", "stale")
    assert "version 1 now, not 7" in error["detail"]
    body[1]["version"] = "1"
    assert [error["pointer"] for error in refusal(send(desk, "patch", "companies/", body), 400)] == [
        "/1/version"
    ]
    assert not Company.objects.filter(name="Other").exists()
    body[1] = {"slug": "tow", "version": 1}
    (error,) = refusal(send(desk, "patch", "companies/", body), 422)
    assert (error["pointer"], error["code"]) == ("/1/slug", "unknown_slug")
    assert "did you mean “two”?" in error["detail"]
    body[1] = {"version": 1}
    assert [error["pointer"] for error in refusal(send(desk, "patch", "companies/", body), 400)] == [
        "/1/slug"
    ]
    body[1] = {"slug": "two", "version": 1, "name": "Other", "review": "submitted"}
    answer = send(desk, "patch", "companies/", body)
    assert [(one["version"], one["name"], one["review"]) for one in answer.json()] == [
        (2, "Other", "draft"),
        (2, "Other", "submitted"),
    ]


def test_a_list_may_be_long_but_not_endless(desk: Client) -> None:
    assert (
        send(desk, "post", "people/?fields=slug", [{"name": f"A {n}"} for n in range(MOST)]).status_code
        == 201
    )
    (error,) = refusal(send(desk, "post", "people/", [{"name": f"B {n}"} for n in range(MOST + 1)]), 400)
    assert (error["code"], error["pointer"]) == ("too_many", "")
    assert send(desk, "post", "people/", []).json() == []


def test_what_is_written_is_told_as_it_is_asked_for(desk: Client) -> None:
    company = CompanyFactory(slug="lg")
    predicate = PredicateFactory(value_type="text")
    claim = {
        "statement": "It is large",
        "subject": "lg",
        "predicate": predicate.slug,
        "value": "large",
        "modality": "actual",
    }
    answer = send(desk, "post", "claims/?expand=subject&fields=subject,slug", claim)
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "slug": "it-is-large",
        "subject": desk.get(f"/api/v1/entities/{company.slug}/").json(),
    }
    for parameter in ("ordering=name", "resaon=x", "limit=1"):
        (error,) = refusal(send(desk, "post", f"companies/?{parameter}", {"name": "X"}), 400)
        assert error["parameter"] == parameter.partition("=")[0]
    (error,) = refusal(send(desk, "post", "companies/?reason=%00", {"name": "X"}), 400)
    assert (error["parameter"], error["code"]) == ("reason", "control_character")
    assert not Company.objects.filter(name="X").exists()


def test_the_reason_stands_in_the_history(desk: Client, curator: User) -> None:
    send(desk, "post", "companies/?reason=from+the+filing", {"name": "LG"})
    entry = Company.objects.get().history.first()
    assert (entry.change.actor, entry.change.door, entry.change.reason) == (
        curator,
        Door.API,
        "from the filing",
    )
    send(desk, "patch", "companies/lg/?reason=typing+error", {"name": "LGES"}, If_Match='"1"')
    assert Company.objects.get().history.first().change.reason == "typing error"


def test_a_former_slug_is_not_written_to_and_names_the_record_that_stands_for_it(desk: Client) -> None:
    kept = CompanyFactory(slug="lg-energy-solution", name="LG Energy Solution")
    FormerSlugFactory(slug="lges", entity=kept)
    for method, headers in (
        ("patch", {"If_Match": "*"}),
        ("delete", {"If_Match": "*"}),
        ("put", {"If_None_Match": "*"}),
    ):
        answer = send(desk, method, "companies/lges/", {"name": "x"}, **headers)
        (error,) = refusal(answer, 409)
        assert "“lges” was merged into “lg-energy-solution”" in error["detail"]
    (error,) = refusal(send(desk, "post", "companies/", {"slug": "lges", "name": "x"}), 409)
    assert "“lges” leads to “lg-energy-solution”" in error["detail"]
    (error,) = refusal(send(desk, "patch", "companies/", [{"slug": "lges", "version": 1}]), 409)
    assert (error["pointer"], error["code"]) == ("/0/slug", "merged")
    (error,) = refusal(send(desk, "post", "plants/", {"slug": "lg-energy-solution", "name": "x"}), 409)
    assert "is the slug of a company already" in error["detail"]
    named = send(desk, "post", "topics/", {"name": "Cathodes", "owners": ["lges"]})
    assert named.json()["owners"] == ["lg-energy-solution"]


def test_a_key_stays(desk: Client) -> None:
    CompanyFactory(slug="lg")
    for method in ("patch", "put"):
        answer = send(desk, method, "companies/lg/", {"slug": "other", "name": "x"}, If_Match="*")
        assert [(error["pointer"], error["code"]) for error in refusal(answer, 400)] == [
            ("/slug", "read_only")
        ]


def test_what_is_worked_out_is_not_written(desk: Client) -> None:
    claim = ClaimFactory()
    for name, value in (("version", 9), ("created", "2020-01-01T00:00:00+00:00"), ("contested", True)):
        for method in ("patch", "put"):
            answer = send(desk, method, f"claims/{claim.slug}/", {name: value}, If_Match="*")
            found = {(error["pointer"], error["code"]) for error in refusal(answer, 400)}
            assert (f"/{name}", "read_only") in found
        found = {error["code"] for error in refusal(send(desk, "post", "claims/", {name: value}), 400)}
        assert "read_only" in found


def test_what_a_rule_finds_between_claims_is_decided_and_not_rewritten(desk: Client) -> None:
    predicate = PredicateFactory(value_type="money", single_valued=True, persistence="timeless")
    company = CompanyFactory()
    with some_change():
        for value in ("US$10M", "US$20M"):
            ClaimFactory(subject=company, predicate=predicate, value=value, review="submitted")
    (conflict,) = desk.get("/api/v1/conflicts/").json()["results"]
    address = f"conflicts/{conflict['slug']}/"
    other = ClaimFactory()
    answer = send(desk, "patch", address, {"members": [*conflict["members"], other.slug]}, If_Match="*")
    assert [error["pointer"] for error in refusal(answer, 422)] == ["/members"]
    assert send(desk, "patch", address, conflict, If_Match="*").status_code == 200
    decided = {"status": "resolved", "resolution": "superseded", "reason": "The later one counts."}
    answer = send(desk, "patch", address, {**conflict, **decided}, If_Match="*")
    assert (answer.status_code, answer.json()["status"]) == (200, "resolved"), answer.content


def test_nothing_that_is_named_is_deleted_and_what_names_it_is_told(desk: Client) -> None:
    company = CompanyFactory(slug="lg")
    claims = ClaimFactory.create_batch(23, subject=company)
    with some_change():
        CompanyFactory(slug="other", may_be=[company])
    answer = send(desk, "delete", "companies/lg/", If_Match="*")
    errors = refusal(answer, 409)
    assert [error["record"] for error in errors] == ["http://testserver/api/v1/companies/other/"]
    send(desk, "patch", "companies/other/", {"may_be": []}, If_Match="*")
    answer = send(desk, "delete", "companies/lg/", If_Match="*")
    errors = refusal(answer, 409)
    assert len(errors) == 20 and {error["code"] for error in errors} == {"held"}
    assert f"http://testserver/api/v1/claims/{claims[0].slug}/" in {error["record"] for error in errors}
    assert "and 3 more" in answer.json()["detail"]
    assert Company.objects.filter(slug="lg").exists()


def test_what_was_accepted_is_kept(desk: Client) -> None:
    CompanyFactory(slug="lg", accepted=True)
    (error,) = refusal(send(desk, "delete", "companies/lg/", If_Match="*"), 409)
    assert "a reviewer can retract it" in error["detail"]


def test_a_record_goes_through_review_by_its_verbs(desk: Client, curator: User, reviewer: User) -> None:
    CompanyFactory(slug="lg")
    with change(actor=curator, door=Door.COMMAND):
        company = Company.objects.get()
        company.description = "mine"
        company.save()
    judge = client_of(reviewer)
    steps: tuple[tuple[Client, str, str], ...] = (
        (desk, "submit", "submitted"),
        (judge, "accept", "accepted"),
        (judge, "retract", "retracted"),
        (desk, "reopen", "draft"),
        (desk, "submit", "submitted"),
        (judge, "reject", "rejected"),
    )
    for client, verb, state in steps:
        answer = send(client, "post", f"companies/lg/{verb}/?reason=because", If_Match="*")
        assert (answer.status_code, answer.json()["review"]) == (200, state), answer.content
        assert Company.objects.get().history.first().change.reason == "because"
    assert {verb for _, verb, _ in steps} == set(STEPS)


def test_steps_of_review_are_refused_with_the_way_out(desk: Client, reviewer: User) -> None:
    CompanyFactory(slug="lg", submitted=True)
    judge = client_of(reviewer)
    (error,) = refusal(send(desk, "post", "companies/lg/accept/", If_Match="*"), 403)
    assert "Only a reviewer" in error["detail"]
    refusal(send(judge, "post", "companies/lg/accept/"), 428)
    refusal(send(judge, "post", "companies/lg/accept/", If_Match='"9"'), 412)
    refusal(send(judge, "post", "companies/nobody/accept/", If_Match="*"), 404)
    (error,) = refusal(send(judge, "post", "companies/lg/reject/", If_Match="*"), 422)
    assert "only with a reason" in error["detail"] and "pointer" not in error
    (error,) = refusal(send(judge, "post", "companies/lg/retract/?reason=x", If_Match="*"), 422)
    assert "From “submitted” a record goes to" in error["detail"]
    refusal(send(judge, "post", "companies/lg/accept/", {"review": "accepted"}, If_Match="*"), 400)
    assert send(judge, "post", "companies/lg/accept/", {}, If_Match="*").json()["review"] == "accepted"
    assert send(judge, "post", "citations/x/accept/", If_Match="*").status_code == 404


def test_a_changed_accepted_record_is_told_as_submitted_again(desk: Client) -> None:
    CompanyFactory(slug="lg", accepted=True)
    answer = send(desk, "patch", "companies/lg/", {"description": "more"}, If_Match="*")
    assert answer.json()["review"] == "submitted"
    assert answer.json() == desk.get("/api/v1/companies/lg/").json()


@pytest.mark.parametrize("number", [0, 60])
def test_writing_takes_as_many_queries_however_many_records_there_are(number: int, desk: Client) -> None:
    company = CompanyFactory(slug="lg")
    if number:
        multiply(company, number)
    counted = []
    for method, address, body, headers in (
        ("post", "companies/", {"name": "Other"}, {}),
        ("patch", "companies/lg/", {"name": "Another"}, {"If_Match": "*"}),
        ("delete", "companies/other/", None, {"If_Match": "*"}),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert send(desk, method, address, body, **headers).status_code in (200, 201, 204)
        counted.append(len(captured))
    assert counted == QUERIES[connection.vendor], counted


QUERIES = {"sqlite": [29, 35, 75], "postgresql": [29, 36, 76]}
"""Of making, changing and deleting a company, its session and rights included."""


def test_many_records_of_a_list_take_as_many_queries_as_a_few(desk: Client) -> None:
    def counted(number: int) -> int:
        body = [{"name": f"A {number} {n}", "aliases": [f"B {n}"], "may_be": ["lg"]} for n in range(number)]
        with CaptureQueriesContext(connection) as captured:
            assert send(desk, "post", "companies/", body).status_code == 201
        return len(captured)

    CompanyFactory(slug="lg")
    assert counted(3) == counted(60)


def test_nothing_is_locked_while_a_body_is_read(desk: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        refusal(send(desk, "post", "companies/", {"name": "x", "country": "Canada"}), 422)
    assert not [
        query["sql"] for query in captured if query["sql"].startswith(("SAVEPOINT", "BEGIN", "INSERT"))
    ]
