"""A client that somebody else's generator makes from the document, used against a served ledger."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.site.ledgers import Ledger
from tests.site.test_serve import Running, served
from tests.test_quality import PROGRAMS

pytestmark = pytest.mark.deep

NAME = "made_client"


@pytest.fixture
def running(ledger: Ledger) -> Iterator[Running]:
    with served(ledger) as started:
        yield started


@pytest.fixture
def made(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The client, made from what is served and nothing else."""
    document = tmp_path / "openapi.json"
    document.write_text(running.get("api/schema/")[1], encoding="utf-8")
    made = [PROGRAMS / "openapi-python-client", "generate", "--path", document, "--meta", "none"]
    done = subprocess.run(
        [*map(str, made), "--output-path", str(tmp_path / NAME)],
        env={"PATH": str(PROGRAMS)},  # it formats what it makes
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "Warning" not in done.stdout, done.stdout + done.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(NAME)
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def ask(operation: str, **asked: Any) -> Any:
    """What an operation of the client answers, in detail."""
    return asking(operation)(**asked)


def asking(operation: str, tag: str = "") -> Any:
    """What asks an operation, which stands under its tag."""
    tag = tag or operation.rpartition("_")[0]
    return importlib.import_module(f"{NAME}.api.{tag}.{operation}").sync_detailed


def operations(running: Running) -> list[tuple[str, str]]:
    """The names of all operations that are served, each with its tag."""
    paths = json.loads(running.get("api/schema/")[1])["paths"]
    found = [told for methods in paths.values() for told in methods.values()]
    return [(told["operationId"], told["tags"][0]) for told in found]


def test_the_client_reads_as_anybody_and_as_somebody(
    made: ModuleType, running: Running, ledger: Ledger
) -> None:
    ledger.succeed("add_user", "reader", "--role", "reader")
    token = ledger.succeed("make_token", "reader", "--read-only").split()[-1]
    anybody = made.Client(base_url=running.address, raise_on_unexpected_status=True)
    somebody = made.AuthenticatedClient(base_url=running.address, token=token, prefix="Token")
    for reader in (anybody, somebody.with_headers({})):
        with reader as client:
            page = ask("claims_list", client=client, entity="nano-one", count=True, limit=2).parsed
            assert page.count > 2 and len(page.results) == 2 and page.next_
            (claim, _) = page.results
            expand = every_reference("claims_retrieve")
            assert ask("claims_retrieve", client=client, key=claim.slug).parsed == claim
            again = ask("claims_retrieve", client=client, key=claim.slug, expand=expand)
            assert again.parsed.predicate.slug == claim.predicate
            tag = again.headers["ETag"]
            unchanged = ask(
                "claims_retrieve", client=client, key=claim.slug, expand=expand, if_none_match=tag
            )
            assert unchanged.status_code == 304
            missing = ask("companies_retrieve", client=client, key="nano-on")
            assert (missing.status_code, missing.parsed.errors[0].code) == (404, "not_found")
    with made.AuthenticatedClient(base_url=running.address, token="unknown", prefix="Token") as stranger:
        assert ask("claims_list", client=stranger).status_code == 401
    for operation, tag in operations(running):
        assert asking(operation, tag), operation


def every_reference(operation: str) -> list[Any]:
    """All columns that an operation of the client can expand."""
    models = importlib.import_module(f"{NAME}.models")
    kind = "".join(part.title() for part in operation.split("_")) + "ExpandItem"
    return list(getattr(models, kind))


def test_the_client_writes_a_company_and_a_claim_with_its_citation(
    made: ModuleType, running: Running, ledger: Ledger
) -> None:
    ledger.succeed("add_user", "curator", "--role", "curator")
    token = ledger.succeed("make_token", "curator").split()[-1]
    curator = made.AuthenticatedClient(base_url=running.address, token=token, prefix="Token")
    models = importlib.import_module(f"{NAME}.models")
    with curator as client:
        sent = models.NewCompany.from_dict({"name": "A maker of cathodes", "aliases": ["Maker"]})
        company = ask("companies_create", client=client, body=sent, reason="From its page.")
        assert (company.status_code, company.parsed.slug) == (201, "a-maker-of-cathodes")
        source = ask("sources_list", client=client, limit=1).parsed.results[0].slug
        predicate = ask("predicates_list", client=client, value_type="text", limit=1).parsed.results[0]
        claim = models.NewClaim.from_dict(
            {
                "statement": "The maker makes cathodes.",
                "subject": company.parsed.slug,
                "predicate": predicate.slug,
                "value": "cathodes",
                "modality": "actual",
                "citations": [{"source": source, "stance": "supports", "locator": "p1", "quote": "cathodes"}],
            }
        )
        written = ask("claims_create", client=client, body=claim)
        assert written.status_code == 201, written.content
        read = ask("claims_retrieve", client=client, key=written.parsed.slug)
        assert (read.parsed.subject, read.parsed.review) == (company.parsed.slug, "draft")
        (citation,) = ask("citations_list", client=client, claim=read.parsed.slug).parsed.results
        assert (citation.source, citation.quote) == (source, "cathodes")
        change = models.CompanyChange.from_dict({"country": "CA"})
        tag, key = company.headers["ETag"], company.parsed.slug
        assert ask("companies_update", client=client, key=key, body=change, if_match=tag).status_code == 200
        stale = ask("companies_update", client=client, key=key, body=change, if_match=tag)
        assert (stale.status_code, stale.parsed.errors[0].code) == (412, "stale")
