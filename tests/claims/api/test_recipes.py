"""Every recipe of docs/recipes.md is run as it stands, by a program of its own, and prints what stands below it."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from claims.models import Claim, Company, Conflict
from claims_site.tokens import make_token
from evidence.exchange.sheets import sheet_files, table_name
from tests.api import client_of, send
from tests.bundles import FIXTURES, loaded
from tests.machine import require_program
from tests.served import Environ, TooOften, run_beside

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[3] / "docs" / "recipes.md").read_text(encoding="utf-8")
SCRIPTS = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))
"""The scripts, by the names of their files."""
RECIPES = {
    heading: (command, shown)
    for heading, command, shown in re.findall(
        r"^## (.+?)\n.*?^```sh\n(.*?)^```\n+```text\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL
    )
}
"""What is typed for each, and what is printed then."""
BUNDLE = FIXTURES / "nano-one-lg"

Run = Callable[..., str]


@pytest.fixture(scope="module", autouse=True)
def bundle(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The first investigation, of which the recipes speak."""
    with loaded(BUNDLE, django_db_blocker):
        yield


@pytest.fixture
def run(curator: User, reviewer: User, tmp_path: Path) -> Run:
    """Run a recipe by its heading; `before` is called with each of its requests. Returns what it printed."""
    tokens = {
        name: make_token(name=user.username, days=1)[1]
        for name, user in {"TOKEN": curator, "TOKEN_OF_REVIEWER": reviewer}.items()
    }
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    for name, script in SCRIPTS.items():
        (tmp_path / name).write_text(script, encoding="utf-8")

    def run_it(heading: str, *, expected: bool = True, **how: Any) -> str:
        command, shown = RECIPES[heading]
        if "curl" in command:
            require_program("curl", "Debian, Ubuntu: apt install curl")
        line = ["sh", "-eu", "-c", command]
        printed = run_beside(line, tmp_path, lambda home: {**tokens, "PATH": path, "LEDGER": home}, **how)
        if expected:
            as_shown = ".*".join(map(re.escape, shown.rstrip("\n").split("…")))
            assert re.fullmatch(as_shown, printed.rstrip("\n"), re.DOTALL), f"{heading} prints:\n{printed}"
        return printed

    return run_it


FACTS = "The facts about a company, with their quotes"
SOURCE = "What a source says, in its order"
DISAGREEMENTS = "Where documents disagree about a company"
TIMELINE = "The timeline of a company as CSV"
LINKS = "Who is linked to whom"
ADD = "Add a claim with its source"
CORRECT = "Correct a value beside colleagues"
REVIEW = "Submit drafts, and accept them"
SHEET = "Import a sheet"
TABLES = "Take all tables out, and load them again"


def test_the_page_has_no_recipe_and_no_script_that_is_not_run_here() -> None:
    tried = {FACTS, SOURCE, DISAGREEMENTS, TIMELINE, LINKS, ADD, CORRECT, REVIEW, SHEET, TABLES}
    assert set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == set(RECIPES) == tried
    commands = "".join(command for command, _ in RECIPES.values())
    assert all(f"python3 {name} " in commands for name in SCRIPTS.keys() - {"ledger.py"})
    assert PAGE.count("```python") == len(SCRIPTS)
    assert PAGE.count("```sh") == len(RECIPES) + 1  # the first says where the ledger is


def naming(slug: str) -> QuerySet[Claim]:
    """The claims that name an entity."""
    return Claim.objects.filter(subject__slug=slug) | Claim.objects.filter(object__slug=slug)


def test_facts_are_told_with_all_their_quotes(run: Run) -> None:
    printed = run(FACTS)
    facts = naming("gm").filter(basis="fact", review="accepted")
    told = [line for line in printed.splitlines() if not line.startswith("  ")]
    assert sorted(told) == sorted(facts.values_list("statement", flat=True)) != []
    assert printed.count("\n  ") == sum(fact.citations.count() for fact in facts)


def test_a_source_is_told_in_its_order_and_whole(run: Run) -> None:
    printed = run(SOURCE)
    locators = re.findall(r"^p(\d+): ", printed, re.MULTILINE)
    assert locators == sorted(locators, key=int) != sorted(locators)
    cited = Claim.objects.filter(citations__source__slug="nasdaq-sumitomo-toyota-2025")
    assert printed.count("\n  ") == cited.count()


def test_disagreements_are_told_with_their_positions(run: Run) -> None:
    printed = run(DISAGREEMENTS)
    about = naming("lg-energy-solution")
    open_ones = Conflict.objects.filter(members__in=about, status="open").distinct()
    told = re.findall(r"^(\S+) \((?:found|noted)\) ", printed, re.MULTILINE)
    assert sorted(told) == sorted(open_ones.values_list("slug", flat=True)) != []
    assert len(re.findall(r"^  \d+\. ", printed, re.MULTILINE)) == sum(
        conflict.members.count() for conflict in open_ones
    )


def test_the_timeline_is_a_sheet(run: Run, tmp_path: Path) -> None:
    run(TIMELINE)
    assert (tmp_path / "timeline.csv").read_text(encoding="utf-8").count("\n") > 20


def test_links_are_told(run: Run) -> None:
    printed = run(LINKS)
    stated = naming("dan-blondal").filter(predicate__value_type="entity")
    assert stated.exists()
    assert all(f"claims/{claim.slug})" in printed for claim in stated)


def test_a_claim_is_made_with_its_source_and_once(run: Run) -> None:
    run(ADD)
    claim = Claim.objects.get(slug="example-cathodes-founded")
    assert (claim.review, claim.subject.name) == ("draft", "Example Cathodes")
    assert claim.citations.get().source.title == "Profile of Example Cathodes"
    again = run(ADD, expected=False)
    assert [line[:4] for line in again.splitlines()] == ["412 "] * 3


def meanwhile(user: User, body: dict[str, str]) -> Callable[[Environ], None]:
    """A colleague who writes this into the company once, just before the next change arrives."""
    waiting = [body]

    def write(environ: Environ) -> None:
        if environ["REQUEST_METHOD"] == "PATCH" and waiting:
            answer = send(
                client_of(user), "patch", "companies/example-cathodes/", waiting.pop(), If_Match="*"
            )
            assert answer.status_code == 200, answer.content

    return write


def test_a_correction_keeps_what_a_colleague_wrote_meanwhile(run: Run, reviewer: User) -> None:
    run(ADD)
    run(CORRECT, before=meanwhile(reviewer, {"headquarters": "Burnaby"}))
    company = Company.objects.get(slug="example-cathodes")
    assert (company.country, company.headquarters) == ("US", "Burnaby")


def test_a_correction_gives_way_to_a_colleague_who_corrected_the_same(run: Run, reviewer: User) -> None:
    run(ADD)
    with pytest.raises(AssertionError, match="country is 'KR', not 'CA'; nothing was written"):
        run(CORRECT, before=meanwhile(reviewer, {"country": "KR"}))
    assert Company.objects.get(slug="example-cathodes").country == "KR"


def test_drafts_are_submitted_and_accepted_by_another(run: Run, curator: User) -> None:
    run(ADD)
    run(REVIEW)
    claim = Claim.objects.get(slug="example-cathodes-founded")
    assert (claim.review, claim.subject.review) == ("accepted", "accepted")


def test_a_record_that_changed_since_it_was_listed_is_left_alone(run: Run, reviewer: User) -> None:
    run(ADD)
    change = meanwhile(reviewer, {"headquarters": "Burnaby"})
    printed = run(
        REVIEW,
        expected=False,
        before=lambda environ: (
            change({"REQUEST_METHOD": "PATCH"}) if environ["PATH_INFO"].endswith("/submit/") else None
        ),
    )
    assert printed.startswith("example-cathodes: 412: ")
    assert Company.objects.get(slug="example-cathodes").review == "draft"


def test_a_sheet_is_looked_at_and_confirmed(run: Run, tmp_path: Path) -> None:
    run(SHEET)
    assert Company.objects.get(slug="example-anodes").country == "KR"
    assert not Company.objects.filter(slug="example-foils").exists()
    rejected = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    assert "example-foils" in rejected
    assert "ISO 3166" in rejected


def test_all_tables_are_taken_out_as_they_were_delivered(run: Run, tmp_path: Path) -> None:
    run(TABLES)
    for sheet in sheet_files([BUNDLE]):
        taken = tmp_path / "ledger" / f"{table_name(sheet)}.csv"
        assert taken.read_bytes() == sheet.read_bytes(), taken.name


def test_scripts_come_back_when_the_ledger_says_so(run: Run) -> None:
    seen: list[str] = []

    def once(environ: Environ) -> None:
        address = environ["PATH_INFO"] + environ["QUERY_STRING"]
        seen.append(address)
        if seen.count(address) == 1:
            raise TooOften

    run(DISAGREEMENTS, before=once)
    assert len(seen) == 2 * len(set(seen)) > 4
