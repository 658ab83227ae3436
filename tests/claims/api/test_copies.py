"""The script on docs/api.md that keeps a copy keeps one; conflicts tell what is computed of them."""

import io
import re
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User

from claims.models import Company
from evidence.models import Notice
from tests.api import client_of, results, slugs
from tests.evidence.api.mirrors import Mirror, full_lists
from tests.evidence.api.worlds import make_world
from tests.factories import CitationFactory, ClaimFactory, CompanyFactory, ConflictFactory, PredicateFactory
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
(SCRIPT,) = re.findall(r"```python\n(.*?)```", PAGE.partition("### A copy that stays complete")[2], re.DOTALL)


def test_the_script_of_the_page_keeps_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(urllib.request, "urlopen", lambda url: io.BytesIO(client.get(url).content))
    claim = ClaimFactory(slug="claim", fact=True)
    script = SCRIPT.replace("limit=500", "limit=2")
    for _ in range(2):
        exec(compile(script, "api.md", "exec"), kept := {})  # noqa: S102  # our own page
        copy = {
            (table, key): one for table, some in kept["copy"]["tables"].items() for key, one in some.items()
        }
        assert copy == full_lists(AnonymousUser())
        with some_change():
            CompanyFactory(accepted=True)
            subject = Company.objects.get(pk=claim.subject_id)
            subject.review = "submitted"
            subject.save()
    assert ("claims", "claim") not in copy and copy


def test_what_is_there_before_there_are_notices_is_told_from_the_beginning(curator: User) -> None:
    make_world()
    Notice.objects.all().delete()
    fill: Any = import_module("claims.migrations.0005_notices_of_what_is_there").fill
    fill(apps, None)
    for user in (AnonymousUser(), curator):
        mirror = Mirror(user)
        mirror.catch_up()
        assert mirror.records == full_lists(user) != {}
    at = list(Notice.objects.order_by("pk").values_list("change", flat=True))
    assert at == sorted(at)


def test_conflicts_tell_their_positions_fingerprint_and_within_and_are_found_by_them(reader: User) -> None:
    capacity = PredicateFactory(measured=True)
    company = CompanyFactory()
    for slug, value in (("five", "5 GWh/year"), ("nine", "9 GWh/year"), ("same", "9 GWh/year")):
        CitationFactory(claim=ClaimFactory(slug=slug, subject=company, predicate=capacity, value=value))
    noted = ConflictFactory(slug="noted", decided=True)
    colleague = client_of(reader)
    (found,) = results(colleague, "conflicts", kind="found")
    assert found["positions"] == ["five", "nine+same"] and found["members"] == ["five", "nine", "same"]
    assert found["fingerprint"] and found["within"]
    assert slugs(colleague, "conflicts", status="resolved") == ["noted"]
    assert slugs(colleague, "conflicts", members="nine") == [found["slug"]]
    assert slugs(colleague, "conflicts", members=noted.members.first().slug, kind="noted") == ["noted"]
    assert slugs(colleague, "conflicts", positions="nine+same") == [found["slug"]]
    assert slugs(colleague, "conflicts", fingerprint=found["fingerprint"]) == [found["slug"]]
