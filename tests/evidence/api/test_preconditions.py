"""Conditional writes: on the version that was read, on there being none yet, and on nothing else."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Company
from tests.api import client_of, refusal, send
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

ADDRESS = "companies/lg/"
WRITES = [
    ("patch", ADDRESS, {"name": "Other"}),
    ("put", ADDRESS, {"name": "Other"}),
    ("delete", ADDRESS, None),
    ("post", f"{ADDRESS}submit/", None),
]
every_write = pytest.mark.parametrize(
    ("method", "address", "body"), WRITES, ids=[method for method, *_ in WRITES]
)


@pytest.fixture
def desk(curator: User) -> Client:
    CompanyFactory(slug="lg", name="LG", description="x" * 1000)
    return client_of(curator)


@every_write
def test_a_write_says_what_it_is_conditional_on(
    method: str, address: str, body: object, desk: Client
) -> None:
    answer = send(desk, method, address, body)
    (error,) = refusal(answer, 428)
    assert "If-Match" in error["detail"] and answer["ETag"] == '"1"'
    assert Company.objects.get().name == "LG"


@every_write
@pytest.mark.parametrize("tag", ['"2"', '"1', '"11.x"', '"1x"', 'W/"1"', '"x", "2"', '"0"'])
def test_a_condition_that_does_not_hold_refuses_the_write_and_tells_the_version(
    method: str, address: str, body: object, tag: str, desk: Client
) -> None:
    answer = send(desk, method, address, body, If_Match=tag)
    (error,) = refusal(answer, 412)
    assert (answer["ETag"], error["code"], "has version 1 now" in error["detail"]) == ('"1"', "stale", True)
    assert ("weak tag" in error["detail"]) is tag.startswith("W/")
    company = Company.objects.get()
    assert (company.name, company.review, company.version) == ("LG", "draft", 1)


@pytest.mark.parametrize("tag", ['"1"', '"1.abc"', '"1.abc-gzip"', "*", '"7", "1"', 'W/"3", "1.x"'])
def test_any_tag_of_the_version_lets_the_write_through(tag: str, desk: Client) -> None:
    answer = send(desk, "patch", ADDRESS, {"name": "Other"}, If_Match=tag)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer["ETag"].startswith('"2.')


def test_the_tag_of_every_answer_is_one_to_write_with(desk: Client) -> None:
    plain, zipped = (
        desk.get(f"/api/v1/{ADDRESS}", headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip")
    )
    assert plain["ETag"] != zipped["ETag"]
    written = send(desk, "patch", ADDRESS, {"name": "A"}, If_Match=plain["ETag"])
    refusal(send(desk, "patch", ADDRESS, {"name": "B"}, If_Match=zipped["ETag"]), 412)
    assert written["ETag"] == desk.get(f"/api/v1/{ADDRESS}")["ETag"]
    assert send(desk, "patch", ADDRESS, {"name": "B"}, If_Match=written["ETag"]).status_code == 200
    assert send(desk, "delete", ADDRESS, If_Match='"3"').status_code == 204


def test_what_is_put_is_conditional_on_the_record_or_on_there_being_none(desk: Client) -> None:
    refusal(send(desk, "put", "companies/new/", {"name": "New"}), 428)
    (error,) = refusal(send(desk, "put", "companies/new/", {"name": "New"}, If_Match="*"), 412)
    assert "create it with" in error["detail"]
    refusal(send(desk, "put", "companies/new/", {"name": "New"}, If_None_Match='"1"'), 428)
    made = send(desk, "put", "companies/new/", {"name": "New"}, If_None_Match="*")
    assert (made.status_code, made["ETag"][:3]) == (201, '"1.')
    refusal(send(desk, "put", "companies/new/", {"name": "New"}, If_None_Match="*", If_Match="*"), 412)
    refusal(send(desk, "put", ADDRESS, {"name": "x"}, If_None_Match='W/"1.abc"', If_Match="*"), 412)
    replaced = send(desk, "put", ADDRESS, {"name": "x"}, If_None_Match='"9"', If_Match='"1"')
    assert (replaced.status_code, replaced.json()["description"]) == (200, None)


def test_what_is_not_there_is_not_changed(desk: Client) -> None:
    for method, address in (("patch", ""), ("delete", ""), ("post", "submit/")):
        answer = send(desk, method, f"companies/lgg/{address}", {}, If_Match="*")
        assert "did you mean “lg”?" in refusal(answer, 404)[0]["detail"]
