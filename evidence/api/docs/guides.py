"""The guides of docs/ as pages: rendered from the very files, with links among themselves and to this site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

HOME = "api"
"""The guide that the pages begin with."""

ELSEWHERE = "https://ledger.example.org"
"""How the guides name the site; on its pages that is where they are read."""

LINK = re.compile(r"(?P<name>[\w-]+)\.md(?P<place>#.*)?")
SCROLLED = '<div class="scrolled" tabindex="0" role="group" aria-label="Table">'
"""Around tables, which are wider than some screens."""

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
MARKDOWN.add_render_rule("table_open", lambda *_: f'{SCROLLED}<table class="told">')
MARKDOWN.add_render_rule("table_close", lambda *_: "</table></div>")


@dataclass(frozen=True)
class Guide:
    """A guide: its title, its page, its sections by the anchors of their headings, and the guides it leads to."""

    title: str
    page: SafeString
    sections: Mapping[str, str]
    leads_to: tuple[str, ...]


@cache
def files() -> dict[str, Path]:
    """The guides that there are, by name."""
    return {path.stem: path for path in sorted((settings.BASE_DIR / "docs").glob("*.md"))}


@cache
def reached() -> dict[str, str]:
    """The titles of the guides to which the first one leads, by name, itself first."""
    found: dict[str, str] = {}
    waiting = [HOME]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            read = guide(name, ELSEWHERE)
            found[name] = read.title
            waiting += read.leads_to
    return found


def guide(name: str, site: str) -> Guide:
    """A guide, read on this site; the name is one of `files`."""
    read = _rendered(name)
    page = read.page.replace(ELSEWHERE, escape(site.rstrip("/")))
    return replace(read, page=mark_safe(page))  # noqa: S308  # of the guide only this changes


def inline(text: str) -> SafeString:
    """A paragraph of Markdown, such as a description of the document."""
    return mark_safe(MARKDOWN.renderInline(text))  # noqa: S308  # HTML is off: every sign of it is escaped


@cache
def _rendered(name: str) -> Guide:
    tokens = MARKDOWN.parse(files()[name].read_text(encoding="utf-8"))
    headings, leads_to = {}, []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = _plain(tokens[place + 1])
            token.attrSet("id", slugify(words))
            headings[slugify(words)] = (token.tag, words)
        for child in token.children or ():
            if child.type == "link_open":
                leads_to += _lead(child)
    page: Any = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    title = next((words for tag, words in headings.values() if tag == "h1"), "")
    sections = {anchor: words for anchor, (tag, words) in headings.items() if tag == "h2"}
    return Guide(title, mark_safe(page), sections, tuple(leads_to))  # noqa: S308  # likewise


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def _lead(link: Token) -> list[str]:
    """Let a link to another guide lead to its page, and tell which; files that are no guides are not on the site."""
    address = str(link.attrGet("href") or "")
    found = LINK.fullmatch(address)
    if found and found["name"] in files():
        link.attrSet("href", address_of(found["name"]) + (found["place"] or ""))
        return [found["name"]]
    if "://" not in address and not address.startswith(("#", "/")):
        link.attrSet("href", address_of(HOME))
    return []


def address_of(name: str) -> str:
    """Where a guide is read."""
    return reverse("docs:home") if name == HOME else reverse("docs:guide", args=[name])
