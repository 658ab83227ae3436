"""The settings as a whole, in the processes that would use them."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.site.ledgers import Ledger
from tests.site.test_environment import GOOD_KEY

PRODUCTION = {"LEDGER_PRODUCTION": "1", "LEDGER_SECRET_KEY": GOOD_KEY, "LEDGER_HOSTS": "ledger.example.org"}


def test_production_passes_the_deployment_check(ledger: Ledger) -> None:
    words = ledger.succeed("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert "no issues" in words


def test_nothing_set_passes_the_ordinary_check(ledger: Ledger) -> None:
    assert "no issues" in ledger.succeed("check", "--fail-level", "WARNING")


@pytest.mark.parametrize("missing", ["LEDGER_SECRET_KEY", "LEDGER_HOSTS"])
def test_production_says_what_it_lacks(ledger: Ledger, missing: str) -> None:
    words = ledger.fail("check", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert words.startswith(f"LEDGER_PRODUCTION needs {missing}")


def test_production_refuses_debug(ledger: Ledger) -> None:
    assert "Unset it for LEDGER_PRODUCTION" in ledger.fail("check", LEDGER_DEBUG="1", **PRODUCTION)


def test_a_misspelt_variable_stops_every_command_in_one_line(ledger: Ledger) -> None:
    words = ledger.fail("serve", LEDGER_PROT="8010")
    assert words.count("\n") == 1
    assert "Did you mean LEDGER_PORT" in words


def test_production_has_no_key_of_its_own(ledger: Ledger) -> None:
    (ledger.data / "secret_key").unlink(missing_ok=True)
    ledger.succeed("check", **PRODUCTION)
    assert not (ledger.data / "secret_key").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/login/", "/healthz", "/", "/nowhere"])
def test_every_answer_allows_only_what_comes_from_the_site(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_the_front_door_leads_to_the_admin(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


def test_short_passwords_are_refused() -> None:
    with pytest.raises(ValidationError, match="at least 12 characters"):
        validate_password("eleven-long")
