"""Duplicates and merging in a real browser: what is typed is looked for, and a pair is merged by hand."""

import pytest
from playwright.sync_api import Browser, expect

from tests.site.browser.conftest import Desk, person
from tests.site.ledgers import Ledger
from tests.site.test_serve import Running

pytestmark = pytest.mark.deep

NARROW = {"width": 320, "height": 800}


def test_what_a_new_company_may_be_is_shown_while_it_is_typed_and_the_two_are_merged(
    browser: Browser, running: Running, ledger: Ledger
) -> None:
    curator = person(browser, running, ledger, "curator")
    page = curator.page
    curator.open("admin/claims/company/add/")
    expect(page.locator("#similar")).to_be_hidden()
    page.fill("#id_name", "LG Chemm Ltd.")
    expect(page.locator("#similar")).to_contain_text("names alike: “LG Chemm Ltd.” and “LG Chem”")
    page.fill("#id_name", "Something else")
    expect(page.locator("#similar")).to_be_hidden()
    page.fill("#id_name", "A first draft")
    page.fill("#id_website", "https://draft.example")
    page.click("input[name=_save]")
    curator.open("admin/claims/company/add/")
    page.fill("#id_name", "A frist draft")
    page.fill("#id_website", "https://www.draft.example/")
    page.click("input[name=_save]")
    assert "It may be the same as A first draft (same website draft.example; names alike" in page.inner_text(
        ".messagelist"
    )
    page.click(".messagelist >> text=merge the two")
    page.check("input[name='choose-website'][value=gone]")
    page.fill("#id_reason", "One was mistyped.")
    page.click("input[value=Merge]")
    assert "was merged into this record" in page.inner_text(".messagelist")
    assert page.input_value("#id_aliases") == "A frist draft"
    curator.open("admin/claims/company/?q=a-frist-draft")
    assert page.locator("#result_list tbody tr").count() == 1
    assert curator.complaints == []


def test_a_pair_is_judged_different_without_scripts_and_on_a_narrow_screen(
    administrator: Desk, browser: Browser
) -> None:
    for slug in ("first", "second"):
        administrator.open("admin/claims/event/add/")
        administrator.page.fill("#id_name", "Trade mission")
        administrator.page.fill("#id_slug", slug)
        administrator.page.click("input[name=_save]")
    state = administrator.page.context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state, viewport=NARROW).new_page()
    for path in ("admin/claims/merge/?entity=first&entity=second", "admin/claims/duplicates/?type=event"):
        page.goto(administrator.address + path)
        assert page.inner_text("#content-main")
        administrator.page.set_viewport_size(NARROW)
        administrator.open(path)
        width = administrator.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], path
    page.fill("input[name=reason]", "One went to Seoul, one to Tokyo.")
    page.click("input[value=Different]")
    assert "are different, and are not proposed again" in page.inner_text(".messagelist")
    assert "No two records look like one." in page.inner_text("#content-main")
    assert administrator.complaints == []
