"""What docs/api.md shows is answered."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.api import client_of
from tests.factories import ClaimFactory, CompanyFactory

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
