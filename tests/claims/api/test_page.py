"""What docs/api.md shows is answered."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from claims.models import Citation
from tests.api import client_of, send
from tests.factories import ClaimFactory, CompanyFactory, PredicateFactory, SourceFactory

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^GET (\S+)$", PAGE, re.MULTILINE)


@pytest.mark.django_db
@pytest.mark.parametrize("address", SHOWN)
def test_what_the_page_asks_is_answered(address: str, reader: User) -> None:
    ClaimFactory(slug="nano-one-raised", subject=CompanyFactory(slug="nano-one"))
    answer = client_of(reader).get(address)
    assert answer.status_code == 200, answer.content


def test_the_page_shows_how_each_thing_is_asked() -> None:
    assert len(SHOWN) > 7


WRITTEN = re.findall(
    r"curl -X POST \"?https://ledger\.example\.org/api/v1/(\S+?)\"? .*?-d '(.*?)'\n", PAGE, re.DOTALL
)
"""The addresses to which the page writes, and the bodies."""


@pytest.mark.django_db
def test_what_the_page_writes_is_written(curator: User) -> None:
    assert len(WRITTEN) == 2
    PredicateFactory(slug="was-founded", value_type="date")
    SourceFactory(slug="company-profile")
    for address, body in WRITTEN:
        answer = send(client_of(curator), "post", address, body.encode())
        assert answer.status_code == 201, answer.content
    assert Citation.objects.get().claim.subject.slug == "nano-one"
