"""A cell as the grammar expects it: single spaces, one sign for each meaning, nothing invisible."""

import re
import unicodedata

from claims.domain.values.refusal import ValueRefused

LONGEST_TEXT = 200  # characters of a cell; far more than any number with its hedges and units needs
BREAKS = "\t\n\r"
UNPRINTABLE = ("Cc", "Cs")  # Unicode categories: controls, halves of surrogate pairs
INVISIBLE = ("Cf",)
SAME_SIGNS = {
    "-": "\u2010\u2011\u2212\ufe63\uff0d",  # hyphen, unbreaking, minus, small, full-width
    "\u2013": "\u2012\u2014\u2015",  # figure dash, em dash, bar
    "'": "\u2018\u2019\u02bc",
    "~": "\uff5e\u223c\u2248\u301c",  # full-width tilde, tilde operator, almost equal, wave dash
    "%": "\uff05\ufe6a",
    "$": "\uff04\ufe69",
    "\u00a5": "\uffe5",
    "\u00a3": "\uffe1",
    "+": "\uff0b",
    "/": "\u2044",
    "\u2264": "\u2266",
    "\u2265": "\u2267",
    "\u00d7": "\u2715",
    "\u00b5": "\u03bc",
}
_LEADING_DASH = re.compile("^\u2013(?=[^ \u2013-])")  # a minus, as many typesetters print it
PLAIN_SIGNS = str.maketrans({sign: plain for plain, signs in SAME_SIGNS.items() for sign in signs})


def folded(text: str) -> str:
    """The text with single spaces and plain signs, if it can be a printed value at all."""
    if len(text) > LONGEST_TEXT:
        raise ValueRefused(text, f"it is longer than {LONGEST_TEXT} characters; keep the value and few words")
    stripped = text.strip()
    if not stripped:
        raise ValueRefused(text, "it is empty; leave the field out where there is no value")
    if any(sign in BREAKS for sign in stripped):
        raise ValueRefused(text, "it holds a tab or a line break; write one value")
    if stripped.isascii() and stripped.isprintable():
        return " ".join(stripped.split())
    categories = {unicodedata.category(sign) for sign in stripped}
    if not categories.isdisjoint(UNPRINTABLE):
        raise ValueRefused(text, "it holds control characters; type it anew")
    if not categories.isdisjoint(INVISIBLE):
        raise ValueRefused(text, "it has invisible characters; type it anew")
    if any(sign.isdecimal() and not sign.isascii() for sign in stripped):
        raise ValueRefused(text, "it has digits other than 0 to 9; type them anew")
    return _LEADING_DASH.sub("-", " ".join(stripped.translate(PLAIN_SIGNS).split()))
