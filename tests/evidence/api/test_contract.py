"""Every table of the contract over the API: its address, its keys, its values, and sheets that are exports of it."""

from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.api.tables import API
from claims.contract import TABLES
from claims.models import Claim, Company, Premise
from claims_site.urls import OTHERS
from evidence.api import imports
from evidence.api.keys import encoded
from evidence.api.resources import STAMPS, Resource
from evidence.contract import Kind, Table
from evidence.exchange.exports import Export, typed
from evidence.exchange.files import Format
from evidence.exchange.resources import resource_for
from evidence.exchange.rows import Outcome
from tests.api import RESOURCES, client_of, every_resource, key_of, listed, results, sheet
from tests.factories import (
    FACTORY_OF,
    AssessmentFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    PremiseFactory,
    SnapshotFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply
from tests.sheets import outcomes, plan_of

pytestmark = pytest.mark.django_db

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
BESIDES = {"claims": ("contested",), "citations": ("withheld",), "snapshots": ("withheld",)}
"""What tables tell besides the contract's columns."""


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


def test_every_table_of_the_contract_has_an_address_and_so_have_entities(colleague: Client) -> None:
    told = colleague.get("/api/v1/").json()
    assert set(told) == {table.name for table in TABLES} | {"entities", imports.NAME, *OTHERS}
    for name, address in told.items():
        assert address == f"http://testserver/api/v1/{name}/"
        assert colleague.get(address).status_code == 200


@every_table
def test_the_keys_are_the_columns_and_the_values_those_of_an_export(table: Table, colleague: Client) -> None:
    with some_change():
        FACTORY_OF[table.model].create_batch(2)
    fields = resource_for(table).sheet_fields
    expected = [
        {name: typed(field, record) for name, field in fields.items()} for record in table.model.objects.all()
    ]
    told = results(colleague, table.name)
    assert [list(record) for record in told] == [
        [*table.by_name, *BESIDES.get(table.name, ()), *STAMPS] for _ in told
    ]
    assert [{name: record[name] for name in table.by_name} for record in told] == expected


@every_resource
def test_no_row_id_is_told(resource: Resource, colleague: Client) -> None:
    for table in TABLES:
        FACTORY_OF[table.model]()
    (record, *_) = results(colleague, resource.name)
    assert not {"id", "pk", "entity_ptr"} & set(record)
    assert isinstance(record["version"], int)


@every_resource
def test_a_record_stands_under_its_key_as_it_does_in_the_list(resource: Resource, colleague: Client) -> None:
    for table in TABLES:
        FACTORY_OF[table.model]()
    for record in results(colleague, resource.name):
        key = encoded("+".join(key_of(resource, record)))
        answer = colleague.get(f"/api/v1/{resource.name}/{key}/")
        assert (answer.status_code, answer.json()) == (200, record)


@pytest.mark.parametrize("assessor", ["", "team", "a+b", "a/b", "50%", "Zoë & Co.", "x/", "?", "..", " "])
def test_a_key_with_any_text_in_it_leads_to_its_record(assessor: str, colleague: Client) -> None:
    one = AssessmentFactory(assessor=assessor)
    AssessmentFactory(hypothesis=one.hypothesis, claim=one.claim, assessor="somebody else")
    one.refresh_from_db()
    answer = colleague.get(f"/api/v1/assessments/{encoded(one.key)}/")
    assert (answer.status_code, answer.json().get("assessor")) == (200, one.assessor or None)


def test_a_moment_in_a_key_may_be_in_any_offset(colleague: Client) -> None:
    snapshot = SnapshotFactory()
    moment = snapshot.captured.isoformat()
    elsewhere = snapshot.captured.astimezone(timezone(timedelta(hours=2))).isoformat()
    for spelt in (moment, moment.replace("+00:00", "Z"), elsewhere):
        key = encoded(f"{snapshot.source.slug}+{spelt}")
        assert colleague.get(f"/api/v1/snapshots/{key}/").status_code == 200, spelt


def test_keys_of_several_parts_are_taken_encoded_or_as_they_are(colleague: Client) -> None:
    premise: Premise = PremiseFactory()
    for key in (premise.key, encoded(premise.key)):
        assert colleague.get(f"/api/v1/premises/{key}/").json()["premise"] == premise.premise.slug
    answer = colleague.get(f"/api/v1/premises/{premise.premise.slug}/")
    assert answer.status_code == 404 and "lacks premise" in answer.json()["detail"]


def test_a_former_slug_leads_to_the_record_with_what_was_asked(colleague: Client) -> None:
    company = CompanyFactory(slug="lg-energy-solution", accepted=True)
    FACTORY_OF[API.by_name["former_slugs"].model](slug="lges", entity=company)
    for table in ("companies", "entities"):
        for client in (colleague, client_of()):
            answer = client.get(f"/api/v1/{table}/lges/?fields=name")
            assert answer.status_code == 308
            assert answer["Location"] == f"http://testserver/api/v1/{table}/lg-energy-solution/?fields=name"
    assert colleague.get("/api/v1/plants/lges/").status_code == 404
    claim = ClaimFactory(subject=company)
    assert [record["slug"] for record in results(colleague, "claims", subject="lges")] == [claim.slug]


@every_table
@pytest.mark.parametrize("form", [Format.CSV, Format.JSONL])
def test_a_sheet_is_an_export_of_the_ledger(table: Table, form: Format, colleague: Client) -> None:
    with some_change():
        FACTORY_OF[table.model].create_batch(3)
    assert sheet(colleague, table.name, form) == b"".join(Export(table, form).streamed())


@pytest.mark.parametrize("form", [Format.CSV, Format.JSONL])
def test_what_the_api_exports_is_imported_without_a_difference(
    form: Format, colleague: Client, tmp_path: Path
) -> None:
    for table in TABLES:
        FACTORY_OF[table.model]()
    for table in TABLES:
        (tmp_path / f"{table.name}.{form.value}").write_bytes(sheet(colleague, table.name, form))
    plan = plan_of(*sorted(tmp_path.iterdir()))
    assert [str(fault) for fault in plan.faults] == []
    assert set(outcomes(plan)) == {Outcome.UNCHANGED}


def test_a_sheet_has_the_columns_rows_and_order_that_are_asked_for(colleague: Client) -> None:
    CompanyFactory(slug="lg", name="LG", country="KR")
    CompanyFactory(slug="posco", name="POSCO", country="KR")
    CompanyFactory(slug="basf", name="BASF", country="DE")
    asked = {"country": "KR", "fields": "name", "ordering": "-name"}
    assert sheet(colleague, "companies", "csv", **asked) == b"slug,name\nposco,POSCO\nlg,LG\n"
    assert sheet(colleague, "companies", "csv", **asked, limit=1) == b"slug,name\nposco,POSCO\n"
    assert sheet(colleague, "companies", "csv", fields="version", country="DE") == b"slug\nbasf\n"
    assert sheet(colleague, "companies", "jsonl", **asked, limit=1) == b'{"slug": "posco", "name": "POSCO"}\n'


def test_fields_and_omit_choose_what_is_told(colleague: Client) -> None:
    CompanyFactory(slug="lg", name="LG")
    assert results(colleague, "companies", fields="name,slug") == [{"slug": "lg", "name": "LG"}]
    assert colleague.get("/api/v1/companies/lg/?fields=name").json() == {"name": "LG"}
    assert "notes" not in results(colleague, "companies", omit="notes,version")[0]


def test_expand_tells_what_is_named_as_records(colleague: Client) -> None:
    lg, basf = CompanyFactory(slug="lg"), CompanyFactory(slug="basf")
    claim = ClaimFactory(subject=lg, object=basf)
    citation = CitationFactory(claim=claim)
    one = colleague.get(f"/api/v1/citations/{citation.slug}/?expand=claim,via,attributed_to").json()
    assert one["claim"] == colleague.get(f"/api/v1/claims/{claim.slug}/").json()
    assert (one["via"], one["attributed_to"]) == ([], None)
    (row,) = results(colleague, "claims", expand="subject,object,predicate")
    assert row["subject"] == colleague.get("/api/v1/entities/lg/").json()
    assert (row["object"]["slug"], row["object"]["type"]) == ("basf", "company")
    with some_change():
        company: Company = CompanyFactory(slug="maybe", may_be=[lg, basf])
    told = colleague.get(f"/api/v1/companies/{company.slug}/?expand=may_be").json()
    assert [record["slug"] for record in told["may_be"]] == ["basf", "lg"]


def test_a_person_sees_by_role_what_the_admin_shows_them(
    colleague: Client, curator: User, reviewer: User
) -> None:
    ClaimFactory(review="draft")
    for client in (colleague, client_of(curator), client_of(reviewer)):
        assert len(results(client, "claims")) == 1
    assert results(client_of(), "claims") == []
    assert results(client_of(User.objects.create_user("nobody")), "claims") == []


def test_everybody_sees_accepted_records_and_their_parts() -> None:
    claim: Claim = ClaimFactory(fact=True)
    anybody = client_of()
    assert [record["slug"] for record in results(anybody, "claims")] == [claim.slug]
    assert [record["claim"] for record in results(anybody, "citations")] == [claim.slug]
    assert results(anybody, "citations")[0]["quote"] == "opens a plant"


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.name)
def measured(request: Any) -> tuple[Resource, Any]:
    resource: Resource = request.param
    table = resource.table if resource.name != "entities" else API.by_name["companies"].table
    with some_change():
        record = FACTORY_OF[table.model](**({"review": "accepted"} if table.name == "companies" else {}))
    return resource, record


def test_a_page_takes_one_query_and_one_for_each_table_expanded_whatever_the_rows(
    measured: tuple[Resource, Any], reader: User
) -> None:
    resource, record = measured
    columns = resource.columns.values()
    names = {
        column.name: column.target for column in columns if column.kind in (Kind.REFERENCE, Kind.REFERENCES)
    }
    multiply(record, 60)
    for client, who in ((client_of(), 0), (client_of(reader), 4)):
        assert queries(client, f"/api/v1/{resource.name}/?limit=50") == 1 + who
        expanding = f"&expand={','.join(names)}" if names else ""
        expanded = queries(client, f"/api/v1/{resource.name}/?limit=50{expanding}")
        assert expanded <= 1 + who + len(set(names.values()))
        assert queries(client, f"/api/v1/{resource.name}/?count=true") == 2 + who
        assert queries(client, f"/api/v1/{resource.name}/?format=csv") == 1 + who


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.getvalue()
    return len(captured)


def test_lists_are_in_the_order_of_their_keys(colleague: Client) -> None:
    for slug in ("posco", "basf", "lg"):
        CompanyFactory(slug=slug)
    assert [row["slug"] for row in listed(colleague, "companies")["results"]] == ["basf", "lg", "posco"]
