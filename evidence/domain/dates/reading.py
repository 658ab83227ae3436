"""Reading a cell: EDTF, an English wording, or EDTF with the words as printed behind it in parentheses.

EDTF is always read as such, so that what is written out can be read again: 2021-22 is the summer of 2021, and
2010-12 December. Anything else must have exactly one reading as a wording; it is kept as the printed words of
that reading. Words in parentheses are a person's: they are kept as they are, and only refused if they read
as a date that cannot be the one before them. Alone, in parentheses, they are a date kept unread. Nothing is
guessed: there is no clock, no default day, no usual order of day and month.
"""

import unicodedata
from dataclasses import replace
from functools import lru_cache

from evidence.domain.dates import edtf
from evidence.domain.dates.partial import DateRefused, PartialDate, may_overlap
from evidence.domain.dates.phrases import readings

LONGEST_TEXT = 300  # characters of a cell; far more than any date with its words needs
LONGEST_WORDS = 200  # characters kept as printed
WHITE_CONTROLS = "\t\n\r"  # control characters that are white space in a cell
UNPRINTABLE = ("Cc", "Cs")  # Unicode categories: controls, halves of surrogate pairs
INVISIBLE = ("Cf",)  # joiners, direction marks, soft hyphens: no part of a date, but of words in some scripts
HYPHENS = "\u2010\u2011\u2212\ufe63\uff0d"  # hyphen, unbreaking, minus, small, full-width
DASHES = "\u2012\u2014\u2015"  # figure dash, em dash, bar
PLAIN_SIGNS = str.maketrans(
    {**dict.fromkeys(HYPHENS, "-"), **dict.fromkeys(DASHES, "\u2013"), "\u2019": "'", "\u2018": "'"}
)

WAYS_OUT = "write EDTF, such as 2020-08, or put the words in parentheses to keep them unread"


@lru_cache(maxsize=10_000)
def read(text: str) -> PartialDate:
    """The date that a cell holds; DateRefused if it holds none or may hold several."""
    folded = _folded(text)
    head, bracket, rest = folded.partition("(")
    if not (bracket and folded.endswith(")")):
        return _bare(folded)
    head, words = head.strip(), rest[:-1].strip()
    if not words or len(words) > LONGEST_WORDS:
        raise DateRefused(text, f"parentheses hold the words as printed, 1 to {LONGEST_WORDS} characters")
    return _with_words(head, words) if head else PartialDate("", None, None, known=False, printed=words)


def _folded(text: str) -> str:
    """The text with single spaces, if it can be a cell at all."""
    if len(text) > LONGEST_TEXT:
        raise DateRefused(text, f"it is longer than {LONGEST_TEXT} characters; keep the date and few words")
    if any(unicodedata.category(sign) in UNPRINTABLE and sign not in WHITE_CONTROLS for sign in text):
        raise DateRefused(text, "it holds control characters; type it anew")
    if not (folded := " ".join(text.split())):
        raise DateRefused(text, "it is empty; leave the field out where there is no date")
    return folded


def _plain(text: str) -> str:
    """Small letters, one hyphen, one dash, one apostrophe."""
    return text.translate(PLAIN_SIGNS).lower()


def _bare(text: str) -> PartialDate:
    """A text without words behind it, in EDTF or English."""
    dates = _dates(text)
    if len(dates) > 1:
        found = tuple(date.edtf for date in dates)
        listed = " or ".join((", ".join(found[:-1]), found[-1]))
        raise DateRefused(text, f"it may be read as {listed}; write the one that is meant", found)
    return _printed_as(dates[0], text)


def _dates(text: str) -> tuple[PartialDate, ...]:
    """The one date that the text is in EDTF, else every date that it may be as a wording."""
    plain = _plain(text)
    refusals: list[DateRefused] = []
    for reader in (_in_edtf, readings):
        try:
            if dates := reader(plain):
                return dates
        except DateRefused as refusal:
            refusals.append(refusal)
    if refusals:
        raise DateRefused(text, refusals[0].reason, impossible=refusals[0].impossible)
    raise DateRefused(text, _why_not_understood(plain))


def _in_edtf(plain: str) -> tuple[PartialDate, ...]:
    date = edtf.interpret(plain)
    return (date,) if date else ()


def _why_not_understood(plain: str) -> str:
    if any(sign.isdigit() and not sign.isascii() for sign in plain):
        return "it has digits other than 0 to 9; type them anew"
    if any(unicodedata.category(sign) in INVISIBLE for sign in plain):
        return "it has invisible characters; type it anew"
    return edtf.why_not_kept(plain) or f"it is not understood as a date; {WAYS_OUT}"


def _printed_as(date: PartialDate, words: str) -> PartialDate:
    """The date with its words, unless they only repeat it."""
    return replace(date, printed="" if _plain(words).upper() == date.edtf else words)


def _with_words(head: str, words: str) -> PartialDate:
    date = _before_words(head, words)
    meant = _meant_by(words)
    if meant and not any(may_overlap(date, other) for other in meant):
        listed = tuple(other.edtf for other in meant)
        reason = f"the words mean {' or '.join(listed)}, which cannot be {date.edtf}; correct what is wrong"
        raise DateRefused(f"{head} ({words})", reason, (date.edtf, *listed))
    return _printed_as(date, words)


def _before_words(head: str, words: str) -> PartialDate:
    """The date before parentheses, which is EDTF and nothing else."""
    try:
        if date := edtf.interpret(_plain(head)):
            return date
    except DateRefused:
        pass  # the head may still be a wording, to be named as such
    whole = f"{head} ({words})"
    raise DateRefused(whole, f"only EDTF stands before parentheses; write {_bare(head).edtf} ({whole})")


def _meant_by(words: str) -> tuple[PartialDate, ...]:
    """The dates that words in parentheses may mean; none if they are not the wording of a date."""
    try:
        return _dates(words)
    except DateRefused:
        return ()
