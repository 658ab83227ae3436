"""The pages of the API: every operation and schema stands on one, the guides too, and every link leads somewhere."""

import re
import shlex
from html.parser import HTMLParser

import pytest
from django.test import Client

from evidence.api.docs import guides, telling
from evidence.api.schema.document import document

pytestmark = pytest.mark.django_db

HOME = "/api/docs/"
TAGS = [*telling.operations(), telling.SHARED]


class Links(HTMLParser):
    """Where a page leads, and the places in it that can be led to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.places: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a":
            self.leads.append(told["href"] or "")
        if tag == "script":
            self.scripts.append(told.get("src") or "")
        if place := told.get("id"):
            self.places.append(place)
        assert "style" not in told and not [name for name in told if name.startswith("on")], (
            "the policy forbids it"
        )


def page_of(client: Client, address: str) -> str:
    """A page, which is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def every_page(client: Client) -> dict[str, str]:
    """All pages by their addresses."""
    found = [guides.address_of(name) for name in guides.files()] + [f"{HOME}{tag}/" for tag in TAGS]
    return {address: page_of(client, address) for address in found}


def test_every_link_leads_to_a_place_that_there_is(client: Client) -> None:
    pages = every_page(client)
    links = {address: Links(page) for address, page in pages.items()}
    for address, found in links.items():
        assert len(set(found.places)) == len(found.places), address
        for lead in found.leads:
            target, _, place = lead.partition("#")
            target = target or address
            if target in links:
                assert not place or place in links[target].places, f"{address} leads to {lead}"
            elif target.startswith("/"):
                assert client.get(target).status_code in (200, 302), f"{address} leads to {lead}"


def test_no_page_brings_a_script_or_a_style_of_its_own(client: Client) -> None:
    for address, page in every_page(client).items():
        assert "<style" not in page, address
        assert [script for script in Links(page).scripts if not script.startswith("/static/")] == [], address


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_tells_each_of_its_operations_with_parameters_answers_and_examples(
    tag: str, client: Client
) -> None:
    page = page_of(client, f"{HOME}{tag}/")
    for shown in telling.operations().get(tag, []):
        told = document()["paths"][shown.path][shown.method.lower()]
        assert f'id="{told["operationId"]}"' in page
        for parameter in told["parameters"]:
            assert f'name="{parameter["name"]}"' in page, parameter["name"]
        for status in told["responses"]:
            assert f'<th scope="row">{status}</th>' in page
    for name, owner in telling.owners().items():
        assert (f'<h2 id="{name}"' in page) is (owner == tag), name


def test_every_component_stands_on_one_page() -> None:
    assert set(telling.owners()) == set(document()["components"]["schemas"])
    assert set(telling.owners().values()) <= set(TAGS)


def test_the_guide_is_the_file_and_speaks_of_this_site(client: Client) -> None:
    page = page_of(client, HOME)
    text = guides.files()[guides.HOME].read_text(encoding="utf-8")
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        assert f">{heading}</h" in page
    assert guides.ELSEWHERE not in page and "http://testserver/api/v1/" in page


@pytest.mark.parametrize("address", [f"{HOME}nothing/", f"{HOME}guides/nothing/", f"{HOME}guides/README/"])
def test_what_there_is_not_is_not_found(address: str, client: Client) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("tag", TAGS[:-1])
def test_the_examples_are_commands_and_scripts(tag: str, client: Client) -> None:
    page = client.get(f"{HOME}{tag}/")
    for one in page.context["shown"]:
        words = shlex.split(one["curl"])
        assert words[0] == "curl" and any(word.startswith("http://testserver/api/v1/") for word in words)
        compile(one["python"], "an example", "exec")


def test_only_what_writes_is_said_to_need_a_token_that_may_write(client: Client) -> None:
    page = client.get("/api/docs/imports/").content.decode()
    told = dict(re.findall(r'<h2 id="(\w+)">(.*?)</form>', page, re.S))
    assert {name for name, words in told.items() if "token that may write" in words} == {
        "imports_create",
        "imports_confirm",
    }
    assert set(told) >= {"imports_list", "imports_retrieve"}
