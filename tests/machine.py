"""What a test needs from the machine: without it the test is skipped, but never in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def require_program(name: str, how_to_get_it: str) -> str:
    """The path of a program; skips the test where it is missing, fails it where CI=true."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed ({how_to_get_it})")
    return str(found)


def missing(reason: str) -> None:
    """Skip with the reason printed; in CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
