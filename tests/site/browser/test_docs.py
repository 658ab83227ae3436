"""The pages of the API in a real browser: under the site's policy, light and dark, narrow and wide, tried and read."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.site.browser.conftest import Desk, nobody
from tests.site.ledgers import Ledger
from tests.site.test_serve import Running

pytestmark = pytest.mark.deep

DOCS = "api/docs/"
PAGES = (DOCS, f"{DOCS}guides/contract/", f"{DOCS}companies/", f"{DOCS}claims/", f"{DOCS}values/")
NARROW = {"width": 320, "height": 800}


def barriers(page: Page) -> list[str]:
    """What people with disabilities would stumble over."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_every_kind_of_page_is_read_by_everybody(browser: Browser, administrator: Desk) -> None:
    page = administrator.page
    for path in PAGES:
        administrator.open(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert barriers(page) == [], scheme
        wide = page.viewport_size
        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
        page.set_viewport_size(wide)
    assert administrator.complaints == []
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(f"{administrator.address}{DOCS}companies/")
    assert without.locator("#companies_list").is_visible()
    assert without.locator("form.try button").first.is_hidden()
    without.locator("summary", has_text="curl").first.click()
    assert without.locator("pre").first.inner_text().startswith("curl http")


def test_operations_are_tried_by_session_or_by_token(
    browser: Browser, running: Running, ledger: Ledger, administrator: Desk
) -> None:
    page = administrator.page
    administrator.open(f"{DOCS}companies/")
    form = page.locator("form.try").first
    form.locator("input[name=search]").fill("nano one")
    form.locator("input[name=fields]").fill("slug,review")
    form.locator("button").click()
    answer = form.locator(".answer")
    answer.locator("pre").wait_for()
    assert "/api/v1/companies/?search=nano+one&fields=slug%2Creview" in answer.inner_text()
    assert "200 OK · ETag" in answer.inner_text()
    assert '"slug": "nano-one"' in answer.inner_text()
    one = page.locator('form.try[data-method="GET"]').nth(1)
    one.locator("input[name=key]").fill("nano-on")
    one.locator("button").click()
    one.locator(".answer pre").wait_for()
    assert "did you mean “nano-one”?" in one.locator(".answer").inner_text()
    (refused,) = administrator.complaints
    assert "status of 404" in refused  # the browser itself notes it
    stranger = nobody(browser, running)
    stranger.open(f"{DOCS}companies/")
    form = stranger.page.locator("form.try").first
    form.locator("input[name=fields]").fill("slug")
    stranger.page.fill("input[name=token]", "unknown")
    form.locator("button").click()
    form.locator(".answer pre").wait_for()
    assert "401 Unauthorized" in form.locator(".answer").inner_text()
    ledger.succeed("add_user", "reader", "--role", "reader")
    stranger.page.fill("input[name=token]", ledger.succeed("make_token", "reader", "--read-only").split()[-1])
    form.locator("button").click()
    form.locator(".answer", has_text="200 OK").wait_for()
    assert [words for words in stranger.complaints if "status of 401" not in words] == []
