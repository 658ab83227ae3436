"""Tests ask more often than people may."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def unthrottled(settings: Any) -> None:
    """Let every test ask as often as it likes."""
    settings.API_RATES = {"anonymous": None, "user": None}
