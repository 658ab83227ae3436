"""What the documentation says is held by a test is held by one that there is."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PLANNED = Path("docs/decisions/0006-an-import-is-planned-before-it-is-written.md")
NAMED = re.compile(r"`(tests/[\w/.]+)::(\w+)`")


def named(text: str) -> list[tuple[str, str]]:
    """The tests that a text names, by file and name."""
    return NAMED.findall(text)


@cache
def functions_of(file: str) -> set[str]:
    """The names of the tests in a file."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    found = named((ROOT / page).read_text(encoding="utf-8"))
    assert [f"{file}::{test}" for file, test in found if test not in functions_of(file)] == []


def test_each_fault_of_the_librarys_import_is_held_off_by_a_test() -> None:
    text = (ROOT / PLANNED).read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(number) for number, *_ in rows] == list(range(1, 16))
    for _, theirs, ours, tests in rows:
        assert theirs.strip() and ours.strip()
        assert named(tests) and len(named(tests)) == tests.count("::")
