"""What bodies may hold: JSON, read strictly, of the values that the API tells, in text as it was sent."""

import json
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.models import Company, Plant
from evidence.api.parsing import LARGEST
from evidence.api.resources import Resource
from evidence.contract import Kind
from tests.api import address_of, body_of, client_of, every_written, refusal, send
from tests.contracts.hostile import free_columns, text_for
from tests.evidence.api.test_writing import stored
from tests.factories import CompanyFactory, PlantFactory
from tests.sheets import plan_of, sheet

pytestmark = pytest.mark.django_db

REFUSED = ["\x00", "a\x07b", "\x1b[31m", "\ud800", "x\udfffy", "\ufffe", "a\x9f"]
"""Texts that the ledger does not take."""

PASSED_OVER = object()


@pytest.fixture
def desk(curator: User) -> Client:
    return client_of(curator)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"{", "line 1, column 2"),
        (b'{"name": "a"\n "b"}', "line 2, column 2"),
        (b'{"name": NaN}', "NaN is no number"),
        (b'{"name": -Infinity}', "-Infinity is no number"),
        (b'{"name": "\xff"}', "Byte 11 of the body is not UTF-8"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b'{"name": "a"} {}', "Extra data"),
        (b'{"name": "a\tb"}', "Invalid control character"),
        (b"[" * 100_000, "too deep"),
        (b'{"a":' * 100_000, "too deep"),
        (b"'name'", "line 1, column 1"),
    ],
    ids=str,
)
def test_what_is_no_json_is_refused_with_its_place(body: bytes, place: str, desk: Client) -> None:
    (error,) = refusal(send(desk, "post", "companies/", body), 400)
    assert place in error["detail"] and error["code"] == "malformed"


def test_what_is_too_large_is_refused(desk: Client) -> None:
    body = json.dumps({"name": "x" * LARGEST}).encode()
    assert "8 MiB" in refusal(send(desk, "post", "companies/", body), 413)[0]["detail"]


def test_a_body_without_its_length_is_refused(desk: Client) -> None:
    answer = send(desk, "post", "companies/", b"", Transfer_Encoding="chunked")
    assert refusal(answer, 411)[0]["code"] == "length_required"


def test_a_slash_that_was_left_out_loses_no_body(desk: Client) -> None:
    answer = send(desk, "post", "companies", {"name": "LG"})
    assert (answer.status_code, answer["Location"]) == (308, "/api/v1/companies/")


def test_an_empty_body_or_one_of_another_type_is_refused(desk: Client) -> None:
    assert "empty" in refusal(send(desk, "post", "companies/"), 400)[0]["detail"]
    for kind in ("text/csv", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = desk.generic("POST", "/api/v1/companies/", b"name=x", content_type=kind)
        refusal(answer, 415)
    assert not Company.objects.exists()


@pytest.mark.parametrize("body", ["text", 7, None, True, [["a"]], [{"name": "x"}, "y"]], ids=str)
def test_a_body_is_an_object_or_a_list_of_them(body: Any, desk: Client) -> None:
    (error,) = refusal(send(desk, "post", "companies/", json.dumps(body).encode()), 400)
    assert error["code"] == "wrong_type"
    CompanyFactory(slug="lg")
    refusal(send(desk, "patch", "companies/lg/", json.dumps(body).encode(), If_Match="*"), 400)


def test_everything_that_is_wrong_is_told_at_once_at_its_place(desk: Client) -> None:
    body = {
        "nmae": "x",
        "a/b~c": 1,
        "kind": "compny",
        "aliases": ["a", 1, "", "a", None],
        "founded": 2020,
        "country": "Canada",
        "may_be": "lg",
        "publisher": "nobody",
        "website": "www.example.org",
        "confidence": None,
        "version": 3,
    }
    found = {
        (error["pointer"], error["code"]) for error in refusal(send(desk, "post", "companies/", body), 400)
    }
    assert found == {
        ("/nmae", "unknown_key"),
        ("/a~1b~0c", "unknown_key"),
        ("/kind", "unknown_code"),
        ("/aliases/1", "wrong_type"),
        ("/aliases/2", "empty"),
        ("/aliases/3", "repeated"),
        ("/aliases/4", "wrong_type"),
        ("/founded", "wrong_type"),
        ("/country", "unknown_standard_code"),
        ("/may_be", "wrong_type"),
        ("/publisher", "unknown_slug"),
        ("/website", "invalid"),
        ("/confidence", "wrong_type"),
        ("/version", "read_only"),
        ("/name", "required"),
    }


def test_a_name_that_stands_twice_is_refused(desk: Client) -> None:
    body = b'{"name": "a", "country": "CA", "name": "b"}'
    (error,) = refusal(send(desk, "post", "companies/", body), 400)
    assert (error["pointer"], error["code"]) == ("/name", "repeated_key")


@every_written
def test_a_value_of_another_type_is_refused_at_every_column(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    wrong: dict[Kind, tuple[Any, ...]] = {
        Kind.BOOL: (None, "true", 0, [], {}),
        Kind.LIST: (None, "a", 1, {"a": 1}, [["a"]], [{}]),
        Kind.REFERENCES: (None, "a", 1, {}, [1], [None]),
        Kind.NUMBER: (True, [], {}),
    }
    rest = (1, 1.5, True, ["a"], {"a": "b"})
    columns = {name: column.kind for name, column in resource.table.by_name.items() if not column.computed}
    for several in zip_longest(*(wrong.get(kind, rest) for kind in columns.values()), fillvalue=PASSED_OVER):
        sent = {name: value for name, value in zip(columns, several, strict=True) if value is not PASSED_OVER}
        errors = refusal(send(desk, "patch", address_of(resource, told), sent, If_Match="*"), 400)
        assert {error["pointer"].split("/")[1] for error in errors} == set(sent)
        for error in errors:
            value = sent[error["pointer"].split("/")[1]]
            assert error["code"] == "wrong_type" or value is None, (value, error)


@every_written
def test_what_has_to_be_stated_is_named(resource: Resource, desk: Client) -> None:
    needed = {
        f"/{name}" for name, column in resource.table.by_name.items() if column.required and name != "slug"
    }
    errors = refusal(send(desk, "post", f"{resource.name}/", {}), 400)
    named = {error["pointer"] for error in errors if error["code"] == "required"}
    assert named - {"/slug"} == needed
    told = stored(resource, desk)
    for pointer in needed:
        answer = send(desk, "patch", address_of(resource, told), {pointer[1:]: None}, If_Match="*")
        assert {error["pointer"] for error in refusal(answer, 400)} == {pointer}


@every_written
def test_what_the_ledger_does_not_take_is_refused_at_every_text(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    body = body_of(resource, told)
    kinds = (Kind.TEXT, Kind.LINE, Kind.LIST, Kind.DATE, Kind.STANDARD, Kind.REFERENCE, Kind.MOMENT)
    lists = {
        name: column.kind is Kind.LIST
        for name, column in resource.table.by_name.items()
        if column.kind in kinds and not column.computed
    }
    places = {f"/{name}/0" if is_list else f"/{name}" for name, is_list in lists.items()}
    for text in REFUSED:
        sent = {name: [text] if is_list else text for name, is_list in lists.items()}
        answers = (
            send(desk, "post", f"{resource.name}/", {**body, **sent}),
            send(desk, "patch", address_of(resource, told), sent, If_Match="*"),
        )
        for answer in answers:
            assert places <= {error["pointer"] for error in refusal(answer, 400)}, text
            answer.content.decode()


@every_written
@settings(max_examples=settings().max_examples // 6)
@given(data=st.data())
def test_any_text_in_any_column_comes_back_as_it_was_sent(
    resource: Resource, desk: Client, data: st.DataObject
) -> None:
    told = stored(resource, desk)
    sent = {name: data.draw(text_for(resource.table, name)) for name in texts_beside_the_key(resource)}
    answer = send(desk, "patch", address_of(resource, told), sent, If_Match="*")
    assert answer.status_code == 200, answer.content
    for name, value in sent.items():
        assert answer.json()[name] == (value or (value if isinstance(value, list) else None)), name


def texts_beside_the_key(resource: Resource) -> list[str]:
    """The columns of a table that take any text, and may change."""
    return [name for name in free_columns(resource.table) if name not in resource.model.KEY]


@every_written
def test_very_long_text_is_kept_in_every_column_that_takes_any(resource: Resource, desk: Client) -> None:
    told = stored(resource, desk)
    for name in texts_beside_the_key(resource):
        several = resource.table.by_name[name].kind is Kind.LIST
        text = "مرحبا \u202e long " * 10_000 + "end"
        answer = send(
            desk, "patch", address_of(resource, told), {name: [text] if several else text}, If_Match="*"
        )
        assert answer.status_code == 200, (name, answer.content[:500])
        assert answer.json()[name] == ([text] if several else text)


def test_a_very_long_value_that_is_refused_is_not_repeated_whole(desk: Client) -> None:
    long = "x" * 100_000
    for body in (
        {"slug": long},
        {"country": long},
        {"publisher": long},
        {"may_be": [long]},
        {"kind": long},
        {long: 1},
    ):
        answer = send(desk, "post", "companies/", {"name": "LG", **body})
        assert answer.status_code in (400, 422)
        assert len(answer.content) < (250_000 if long in body else 8_000), body.keys()


def test_numbers_are_taken_as_they_are_printed_or_as_text(desk: Client) -> None:
    PlantFactory(slug="plant")
    for sent, kept in ((b"45.370", "45.37"), (b'"45.37"', "45.37"), (b"1e1", "10"), (b"0", "0")):
        body = b'{"latitude": %s, "longitude": 1}' % sent
        answer = send(desk, "patch", "plants/plant/", body, If_Match="*")
        assert (answer.status_code, answer.json()["latitude"]) == (200, kept), answer.content
    for sent in (b"1e400", b"9" * 5000, b"0.12345678901", b"91", b'"x"', b'"NaN"'):
        body = b'{"latitude": %s}' % sent
        assert (
            refusal(send(desk, "patch", "plants/plant/", body, If_Match="*"), 422)[0]["pointer"]
            == "/latitude"
        )
    assert Plant.objects.get().version == 4 or Plant.objects.get().latitude == 0


def test_the_same_wrong_value_gets_the_same_words_in_a_sheet_and_over_the_api(
    desk: Client, tmp_path: Path
) -> None:
    CompanyFactory(slug="nano-one")
    for column, value in (
        ("country", "Canada"),
        ("kind", "corporatoin"),
        ("founded", "mid-August 2020"),
        ("website", "www.example.org"),
        ("publisher", "nobody"),
        ("may_be", "nano-won"),
        ("description", "a\x07b"),
    ):
        body = {"name": "LG", column: [value] if column == "may_be" else value}
        answer = send(desk, "post", "companies/", body)
        (error,) = answer.json()["errors"]
        cells = {"name": "LG", column: value}
        file = sheet(
            tmp_path, "companies.csv", f"{','.join(cells)}\n" + ",".join(f'"{one}"' for one in cells.values())
        )
        faults = plan_of(file).faults
        assert [(f"/{fault.column}", fault.message) for fault in faults] == [
            (error["pointer"], error["detail"])
        ]
        assert answer.status_code in (400, 422)


def test_a_body_in_which_all_is_wrong_gets_an_answer_of_bounded_size(desk: Client) -> None:
    answer = send(desk, "post", "companies/", [{f"x{n}{m}": 1 for m in range(90)} for n in range(500)])
    assert len(refusal(answer, 400)) == 500
    assert "more." in answer.json()["detail"]
    (error,) = refusal(send(desk, "post", "companies/", {f"x{n}": 1 for n in range(1000)}), 400)
    assert (error["code"], error["pointer"]) == ("too_many", "")
    errors = refusal(send(desk, "post", "companies/", {"name": "LG", "aliases": [1] * 100_000}), 400)
    assert len(errors) == 20


def test_a_form_says_the_same_of_a_wrong_value(desk: Client, administrator: User) -> None:
    form = client_of(administrator)
    for column, value in (
        ("country", "Canada"),
        ("founded", "mid-August 2020"),
        ("website", "www.example.org"),
        ("description", "a\x07b"),
        ("slug", "A B"),
    ):
        body = {"name": "LG", "slug": "lg", column: value}
        page = form.post("/admin/claims/company/add/", body)
        told = page.context["adminform"].form.errors[column]
        errors = send(desk, "post", "companies/", body).json()["errors"]
        assert [(error["pointer"], error["detail"]) for error in errors] == [(f"/{column}", *told)]


def test_a_database_that_is_busy_is_told_as_such() -> None:
    def locked(*_: Any, **__: Any) -> Any:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(locked):
        answer = send(client_of(), "get", "companies/")
    assert refusal(answer, 503)[0]["code"] == "busy"
    assert answer["Retry-After"] == "1"
