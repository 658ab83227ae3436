"""The admin in a real browser, with the shipped data: every page, and a claim on its way from typing to acceptance."""

import pytest
from playwright.sync_api import Browser, Page

from claims.contract import TABLES
from tests.site.browser.conftest import Desk, person
from tests.site.ledgers import Ledger
from tests.site.test_serve import Running

pytestmark = pytest.mark.deep

ADMIN_TABLES = [table.model._meta for table in TABLES]


def test_no_page_breaks_the_policy_or_asks_anybody_else(administrator: Desk) -> None:
    administrator.open("admin/")
    for meta in ADMIN_TABLES:
        address = f"admin/{meta.app_label}/{meta.model_name}/"
        if meta.model_name != "snapshot":  # which only commands add
            administrator.open(f"{address}add/")
        administrator.open(address)
        if administrator.page.locator("#result_list tbody a").count():
            administrator.page.locator("#result_list tbody a").first.click()
            change = administrator.page.url.removeprefix(administrator.address)
            administrator.open(change.replace("/change/", "/history/"))
            administrator.open(change.replace("/change/", "/delete/"))
    assert administrator.complaints == []


def choose(page: Page, field: str, words: str, label: str) -> None:
    """Choose a record by typing a part of its name."""
    page.click(f"#id_{field} ~ .select2 .select2-selection")
    page.keyboard.type(words)
    page.locator(".select2-results__option", has_text=label).first.click()


def test_a_claim_with_its_citation_is_entered_submitted_and_accepted(
    browser: Browser, running: Running, ledger: Ledger
) -> None:
    curator = person(browser, running, ledger, "curator")
    page = curator.page
    curator.open("admin/claims/claim/add/")
    page.fill("#id_statement", "Nano One trades in Frankfurt under the symbol LBMB.")
    choose(page, "subject", "nano one materials", "Nano One Materials")
    choose(page, "predicate", "is listed", "is listed as")
    page.fill("#id_value", "Frankfurt: LBMB")
    page.select_option("#id_basis", "fact")
    page.select_option("#id_confidence", "medium")
    page.select_option("#id_review", "submitted")
    page.click("text=Add another Citation")
    choose(page, "citations-0-source", "silent partnership", "Silent Partnership")
    page.fill("#id_citations-0-locator", "2.1 p1")
    page.select_option("#id_citations-0-stance", "supports")
    page.click("input[name=_save]")
    assert "was added successfully" in page.inner_text(".messagelist")

    reviewer = person(browser, running, ledger, "reviewer")
    reviewer.open("admin/claims/claim/?q=LBMB")
    reviewer.page.click("text=Nano One trades in Frankfurt under the symbol LBMB.")
    reviewer.page.select_option("#id_review", "accepted")
    reviewer.page.click("input[name=_continue]")
    assert "was changed successfully" in reviewer.page.inner_text(".messagelist")
    assert reviewer.page.input_value("#id_review") == "accepted"

    curator.open(reviewer.page.url.removeprefix(running.address))
    page.check("#id_citations-0-DELETE")
    page.click("input[name=_save]")
    assert "An accepted fact needs a supporting citation" in page.inner_text("#content")
    assert page.input_value("#id_statement").startswith("Nano One trades")
    assert curator.complaints == reviewer.complaints == []
