"""Imports by programs: a file is sent and looked at, then confirmed, with the batches of the browser."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.models import Person
from evidence.choices import Door
from evidence.exchange.batches import UPLOAD as UPLOADED
from evidence.exchange.files import UPLOAD
from evidence.models import ImportBatch
from tests.api import client_of
from tests.factories import PersonFactory
from tests.factories.base import some_change
from tests.uploads import CONFIRM

pytestmark = pytest.mark.django_db

IMPORTS = "/api/v1/imports/"
PEOPLE = "slug,name\ndan,Dan\nlee,Lee\n"


@pytest.fixture
def client(curator: User) -> Client:
    return client_of(curator)


def send(client: Client, content: str | bytes, kind: str = "text/csv", **asked: Any) -> Any:
    """The answer to a file that is sent."""
    given = content.encode() if isinstance(content, str) else content
    return client.post(IMPORTS, given, content_type=kind, query_params=asked)


def sent(client: Client, content: str | bytes, kind: str = "text/csv", **asked: Any) -> dict[str, Any]:
    """The import that a file opens."""
    answer = send(client, content, kind, **{"table": "people", **asked})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    assert answer["Location"] == told["url"]
    return told


def confirm(client: Client, told: dict[str, Any]) -> Any:
    """The answer to the confirmation of an import."""
    return client.post(f"{told['url']}confirm/", content_type="application/json")


def refused(answer: Any, status: int) -> list[dict[str, Any]]:
    """The errors of an answer that refuses."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


def test_a_sheet_is_sent_looked_at_and_confirmed(client: Client, curator: User) -> None:
    PersonFactory(slug="lee", name="Leigh")
    told = sent(client, PEOPLE, reason="From the list of speakers.", name="people.csv")
    assert (told["state"], told["owner"]) == ("previewed", "curator")
    assert told["counts"] == {"create": 1, "update": 1, "unchanged": 0, "rejected": 0}
    assert told["preview"]["rows"][1] == {
        "table": "people",
        "file": "people.csv",
        "line": 3,
        "key": "lee",
        "outcome": "update",
        "changes": {"name": {"before": "Leigh", "after": "Lee"}},
    }
    assert Person.objects.count() == 1
    done = confirm(client, told)
    assert (done.status_code, done.json()["state"]) == (200, "written")
    assert set(Person.objects.values_list("name", flat=True)) == {"Dan", "Lee"}
    change = ImportBatch.objects.get().change
    assert change is not None
    assert (change.actor, change.door, change.reason) == (curator, Door.IMPORT, "From the list of speakers.")
    again = confirm(client, told).json()
    assert again == done.json() == client.get(told["url"]).json()
    assert Person.history.count() == 3


def test_the_browser_confirms_what_a_program_sent(client: Client) -> None:
    told = sent(client, PEOPLE)
    assert client.post(reverse(CONFIRM, args=[told["id"]])).status_code == 302
    assert client.get(told["url"]).json()["state"] == "written"


def test_every_reason_names_its_file_line_column_and_value(client: Client) -> None:
    told = sent(client, "slug,name,review\ndan,,draft\nlee,Lee,drafd\nng,Ng,draft\n", name="people.csv")
    assert told["counts"]["rejected"] == 2
    missing, wrong = told["preview"]["errors"]
    assert (missing["line"], missing["column"], missing["file"]) == (2, "name", "people.csv")
    assert (wrong["line"], wrong["column"], wrong["value"]) == (3, "review", "drafd")
    assert "did you mean “draft”?" in wrong["detail"]
    rejected = client.get(f"{told['url']}rejected/")
    assert rejected["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert rejected.content.decode().splitlines()[0] == "slug,name,review,reasons"
    confirm(client, told)
    assert list(Person.objects.values_list("slug", flat=True)) == ["ng"]


def test_what_was_changed_meanwhile_is_named_and_looked_at_anew(client: Client) -> None:
    person = PersonFactory(slug="lee", name="Leigh")
    told = sent(client, PEOPLE)
    with some_change():
        person.name = "Liam"
        person.save()
    (error,) = refused(confirm(client, told), 409)
    assert (error["line"], error["code"]) == (3, "stale")
    assert not Person.objects.filter(slug="dan").exists()
    anew = client.get(told["url"]).json()
    assert anew["preview"]["rows"][1]["changes"] == {"name": {"before": "Liam", "after": "Lee"}}
    assert confirm(client, told).json()["state"] == "written"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/csv", PEOPLE),
        ("text/csv; charset=utf-8", PEOPLE),
        ("text/tab-separated-values", PEOPLE.replace(",", "\t")),
        ("application/json", '[{"slug": "dan", "name": "Dan"}, {"slug": "lee", "name": "Lee"}]'),
        ("application/x-ndjson", '{"slug": "dan", "name": "Dan"}\n{"slug": "lee", "name": "Lee"}\n'),
    ],
)
def test_the_type_of_the_body_says_what_kind_of_file_it_is(client: Client, kind: str, content: str) -> None:
    assert sent(client, content, kind)["counts"]["create"] == 2


def test_an_archive_holds_several_tables(client: Client) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as folder:
        folder.writestr("people.csv", PEOPLE)
        folder.writestr("companies.csv", "slug,name\nlg,LG\n")
    answer = send(client, out.getvalue(), "application/zip")
    assert {name: found["create"] for name, found in answer.json()["preview"]["tables"].items()} == {
        "people": 2,
        "companies": 1,
    }


def test_a_form_sends_one_file_whose_name_tells_its_table(client: Client) -> None:
    file = SimpleUploadedFile("people.csv", PEOPLE.encode())
    answer = client.post(IMPORTS, {"file": file})
    assert (answer.status_code, answer.json()["name"]) == (201, "people.csv")
    assert confirm(client, answer.json()).status_code == 200
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"table": "people"},
        {"one": SimpleUploadedFile("a.csv", b"a"), "two": SimpleUploadedFile("b.csv", b"b")},
        {"file": SimpleUploadedFile("people.csv", b"slug\n"), "table": "people"},
    ],
)
def test_a_form_with_anything_but_one_file_is_refused(client: Client, form: dict[str, Any]) -> None:
    (error,) = refused(client.post(IMPORTS, form), 400)
    assert "one file" in error["detail"]


def test_a_file_of_which_nothing_can_be_imported_is_refused_with_its_reasons(client: Client) -> None:
    (error,) = refused(send(client, "slug,nam\ndan,Dan\n", table="people"), 422)
    assert (error["column"], error["file"]) == ("nam", "people.csv")
    assert "did you mean “name”?" in error["detail"]
    assert sent(client, "slug,name,colour\ndan,Dan,red\n", ignored="colour")["counts"]["create"] == 1


def test_of_a_file_that_is_larger_than_is_read_no_more_is_kept(client: Client) -> None:
    (error,) = refused(send(client, b"x" * (UPLOAD.bytes + 1000), table="people"), 422)
    assert "MiB" in error["detail"]
    assert (ImportBatch.objects.get().folder / UPLOADED).stat().st_size == UPLOAD.bytes + 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"tabel": "people"}, "did you mean “table”?"),
        ({"table": "peple"}, "did you mean “people”?"),
        ({"table": "people", "empty": "clea"}, "did you mean “clear”?"),
        ({"table": "people", "name": "x" * 300}, "may have 200"),
        ({"table": "people", "reason": "a\0b"}, "control character"),
    ],
)
def test_a_parameter_that_is_not_understood_is_refused(client: Client, asked: Any, said: str) -> None:
    (error,) = refused(send(client, PEOPLE, **asked), 400)
    assert error["parameter"] in asked
    assert said in error["detail"]
    assert not ImportBatch.objects.exists()


def test_other_types_of_body_and_empty_ones_are_refused(client: Client) -> None:
    refused(send(client, PEOPLE, "text/html"), 415)
    (error,) = refused(send(client, b""), 422)
    assert "empty" in error["detail"]


def test_only_who_sent_it_confirms_it_and_sees_what_it_would_do(
    client: Client, reviewer: User, reader: User
) -> None:
    told = sent(client, "slug,name\ndan,\nng,Ng\n")
    other = client_of(reviewer)
    assert "preview" not in other.get(told["url"]).json()
    (error,) = refused(confirm(other, told), 409)
    assert "Only who uploaded" in error["detail"]
    refused(other.get(f"{told['url']}rejected/"), 404)
    refused(confirm(client_of(reader), told), 403)
    confirm(client, told)
    assert other.get(told["url"]).json()["preview"]["rows_found"] == 2


@pytest.mark.parametrize("address", ["", "00000000-0000-4000-8000-000000000000/"])
def test_nobody_sees_imports_without_signing_in(address: str) -> None:
    refused(Client().get(IMPORTS + address), 401)


def test_who_may_not_write_may_not_import(reader: User) -> None:
    refused(send(client_of(reader), PEOPLE), 403)
    refused(send(Client(), PEOPLE), 401)


def test_an_import_that_there_is_not_is_not_found(client: Client) -> None:
    for address in ("00000000-0000-4000-8000-000000000000/", "latest/"):
        refused(client.get(IMPORTS + address), 404)


def test_a_walk_through_the_imports_tells_each_once(client: Client, reader: User) -> None:
    made = [sent(client, PEOPLE)["id"] for _ in range(5)]
    address, found = f"{IMPORTS}?limit=2", []
    while address:
        page = client.get(address).json()
        found += [one["id"] for one in page["results"]]
        address = page["next"]
    assert found == made[::-1]
    (error,) = refused(client.get(IMPORTS, {"cursor": "x"}), 422)
    assert error["parameter"] == "cursor"
