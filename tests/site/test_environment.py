"""Every refusal of the environment names the variable and the way out."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from claims_site import environment

GOOD_KEY = "k3y-" * 5 + "abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("LEDGER_PRODUCTON", "LEDGER_PRODUCTION"),
        ("LEDGER_HOST", "LEDGER_HOSTS"),
        ("LEDGER_DATABASE", "LEDGER_DATA"),
    ],
)
def test_a_misspelt_variable_stops_the_start_and_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"{name} is not .* Did you mean {nearest} "):
        environment.refuse_unknown({name: "1"})


def test_known_and_foreign_variables_pass() -> None:
    environment.refuse_unknown({**dict.fromkeys(environment.KNOWN, "1"), "PATH": "/bin"})


def test_every_variable_is_in_the_operating_guide() -> None:
    guide = Path("docs/operating.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)) == {*environment.KNOWN, "DATABASE_URL"}


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("", False), ("off", False)]
)
def test_a_switch_is_on_or_off(value: str, expected: bool) -> None:
    assert environment.flag({"LEDGER_DEBUG": value}, "LEDGER_DEBUG") is expected


def test_a_switch_that_is_neither_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"LEDGER_DEBUG is 'maybe'\. Set it to 1 or 0"):
        environment.flag({"LEDGER_DEBUG": "maybe"}, "LEDGER_DEBUG")


@pytest.mark.parametrize("value", ["0", "65536", "-1", "8000.0", "http", "８０００"])
def test_a_port_out_of_bounds_or_no_number_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"LEDGER_PORT is .* from 1 to 65535"):
        environment.number({"LEDGER_PORT": value}, "LEDGER_PORT", lowest=1, highest=65535)


def test_a_relative_data_folder_is_refused_with_the_whole_path_to_write() -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"LEDGER_DATA='{Path.cwd() / 'mine'}'")):
        environment.data_folder({"LEDGER_DATA": "mine"}, Path("/unused"))


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="Set LEDGER_DATA to a folder that you may write to"):
        environment.data_folder({"LEDGER_DATA": str(tmp_path / "file" / "data")}, Path("/unused"))


def test_a_new_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = environment.data_folder({}, tmp_path / "data")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_local_key_is_drawn_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    key = environment.local_key(first)
    assert environment.local_key(first) == key
    assert environment.local_key(other) != key
    assert len(key) >= environment.KEY_LENGTH
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert sorted(tmp_path.iterdir()) == [first, other]


@pytest.mark.parametrize("key", ["", "short", "a" * 60])
def test_production_refuses_a_missing_or_guessable_key(key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"LEDGER_SECRET_KEY.*secrets\.token_urlsafe") as refusal:
        environment.production_key({"LEDGER_SECRET_KEY": key})
    assert not key or f"'{key}'" not in str(refusal.value)


def test_production_takes_a_good_key() -> None:
    assert environment.production_key({"LEDGER_SECRET_KEY": GOOD_KEY}) == GOOD_KEY


@pytest.mark.parametrize("hosts", ["", " , ", "*", "https://a.example", "a.example:8000"])
def test_production_refuses_hosts_that_are_no_names(hosts: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="LEDGER_HOSTS"):
        environment.production_hosts({"LEDGER_HOSTS": hosts})


def test_production_hosts_are_a_list_with_commas() -> None:
    assert environment.production_hosts({"LEDGER_HOSTS": "a.example, b.example"}) == [
        "a.example",
        "b.example",
    ]


def test_sqlite_waits_for_locks_and_loses_nothing_at_power_failure() -> None:
    options = environment.database({}, Path("/x/ledger.sqlite3"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_postgres_comes_by_address_and_is_checked_before_use() -> None:
    parsed = environment.database({"DATABASE_URL": "postgresql://me:p%40ss@db:5433/ledger"}, Path("/unused"))
    assert (parsed["USER"], parsed["PASSWORD"], parsed["HOST"], parsed["PORT"]) == ("me", "p@ss", "db", 5433)
    assert parsed["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize("url", ["mysql://me:hidden@db/x", "postgresql://me:hid/den@db:port/x"])
def test_another_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL .*postgresql://user:") as refusal:
        environment.database({"DATABASE_URL": url}, Path("/unused"))
    assert "hid" not in str(refusal.value)
