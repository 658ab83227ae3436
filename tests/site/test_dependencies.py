"""The lock files hold what the requirement files ask for, with hashes, and name no place to fetch it from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+?)( ;.*)? \\$")
FILES = ("requirements", "requirements-dev")


def requirements(name: str) -> dict[str, tuple[Requirement, str]]:
    """What a requirements file asks for, and the reason beside it."""
    found = {}
    for line in Path(f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            wanted, _, reason = line.partition("#")
            requirement = Requirement(wanted)
            found[canonicalize_name(requirement.name)] = (requirement, reason.strip())
    return found


def locked(name: str) -> dict[str, Version]:
    """The exact versions of a lock file."""
    lines = Path(f"{name}.lock").read_text(encoding="utf-8").splitlines()
    return {found[1]: Version(found[2]) for line in lines if (found := PINNED.match(line))}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_bounds_and_a_reason_and_is_locked_within_them(name: str) -> None:
    versions = locked(name)
    for package, (requirement, reason) in requirements(name).items():
        assert reason, package
        assert requirement.specifier, package
        assert versions[package] in requirement.specifier, package


@pytest.mark.parametrize("name", FILES)
def test_every_locked_package_has_hashes(name: str) -> None:
    text = Path(f"{name}.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked(name))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_tests_run_on_exactly_what_users_run() -> None:
    assert locked("requirements").items() <= locked("requirements-dev").items()


@pytest.mark.parametrize("name", FILES)
def test_a_lock_file_names_no_place(name: str) -> None:
    text = Path(f"{name}.lock").read_text(encoding="utf-8")
    assert re.findall(r"://|--index|--find-links|--trusted|@ ", text) == []
