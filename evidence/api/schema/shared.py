"""The kinds of values that many columns and parameters share, as JSON Schema: one component each.

Patterns are those of ECMA 262, without what the engines of other languages lack.
"""

from typing import Any

from evidence.api.parameters import MOST_VALUES
from evidence.domain.text import SLUG, UNWANTED

LINE_BREAKS = r"\n\r\u2028\u2029"
SPACE = r"[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""What is taken off around a text that is sent: white space as Python has it."""
UNPRINTABLE = "".join(
    sign if sign.isprintable() else rf"\u{ord(sign):04X}"
    for sign in UNWANTED.pattern.strip("[]").replace("\ud800-\udfff", "")
)
"""Characters that no text holds; of JSON, which is sent in UTF-8, halves of surrogate pairs are no part anyway."""

_DAYS = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
)
_CENTURY, _LEAP = "(0[48]|[2468][048]|[13579][26])00", "(0[48]|[2468][048]|[13579][26])"
_YEAR = "([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
_DATE = f"({_YEAR}-({_DAYS})|({_CENTURY}|[0-9]{{2}}{_LEAP})-02-29)"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
DAY = f"({_DATE}|{_YEAR}(-(0[1-9]|1[0-2]))?)"
"""A day, a month or a year that there is. Dates can be asked for in more ways, but these are promised."""
_MODERN, _MODERN_LEAP = "(1[0-9]|2[0-8])[0-9]{2}", f"((12|16|20|24|28)00|(1[0-9]|2[0-8]){_LEAP})"
MOMENT = f"({_MODERN}-({_DAYS})|{_MODERN_LEAP}-02-29)T{_TIME}"
"""A moment in the years 1000 to 2899."""


def separated(pattern: str) -> str:
    """The pattern of so many values of a pattern as a parameter may have, any of which may be empty."""
    return f"^({pattern})?(,({pattern})?){{0,{MOST_VALUES - 1}}}$"


SHARED: dict[str, dict[str, Any]] = {
    "Text": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}]*$",
        "description": "Text without control characters.",
    },
    "Line": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}{LINE_BREAKS}]*$",
        "description": "Text on one line, without control characters.",
    },
    "SentText": {
        "type": "string",
        "pattern": f"^{SPACE}*[^{UNPRINTABLE}]*{SPACE}*$",
        "description": "Text without control characters; white space around it is taken off.",
        "examples": ["2020-08"],
    },
    "SentLine": {
        "type": "string",
        "pattern": f"^{SPACE}*[^{UNPRINTABLE}{LINE_BREAKS}]*{SPACE}*$",
        "description": "Text on one line, without control characters; white space around it is taken off.",
        "examples": ["As printed"],
    },
    "Slug": {
        "type": "string",
        "pattern": f"^{SLUG.pattern}$",
        "description": "The short name of a record in addresses: small letters, digits and hyphens.",
        "examples": ["nano-one"],
    },
    "PartialDate": {
        "type": "string",
        "description": "A date as vague as its source, in EDTF (ISO 8601-2), with the words as printed behind it in "
        "parentheses where they say more: `2020-08-10`, `2020-08`, `2026-34 (Q2 2026)`, `2028/..`. English wordings "
        "are read too, and come back as EDTF. What has two readings is refused with both.",
        "examples": ["2020-08"],
    },
    "Day": {
        "type": "string",
        "pattern": f"^{DAY}$",
        "description": "A day, a month or a year: `2020-08-10`, `2020-08`, `2020`. Other dates of EDTF, and English "
        "wordings that have one reading, are read too.",
        "examples": ["2020-08"],
    },
    "DayOrMoment": {
        "type": "string",
        "pattern": f"^({DAY}|{MOMENT})$",
        "description": "A day, a month or a year, or a moment in ISO 8601.",
        "examples": ["2020-08-10"],
    },
    "Slugs": {
        "type": "string",
        "pattern": separated(SLUG.pattern),
        "description": "Slugs, separated by commas; an empty one asks for rows that name none.",
        "examples": ["nano-one"],
    },
    "Days": {
        "type": "string",
        "pattern": separated(DAY),
        "description": "Days, months or years, separated by commas; an empty one asks for rows that state none.",
        "examples": ["2020-08"],
    },
    "Moments": {
        "type": "string",
        "pattern": separated(MOMENT),
        "description": "Moments in ISO 8601, separated by commas.",
        "examples": ["2026-05-04T12:30:00+00:00"],
    },
    "Texts": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}]*$",
        "description": "Texts, separated by commas. A comma inside of one is written `\\,`; an empty one asks for "
        "rows that state none.",
        "examples": ["As printed"],
    },
    "Lines": {
        "type": "string",
        "pattern": f"^[^{UNPRINTABLE}{LINE_BREAKS}]*$",
        "description": "Texts on one line, separated by commas. A comma inside of one is written `\\,`; an empty "
        "one asks for rows that state none.",
        "examples": ["As printed"],
    },
    "Moment": {
        "type": "string",
        "format": "date-time",
        "description": "A moment in ISO 8601; told in UTC.",
        "examples": ["2026-05-04T12:30:00+00:00"],
    },
}
