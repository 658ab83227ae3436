"""Every command that the documentation shows exists and takes the options shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

PAGES = ("README.md", "docs/operating.md")
RUN_ITSELF = {"serve", "add_user", "backup", "restore"}  # words that ./run hands to manage.py as they are


def shown_commands() -> list[tuple[str, str]]:
    """Each line of the sh blocks that starts ./run, with the page it stands on."""
    found = []
    for page in PAGES:
        for block in re.findall(r"(?ms)^```sh\n(.*?)^```", Path(page).read_text(encoding="utf-8")):
            found += [(page, line) for line in block.splitlines() if line.startswith("./run")]
    return found


def test_the_documentation_shows_both_commands() -> None:
    lines = [line for page, line in shown_commands() if page == "README.md"]
    assert lines[:2] == ["./run", "./run test"]


@pytest.mark.parametrize(("page", "line"), shown_commands())
def test_a_command_shown_exists_and_takes_its_arguments(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    if not words or words[0] == "test":
        return
    if words[0] == "manage":
        words = words[1:]
    else:
        assert words[0] in RUN_ITSELF, f"{page} shows {line}"
    name, *arguments = words
    parser = load_command_class(get_commands()[name], name).create_parser("./run", name)
    if "--help" not in arguments:
        parser.parse_args(arguments)


@pytest.mark.parametrize("page", PAGES)
def test_links_inside_the_project_lead_somewhere(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (Path(page).parent / target.split("#")[0]).exists()] == []
