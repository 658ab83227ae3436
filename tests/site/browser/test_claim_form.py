"""The form of a claim in a real browser: what is typed is read before it is saved."""

import pytest
from playwright.sync_api import Browser, expect

from tests.site.browser.conftest import person
from tests.site.ledgers import Ledger
from tests.site.test_serve import Running

pytestmark = pytest.mark.deep


def test_a_value_is_read_while_it_is_typed_and_its_unit_is_offered(
    browser: Browser, running: Running, ledger: Ledger
) -> None:
    curator = person(browser, running, ledger, "curator")
    page = curator.page
    curator.open("admin/claims/claim/add/")
    page.fill("#id_statement", "The Candiac plant makes several hundred tonnes a year.")
    page.click("#id_subject ~ .select2 .select2-selection")
    page.keyboard.type("candiac-plant")
    page.get_by_role("option", name="Candiac plant", exact=True).click()
    page.click("#id_predicate ~ .select2 .select2-selection")
    offers = page.locator(".select2-results__option")
    expect(offers.first).to_contain_text(" · ")
    expect(offers.filter(has_text="amounts to")).to_have_count(0)  # said of investments only
    page.keyboard.type("capacity")
    page.locator(".select2-results__option", has_text="has a capacity of").click()

    reading = page.locator("#reading")
    assert reading.get_attribute("aria-live") == "polite"
    page.fill("#id_value", "50")
    expect(reading).to_contain_text("it may be read as 49.5–50.5 GWh/year or 49.5–50.5 t/year")
    expect(page.locator("#id_unit_offers option")).to_have_count(2)
    page.fill("#id_unit", "GWh")
    expect(reading).to_have_text("49.5–50.5 GWh/year")
    page.fill("#id_unit", "")
    page.fill("#id_value", "several hundred tonnes a year")
    expect(reading).to_contain_text("Not understood, and kept as printed")
    assert reading.get_attribute("data-state") == "unread"
    page.fill("#id_when", "H1 2027")
    expect(page.locator("#id_when_reading")).to_have_text("2027-01-01 to 2027-06-30 (EDTF 2027-40)")

    page.click("input[name=_continue]")
    assert "is kept as printed, and compares with nothing" in page.inner_text(".messagelist")
    expect(reading).to_contain_text("Not understood, and kept as printed")
    assert curator.complaints == []


def test_the_form_works_without_scripts(browser: Browser, running: Running, ledger: Ledger) -> None:
    curator = person(browser, running, ledger, "curator")
    plain = browser.new_context(java_script_enabled=False, storage_state=curator.page.context.storage_state())
    page = plain.new_page()
    page.goto(f"{running.address}admin/claims/claim/?q=US$10M")
    page.locator("#result_list tbody a").first.click()
    assert page.inner_text("#reading") == "9,500,000–10,500,000 USD"
    page.fill("#id_value", "$1.500")
    page.click("input[name=_save]")
    assert "write the one that is meant" in page.inner_text(".field-value .errorlist")


def test_a_conflict_with_rate_and_day_is_seen_before_the_form_is_left(
    browser: Browser, running: Running, ledger: Ledger
) -> None:
    curator = person(browser, running, ledger, "curator")
    page = curator.page
    curator.open("admin/claims/claim/add/")
    page.click("#id_subject ~ .select2 .select2-selection")
    page.keyboard.type("rio-tinto-investment-2022")
    page.locator(".select2-results__option", has_text="Investment of Rio Tinto").click()
    page.click("#id_predicate ~ .select2 .select2-selection")
    page.keyboard.type("amounts")
    page.locator(".select2-results__option", has_text="amounts to").click()
    conflicting = page.locator("#compared tr[data-verdict=conflicting]")
    for typed, other in (("US$10M", "CAD 10M"), ("CAD 10M", "US$10M")):
        page.fill("#id_value", typed)
        expect(conflicting).to_have_count(1)
        expect(conflicting).to_contain_text(f"{other} (9,500,000–10,500,000")
        expect(conflicting).to_contain_text("CAD 1 = USD 0.76928 to 0.79743 (2022-06-01/2022-06-30, ECB)")
    page.fill("#id_value", "$10 million")
    expect(conflicting).to_have_count(0)
    expect(page.locator("#compared tr[data-verdict=compatible_if]")).to_have_count(2)
    assert curator.complaints == []
