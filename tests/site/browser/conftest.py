"""A served ledger with its shipped data, and a browser that notes what no page of ours may do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.machine import require_program
from tests.site.ledgers import Ledger
from tests.site.test_serve import Running, served

PASSWORD = re.compile(r"^\s*Password\b[^:]*:\s+(\S+)$", re.MULTILINE)
QUIET = ("background-networking", "component-update", "sync")
OPTIONS = ["--no-sandbox", "--disable-gpu", *(f"--disable-{name}" for name in QUIET)]


@dataclass
class Desk:
    """A page in a browser, signed in, with everything it complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the ledger, which has to be there."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}"

    def note(self, message: ConsoleMessage) -> None:
        """Policy violations and script errors come to the console."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def watch(self, request: Request) -> None:
        """Nothing may be asked of anybody else."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"{self.page.url} asked for {request.url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = require_program("chromium", "Debian, Ubuntu: apt install chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, but no test touches the database from within it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield started
        started.close()
        connections.close_all()  # Django keeps one for the loop besides; the test database could not be dropped


@pytest.fixture
def running(ledger: Ledger) -> Iterator[Running]:
    with served(ledger) as started:
        yield started


def nobody(browser: Browser, running: Running) -> Desk:
    """A desk of somebody who is not signed in, in a browser context of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    desk = Desk(page, running.address)
    page.on("console", desk.note)
    page.on("request", desk.watch)
    page.on("pageerror", lambda error: desk.complaints.append(f"{page.url}: {error}"))
    return desk


def sign_in(browser: Browser, running: Running, name: str, password: str) -> Desk:
    """A desk of this person."""
    desk = nobody(browser, running)
    page = desk.page
    desk.open("admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("input[type=submit]")
    page.wait_for_url(f"{running.address}admin/")
    return desk


@pytest.fixture
def administrator(browser: Browser, running: Running) -> Desk:
    """The first administrator, by the password printed once."""
    printed = PASSWORD.search(running.words)
    assert printed, running.words
    return sign_in(browser, running, "admin", printed[1])


def person(browser: Browser, running: Running, ledger: Ledger, role: str) -> Desk:
    """Somebody with a role, added as the README says."""
    printed = PASSWORD.search(ledger.succeed("add_user", role, "--role", role))
    assert printed
    return sign_in(browser, running, role, printed[1])
