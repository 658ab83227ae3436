"""Comparing in a real browser, with the shipped data: wide and narrow, with scripts and without, by keyboard."""

import pytest
from playwright.sync_api import Browser

from tests.site.browser.conftest import Desk

pytestmark = pytest.mark.deep

PAIR = "admin/claims/compare/?entity=one-pot&entity=lpf"
PAGES = (PAIR, "admin/claims/conflict/near/", "admin/claims/investment/?q=Rio+Tinto")
NARROW = {"width": 320, "height": 800}


def test_entities_are_added_by_typing_and_taken_away_by_unchecking(administrator: Desk) -> None:
    page = administrator.page
    administrator.open(PAIR)
    assert "≠ differ" in page.inner_text(".compared")
    page.click(".adding .select2-selection")
    page.keyboard.type("nano one materials")
    page.locator(".select2-results__option", has_text="Nano One Materials").first.click()
    page.uncheck("input[name=entity][value=lpf]")
    page.click("input[value=Compare]")
    page.wait_for_url("**/compare/?entity=one-pot&entity=nano-one*")
    assert page.locator(".compared thead th").all_inner_texts()[2].startswith("One-Pot")
    administrator.open("admin/claims/topic/")
    for row in (0, 1):
        page.locator("#result_list .action-select").nth(row).check()
    page.select_option("select[name=action]", "compare_selected")
    page.click("button[name=index]")
    page.wait_for_url("**/compare/?entity=*&entity=*")
    assert administrator.complaints == []


def test_the_marks_of_a_field_lead_to_the_claims_behind_it(administrator: Desk) -> None:
    page = administrator.page
    administrator.open(PAGES[2])
    page.click("#result_list >> text=Investment of Rio Tinto in Nano One")
    page.click("a[href='#behind-amount']")
    assert page.url.endswith("#behind-amount")
    assert "! contested" in page.inner_text("#behind-amount")
    page.click("text=Nearly in conflict")
    page.wait_for_url("**/near/?entity=*")
    assert administrator.complaints == []


def test_narrow_screens_read_everything_without_scrolling_sideways(administrator: Desk) -> None:
    page = administrator.page
    page.set_viewport_size(NARROW)
    for path in PAGES[:2]:
        administrator.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    administrator.open(PAIR)
    assert page.locator(".compared td .value").first.is_visible()
    assert administrator.complaints == []


def test_without_scripts_the_pages_are_whole(administrator: Desk, browser: Browser) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=administrator.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(administrator.address + PAIR)
    page.fill("noscript input[name=entity], input[type=text][name=entity]", "nano-one")
    page.check("input[name=common]")
    page.click("input[value=Compare]")
    assert "entity=nano-one" in page.url
    assert "≠ differ" in page.inner_text(".compared")
    page.locator(".verdict summary").first.click()
    page.goto(administrator.address + PAGES[1])
    page.select_option("#id_kind", "scope")
    page.click("input[value=Show]")
    assert "apart by scope" in page.inner_text("#content")
    context.close()
