"""What lists can be asked for, and that nothing is passed over in silence."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from evidence.api.resources import Resource
from evidence.contract import Kind
from tests.api import client_of, errors, every_resource, listed, slugs
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    PlantFactory,
    SnapshotFactory,
    SourceFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

HOSTILE = (
    "a,b",
    "a\\b",
    "a|b",
    "\\",
    "\\,",
    "%",
    "_",
    "'",
    '"',
    "Ω é",
    "x" * 3000,
    "\u202eabc",
    "👩‍🔬",
    "a&b=c#d+e",
)


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


@every_resource
def test_what_is_not_known_is_refused_with_the_nearest(resource: Resource, colleague: Client) -> None:
    address = f"/api/v1/{resource.name}/"
    (first, *_) = resource.table.by_name
    for parameter, asked, told in (
        (f"{first}x", {f"{first}x": "1"}, f"“{first}”"),
        ("ordering", {"ordering": f"{first}x"}, first),
        ("fields", {"fields": f"{first}x"}, first),
        ("limitt", {"limitt": "1"}, "“limit”"),
        ("format", {"format": "cvs"}, "“csv”"),
        ("limit", {"limit": "501"}, "1 to 500"),
        ("limit", {"limit": "0"}, "1 to 500"),
        ("limit", {"limit": "ten"}, "1 to 500"),
        ("count", {"count": "maybe"}, "true nor false"),
        ("expand", {"expand": first + "x"}, ""),
        ("limit", {"limit": ["1", "2"]}, "once"),
    ):
        (error,) = errors(colleague, address, **asked)
        assert error["parameter"] == parameter and told in error["detail"], error


@every_resource
def test_values_that_a_column_cannot_hold_are_refused(resource: Resource, colleague: Client) -> None:
    for name, column in resource.asked.items():
        wrong = {
            Kind.BOOL: "maybe",
            Kind.NUMBER: "ten",
            Kind.MOMENT: "yesterday",
            Kind.DATE: "03/04/2021",
            Kind.STANDARD: "QQ!",
            Kind.REFERENCE: "no-such-thing",
            Kind.REFERENCES: "no-such-thing",
        }.get(column.kind, "a\x00b")
        wrong = f"{column.words[0]}x" if column.words else wrong
        for parameter in (name, f"{name}__not"):
            (error,) = errors(colleague, f"/api/v1/{resource.name}/", **{parameter: wrong})
            assert error["parameter"] == parameter
        if column.words:
            (error,) = errors(colleague, f"/api/v1/{resource.name}/", **{name: wrong})
            assert column.words[0] in error["detail"]


def test_all_that_is_wrong_is_told_at_once(colleague: Client) -> None:
    found = errors(
        colleague, "/api/v1/claims/", basis="fakt", limit="x", ordering="slugg", min_confidence="unjudged"
    )
    assert {error["parameter"] for error in found} == {"basis", "limit", "ordering", "min_confidence"}


@every_resource
def test_every_column_finds_the_row_that_holds_its_value(resource: Resource, colleague: Client) -> None:
    """By reflection: what a row shows in a column finds it again, and its opposite does not."""
    if resource.name == "entities":
        CompanyFactory()
    else:
        with some_change():
            FACTORY_OF[resource.model]()
    (row,) = listed(colleague, resource.name, limit=1)["results"]
    for name, column in resource.asked.items():
        shown = row[name]
        texts = shown if isinstance(shown, list) else [shown]
        asked = ",".join(spelt(text) for text in texts if text is not None) if shown != [] else ""
        total = listed(colleague, resource.name, count="true")["count"]
        found = listed(colleague, resource.name, **{name: asked}, limit=500)["results"]
        assert row in found, name
        others = listed(colleague, resource.name, **{f"{name}__not": asked}, limit=500)["results"]
        assert row not in others and len(found) + len(others) == total, (name, column.kind)


def spelt(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace(",", "\\,")


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_found_by_itself_alone(text: str, colleague: Client) -> None:
    CompanyFactory(slug="meant", name=text, aliases=[text, "x"])
    CompanyFactory(slug="other", name=f"{text}.", aliases=[f"{text}.", "b"])
    asked = text.replace(",", "\\,")
    assert slugs(colleague, "companies", name=asked) == ["meant"]
    assert slugs(colleague, "companies", aliases=asked) == ["meant"]
    assert slugs(colleague, "companies", aliases__not=asked) == ["other"]


def test_several_values_find_rows_that_hold_one_of_them(colleague: Client) -> None:
    for slug, country in (("lg", "KR"), ("basf", "DE"), ("nano-one", "CA"), ("nowhere", "")):
        CompanyFactory(slug=slug, country=country)
    assert slugs(colleague, "companies", country="KR,DE") == ["basf", "lg"]
    assert slugs(colleague, "companies", country=["KR", "DE"]) == ["basf", "lg"]
    assert slugs(colleague, "companies", country__not="KR,DE") == ["nano-one", "nowhere"]
    assert slugs(colleague, "companies", country="") == ["nowhere"]
    assert slugs(colleague, "companies", country="KR,") == ["lg", "nowhere"]
    assert slugs(colleague, "companies", country__not="") == ["basf", "lg", "nano-one"]


def test_lists_and_references_are_found_by_any_of_their_members(colleague: Client) -> None:
    lg, basf = CompanyFactory(slug="lg", tickers=["KRX: 051910", "OTC: LG|X"]), CompanyFactory(slug="basf")
    with some_change():
        AgreementFactory(slug="both", parties=[lg, basf])
        AgreementFactory(slug="one", parties=[lg])
        AgreementFactory(slug="none", parties=[])
    assert slugs(colleague, "companies", tickers="OTC: LG|X") == ["lg"]
    assert slugs(colleague, "companies", tickers="X") == []
    assert slugs(colleague, "agreements", parties="basf") == ["both"]
    assert slugs(colleague, "agreements", parties="basf,lg") == ["both", "one"]
    assert slugs(colleague, "agreements", parties__not="basf") == ["none", "one"]
    assert slugs(colleague, "agreements", parties="") == ["none"]


@pytest.fixture
def dated(db: None) -> None:
    for slug, day in (
        ("day", "2020-08-10"),
        ("month", "Aug 2020"),
        ("year", "2020"),
        ("from", "from 2028"),
        ("by", "by 2019"),
        ("yearless", "September"),
        ("none", ""),
    ):
        CompanyFactory(slug=slug, founded=day)


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"founded_after": "2020-08-15"}, ["from", "month", "year"]),
        ({"founded_after__surely": "2020-08-01"}, ["day", "from", "month"]),
        ({"founded_after": "2020-08-10"}, ["day", "from", "month", "year"]),
        ({"founded_before": "2020-08-05"}, ["by", "month", "year"]),
        ({"founded_before__surely": "2020-08"}, ["by", "day", "month"]),
        ({"founded_before__surely": "2020"}, ["by", "day", "month", "year"]),
        ({"founded_after": "2020-08", "founded_before": "2020-08"}, ["day", "month", "year"]),
        ({"founded_after__surely": "2020-08", "founded_before__surely": "2020-08"}, ["day", "month"]),
        ({"founded": "Aug 2020"}, ["month"]),
        ({"founded": "2020-08,2020"}, ["month", "year"]),
        ({"founded": ""}, ["none"]),
        ({"founded__not": "2020"}, ["by", "day", "from", "month", "none", "yearless"]),
    ],
    ids=str,
)
def test_a_vague_date_is_found_where_it_may_lie_and_surely_where_all_of_it_does(
    asked: dict[str, str], found: list[str], colleague: Client
) -> None:
    assert slugs(colleague, "companies", **asked) == found


@pytest.mark.parametrize("asked", ["03/04/2021", "soon", "September", "2028/..", ""])
def test_a_day_that_is_none_is_refused(asked: str, colleague: Client) -> None:
    (error,) = errors(colleague, "/api/v1/companies/", founded_before=asked)
    assert error["parameter"] == "founded_before"


def test_moments_are_found_by_day_or_to_the_second(colleague: Client) -> None:
    snapshot = SnapshotFactory()
    moment = snapshot.captured.isoformat()
    for asked, number in (
        ({"captured": moment}, 1),
        ({"captured": moment.replace("+", " ")}, 1),
        ({"captured_after": "2026-05-04", "captured_before": "2026-05-04"}, 1),
        ({"captured_after": moment}, 1),
        ({"captured_after": "2026-05-05"}, 0),
        ({"created_after": "2020", "updated_before": "2020"}, 0),
    ):
        assert len(listed(colleague, "snapshots", **asked)["results"]) == number, asked


def test_a_search_looks_for_every_word_in_names_aliases_and_statements(colleague: Client) -> None:
    CompanyFactory(slug="lg", name="LG Energy Solution", aliases=["LGES"])
    CompanyFactory(slug="chem", name="LG Chem")
    ClaimFactory(statement="BASF opens a plant in Korea.")
    assert slugs(colleague, "companies", search="lg") == ["chem", "lg"]
    assert slugs(colleague, "companies", search="solution LG") == ["lg"]
    assert slugs(colleague, "companies", search="lges") == ["lg"]
    assert slugs(colleague, "companies", search="%") == []
    assert len(slugs(colleague, "claims", search="basf korea")) == 1
    assert slugs(colleague, "entities", search="chem") == ["chem"]
    (error,) = errors(colleague, "/api/v1/claims/", search="a " * 21)
    assert error["parameter"] == "search"
    assert errors(colleague, "/api/v1/claims/", search="a\x00")


def test_a_level_of_confidence_is_passed_by_it_and_higher_ones_and_never_unjudged(colleague: Client) -> None:
    for level in ("very-low", "low", "medium", "high", "very-high", "unjudged"):
        SourceFactory(slug=level, confidence=level.replace("-", "_"))
    assert slugs(colleague, "sources", min_confidence="high") == ["high", "very-high"]
    assert "unjudged" not in slugs(colleague, "sources", min_confidence="very_low")
    assert errors(colleague, "/api/v1/sources/", min_confidence="unjudged")
    assert errors(colleague, "/api/v1/citations/", min_confidence="high")


def test_a_sheet_takes_nothing_that_it_has_no_place_for(colleague: Client) -> None:
    for name, value in (("expand", "may_be"), ("count", "true")):
        (error,) = errors(colleague, "/api/v1/companies/", format="csv", **{name: value})
        assert error["parameter"] == name


def test_a_column_that_is_left_out_cannot_be_expanded_and_one_has_to_stay(colleague: Client) -> None:
    (error,) = errors(colleague, "/api/v1/claims/", fields="slug", expand="subject")
    assert error["parameter"] == "expand"
    PlantFactory(slug="p")
    assert errors(colleague, "/api/v1/plants/p/", fields="slug", omit="slug")
    assert errors(colleague, "/api/v1/plants/p/", limit="1")[0]["parameter"] == "limit"
    assert errors(colleague, "/api/v1/plants/p/", format="csv")[0]["parameter"] == "format"
    assert errors(colleague, "/api/v1/", search="x")
