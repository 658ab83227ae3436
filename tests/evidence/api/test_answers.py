"""How the API answers, whatever is asked: problem details, validators, compression, methods, limits, tokens."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.tables import API
from claims_site import urls as site
from evidence.api.problems import Error, summed
from evidence.api.resources import Resource
from evidence.models import Token
from tests.api import RESOURCES, client_of, every_resource, listed
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/companies/"


class Writes(APIView):
    """Something that writes, to try who may."""

    def post(self, request: Any) -> Response:
        return Response({"got": request.data})


class Breaks(APIView):
    """A fault of ours."""

    def get(self, request: Any) -> Response:
        raise RuntimeError("unforeseen")


urlpatterns = [
    *site.urlpatterns,
    path("api/writes/", Writes.as_view()),
    path("api/breaks/", Breaks.as_view()),
]


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = json.loads(answer.content)
    assert told["status"] == status
    assert told["title"] and told["detail"] and told["type"] == "about:blank"
    assert told["errors"] and all({"detail", "code"} <= set(error) for error in told["errors"])
    return told


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v2/", "/api/v1/nothing/", "/api/v1/companies/nobody/", "/api/v1/companies/a/b/"],
)
def test_what_there_is_not_is_a_problem(address: str) -> None:
    assert_problem(Client().get(address), 404)


def test_a_record_that_there_is_not_names_the_nearest() -> None:
    CompanyFactory(slug="nano-one", accepted=True)
    told = assert_problem(Client().get("/api/v1/companies/nano-won/"), 404)
    assert "did you mean “nano-one”?" in told["detail"]


def test_an_address_without_its_slash_leads_to_the_one_with_it() -> None:
    assert Client().get("/api/v1/companies?limit=1")["Location"] == "/api/v1/companies/?limit=1"


def methods_of(resource: Resource) -> tuple[str, str]:
    """The methods at the address of a table, and at that of a record."""
    if not resource.is_written:
        return "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"
    return "GET, POST, PATCH, HEAD, OPTIONS", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


@every_resource
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_allowed_is_a_problem_and_says_which_are(
    resource: Resource, method: str, curator: User
) -> None:
    of_table, of_record = methods_of(resource)
    for address, allowed in (("", of_table), ("a+b+c/", of_record)):
        for client in (Client(), client_of(curator)) if method.upper() not in allowed else ():
            answer = getattr(client, method)(f"/api/v1/{resource.name}/{address}")
            assert_problem(answer, 405)
            assert answer["Allow"] == allowed


def test_what_only_lists_tables_is_not_written() -> None:
    assert [resource.name for resource in RESOURCES if not resource.is_written] == ["entities"]


def test_a_format_that_nobody_accepts_is_a_problem() -> None:
    assert_problem(Client().get(LIST, headers={"Accept": "application/xml"}), 406)
    assert_problem(Client().get("/api/v1/companies/x/", headers={"Accept": "text/csv"}), 406)


def test_a_sheet_is_had_by_what_is_accepted_too() -> None:
    CompanyFactory(slug="lg", accepted=True)
    answer = Client().get(LIST, {"fields": "slug"}, headers={"Accept": "text/csv"})
    assert (answer["Content-Type"], answer.getvalue()) == ("text/csv; charset=utf-8", b"slug\nlg\n")
    assert answer["Content-Disposition"] == 'attachment; filename="companies.csv"'
    browser = Client().get(LIST, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert browser["Content-Type"] == "application/json"


@pytest.mark.urls(__name__)
def test_a_body_of_another_type_or_broken_one_is_a_problem(curator: User) -> None:
    client = client_of(curator)
    assert_problem(client.post("/api/writes/", "a=1", content_type="text/plain"), 415)
    assert_problem(client.post("/api/writes/", "{", content_type="application/json"), 400)


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_it() -> None:
    client = Client(raise_request_exception=False)
    assert "unforeseen" not in json.dumps(assert_problem(client.get("/api/breaks/"), 500))


def test_a_host_that_is_not_served_gets_a_problem() -> None:
    assert_problem(Client().get(LIST, headers={"Host": "elsewhere.example"}), 400)


@every_resource
def test_head_answers_like_get_without_a_body(resource: Resource) -> None:
    CompanyFactory(slug="lg", accepted=True)
    for asked in ("", "?format=csv"):
        got, head = (
            getattr(Client(), method)(f"/api/v1/{resource.name}/{asked}") for method in ("get", "head")
        )
        assert (head.status_code, head.getvalue()) == (200, b"")
        assert {**head.headers, "Content-Length": ""} == {**got.headers, "Content-Length": ""}


@every_resource
def test_options_tells_columns_and_parameters(resource: Resource) -> None:
    of_table, of_record = methods_of(resource)
    answer = Client().options(f"/api/v1/{resource.name}/")
    assert (answer.status_code, answer["Allow"]) == (200, of_table)
    told = answer.json()
    assert list(told["columns"]) == list(resource.columns)
    assert told.get("parts", []) == [*API.parts(resource)]
    assert all(column["help"] for name, column in told["columns"].items() if name in resource.table.by_name)
    assert {"search", "cursor", *resource.asked} <= set(told["parameters"])
    assert Client().options(f"/api/v1/{resource.name}/x/")["Allow"] == of_record
    assert Client().options("/api/v1/").status_code == 200


def test_what_a_client_has_already_is_not_sent_again() -> None:
    company = CompanyFactory(slug="lg", accepted=True)
    for address in (LIST, f"{LIST}lg/", "/api/v1/"):
        first = Client().get(address)
        tag = first["ETag"]
        assert tag.startswith('"')
        again = Client().get(address, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert Client().get(address, headers={"If-None-Match": '"other"'}).status_code == 200
        assert Client().head(address, headers={"If-None-Match": tag}).status_code == 304
    assert Client().get(f"{LIST}lg/")["ETag"].startswith(f'"{company.version}.')
    before = Client().get(LIST)["ETag"]
    CompanyFactory(accepted=True)
    assert Client().get(LIST, headers={"If-None-Match": before}).status_code == 200


def test_a_precondition_that_fails_is_a_problem() -> None:
    assert_problem(Client().get(LIST, headers={"If-Match": '"other"'}), 412)


def test_answers_are_compressed_under_strong_validators_of_their_own() -> None:
    CompanyFactory(slug="lg", accepted=True, description="x" * 1000)
    plain = Client().get(LIST)
    zipped = Client().get(LIST, headers={"Accept-Encoding": "br, gzip"})
    assert (zipped["Content-Encoding"], gzip.decompress(zipped.content)) == ("gzip", plain.content)
    assert zipped["ETag"] == f'{plain["ETag"][:-1]}-gzip"'
    assert int(zipped["Content-Length"]) == len(zipped.content)
    headers = {"Accept-Encoding": "gzip", "If-None-Match": zipped["ETag"]}
    assert Client().get(LIST, headers=headers).status_code == 304
    assert not Client().get(LIST, headers={"Accept-Encoding": "gzip;q=0"}).has_header("Content-Encoding")
    sheet = Client().get(LIST, {"format": "csv"}, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(sheet.getvalue()).startswith(b"slug,name")
    assert {"Accept", "Accept-Encoding", "Authorization", "Cookie"} <= set(zipped["Vary"].split(", "))


def test_no_other_site_may_read_answers_in_a_browser() -> None:
    answer = Client().get(LIST, headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_who_asks_too_often_is_told_when_to_come_back(settings: Any, reader: User) -> None:
    cache.clear()
    settings.API_RATES = {"anonymous": "2/min", "user": "3/min"}
    anybody, person = Client(), client_of(reader)
    for client, allowed in ((anybody, 2), (person, 3)):
        assert [client.get(LIST).status_code for _ in range(allowed)] == [200] * allowed
        refused = client.get(LIST)
        assert_problem(refused, 429)
        assert 0 < int(refused["Retry-After"]) <= 60
    cache.clear()


def with_token(shown: str) -> Client:
    return Client(headers={"Authorization": f"Token {shown}"})


def test_a_token_shows_what_its_person_may_see(reader: User) -> None:
    CompanyFactory(slug="draft")
    _, shown = Token.objects.create(reader)
    assert len(listed(with_token(shown), "companies")["results"]) == 1
    assert listed(Client(), "companies")["results"] == []


def test_tokens_are_kept_as_hashes_and_a_person_may_have_several(reader: User) -> None:
    tokens = [Token.objects.create(reader)[1] for _ in range(2)]
    kept = "".join(str(value) for row in Token.objects.values_list() for value in row)
    assert not [shown for shown in tokens if shown in kept]
    assert [with_token(shown).get(LIST).status_code for shown in tokens] == [200, 200]


def test_a_token_that_is_wrong_or_has_expired_is_refused_and_reading_removes_none(reader: User) -> None:
    _, expired = Token.objects.create(reader, expiry=timedelta(seconds=-1))
    _, good = Token.objects.create(reader)
    for shown in (expired, "x", "x" * 64, "\xe9", good[:-1] + ("0" if good[-1] != "0" else "1")):
        answer = with_token(shown).get(LIST)
        assert_problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"
    assert_problem(with_token("a b").get(LIST), 401)
    assert Token.objects.count() == 2
    reader.is_active = False
    reader.save()
    assert_problem(with_token(good).get(LIST), 401)


@pytest.mark.urls(__name__)
def test_a_read_only_token_reads_and_does_not_write(curator: User) -> None:
    _, reads = Token.objects.create(curator, read_only=True)
    _, writes = Token.objects.create(curator)
    body = {"a": 1}
    assert with_token(reads).get(LIST).status_code == 200
    assert_problem(with_token(reads).post("/api/writes/", body, content_type="application/json"), 403)
    assert with_token(writes).post("/api/writes/", body, content_type="application/json").status_code == 200


@pytest.mark.urls(__name__)
def test_a_session_writes_with_its_csrf_token_alone(curator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    assert client.get(LIST).status_code == 200
    assert_problem(client.post("/api/writes/", {}, content_type="application/json"), 403)


def test_pages_of_errors_elsewhere_stay_pages(client: Client) -> None:
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_what_is_wrong_is_summed_up_in_sentences() -> None:
    several = (
        Error("“kind” is not stated.", "required"),
        Error("Which “lg”?", "odd"),
        Error("It is held", "held"),
    )
    assert summed(several) == "“kind” is not stated. Which “lg”? It is held."
