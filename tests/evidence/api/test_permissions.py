"""Who may do what: every address, by every method, asked by everybody there is."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from claims.models import Company
from evidence.api.resources import Resource
from evidence.domain.review import BY_REVIEWERS, STEPS
from evidence.models import Change, Token
from tests.api import address_of, body_of, client_of, every_resource, refusal, send
from tests.evidence.api.test_writing import stored
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

Request = tuple[str, str, Any, dict[str, str]]
"""A method, the address, the body and headers."""


def with_token(user: User, *, read_only: bool) -> Client:
    _, shown = Token.objects.create(user, read_only=read_only)
    return Client(headers={"Authorization": f"Token {shown}"})


@pytest.fixture
def askers(reader: User, curator: User, reviewer: User, administrator: User) -> dict[str, Client]:
    """Everybody, by what they are."""
    return {
        "anybody": client_of(),
        "nobody": client_of(User.objects.create_user("nobody")),
        "reader": client_of(reader),
        "curator": client_of(curator),
        "reviewer": client_of(reviewer),
        "administrator": client_of(administrator),
        "read-only token": with_token(administrator, read_only=True),
        "token": with_token(administrator, read_only=False),
    }


REFUSALS = {"anybody": 401, "nobody": 403, "reader": 403, "read-only token": 403}
"""With which status who may not write is refused."""


def writes(resource: Resource, told: dict[str, Any]) -> list[Request]:
    """Every request that would write, each in its right form."""
    address, body = address_of(resource, told), body_of(resource, told)
    keys = {name: told[name] for name in resource.model.KEY}
    found: list[Request] = [
        ("post", f"{resource.name}/", body, {}),
        ("patch", f"{resource.name}/", [{**keys, "version": 1}], {}),
        ("put", address, body, {"If_Match": "*"}),
        ("put", address, body, {"If_None_Match": "*"}),
        ("patch", address, {}, {"If_Match": "*"}),
        ("delete", address, None, {"If_Match": "*"}),
    ]
    for verb in STEPS if resource.is_reviewed else ():
        found.append(("post", f"{address}{verb}/", None, {"If_Match": "*"}))
    return found


@every_resource
def test_who_may_not_write_is_refused_and_nothing_is_written(
    resource: Resource, askers: dict[str, Client], reader: User
) -> None:
    if not resource.is_written:
        for who, client in askers.items():
            for method in ("post", "put", "patch", "delete"):
                for address in ("entities/", "entities/x/"):
                    assert refusal(send(client, method, address, {}), 405), who
        return
    told = stored(resource, client_of(reader))
    changes = Change.objects.count()
    for who, status in REFUSALS.items():
        for method, address, body, headers in writes(resource, told):
            answer = send(askers[who], method, address, body, **headers)
            errors = refusal(answer, status)
            assert (status == 401) is ("WWW-Authenticate" in answer), (who, method, errors)
    assert Change.objects.count() == changes


def test_who_may_not_write_learns_nothing_of_what_there_is(askers: dict[str, Client]) -> None:
    CompanyFactory(slug="draft")
    for who in ("anybody", "nobody"):
        for method, step in (
            ("patch", ""),
            ("put", ""),
            ("delete", ""),
            ("post", "submit/"),
            ("post", "accept/"),
        ):
            there, missing = (
                send(askers[who], method, f"companies/{slug}/{step}", {}, If_Match="*")
                for slug in ("draft", "nothing")
            )
            assert (there.status_code, there.content) == (
                missing.status_code,
                missing.content,
            ) or method == "put"
            assert there.status_code == REFUSALS[who] == missing.status_code


@every_resource
def test_who_may_write_is_refused_for_no_want_of_rights(
    resource: Resource, askers: dict[str, Client]
) -> None:
    for who in ("curator", "reviewer", "administrator", "token"):
        told = stored(resource, askers["curator"]) if resource.is_written else {}
        for method, address, body, headers in writes(resource, told) if told else ():
            answer = send(askers[who], method, address, body, **headers)
            by_reviewers = STEPS.get(address.split("/")[-2]) in BY_REVIEWERS
            allowed = who != "curator" or not by_reviewers
            assert (answer.status_code in (401, 403)) is not allowed, (who, method, address, answer.content)


@every_resource
def test_everybody_reads(resource: Resource, askers: dict[str, Client]) -> None:
    for client in askers.values():
        for method in ("get", "head", "options"):
            assert send(client, method, f"{resource.name}/").status_code == 200
            assert send(client, method, f"{resource.name}/no+no+no/").status_code in (200, 404)


def test_rights_are_those_of_the_table_and_of_the_action() -> None:
    def granted(*codenames: str) -> Client:
        user = User.objects.create_user("-".join(codenames))
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return client_of(user)

    CompanyFactory(slug="lg")
    adds, changes = granted("add_company", "view_company"), granted("change_company", "view_company")
    assert send(adds, "post", "companies/", {"name": "New"}).status_code == 201
    (error,) = refusal(send(adds, "patch", "companies/lg/", {}, If_Match="*"), 403)
    assert "may not change companies" in error["detail"]
    assert send(changes, "patch", "companies/lg/", {"name": "x"}, If_Match="*").status_code == 200
    refusal(send(changes, "delete", "companies/lg/", If_Match="*"), 403)
    refusal(send(changes, "put", "companies/other/", {"name": "x"}, If_None_Match="*"), 403)
    refusal(send(changes, "post", "people/", {"name": "A B"}), 403)
    refusal(send(granted("add_company"), "post", "companies/", {"name": "x"}), 403)
    body = {"name": "Part", "ownerships": [{"owner": "lg"}]}
    (error,) = refusal(send(adds, "post", "companies/", body), 403)
    assert (error["pointer"], "may not add ownerships" in error["detail"]) == ("/ownerships/0", True)
    assert not Company.objects.filter(name="Part").exists()


def test_a_session_writes_with_its_csrf_token_alone(curator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    CompanyFactory(slug="lg")
    for method, address, body, headers in (
        ("post", "companies/", {"name": "x"}, {}),
        ("patch", "companies/lg/", {"name": "x"}, {"If_Match": "*"}),
        ("delete", "companies/lg/", None, {"If_Match": "*"}),
        ("post", "companies/lg/submit/", None, {"If_Match": "*"}),
    ):
        refusal(send(client, method, address, body, **headers), 403)
    client.get("/admin/login/")
    token = client.get("/admin/password_change/").cookies["csrftoken"].value
    assert send(client, "post", "companies/", {"name": "x"}, X_CSRFToken=token).status_code == 201
