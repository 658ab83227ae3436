"""Whether two records may be the same thing, judged by what identifies them and by what they are called.

The model. A name is folded to words: accents, capitals and punctuation are dropped, and so are the legal form at the
end of a company's name and the title before a person's. Two names are alike if

- their letters are the same, whatever the spaces between them;
- their words are the same in another order; or
- word by word they differ by at most one slip (a letter more, less, another, or two exchanged: the optimal string
  alignment distance), two slips in all. Short words and words with digits tell things apart and may not slip.

A shared identifier (a ticker, the number of a patent, the host of a website) is stronger evidence than any name. What
sets two records apart whatever they are called: numbers, days, parties, countries that cannot both be right.

Pairs are not all compared: words within a slip of each other are put into one class by the deletions they share (the
symmetric-delete method), and only names of the same classes, or with the same letters, are held against each other.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

IDENTIFIED, SAME, REORDERED, SLIPPED = 100.0, 95.0, 90.0, 85.0
"""Scores, for the order of a list: an identifier, the same letters, the same words, words with slips."""

SHORTEST_SLIP, SHORTEST_ALONE = 4, 5
"""How many letters a word has in which one may be a slip: beside others, and where it is the whole name."""

MOST_SLIPS = 2
"""How many words of a name may have one."""

SHORTEST_SHARED = 4
"""How many letters an alias has that says something where both have it as an alias only: “LG” is many companies."""

NEIGHBOURS = 10
"""With how many others of its block each name is compared; what hundreds are called tells nothing."""

COMPANY, PERSON = "company", "person"

_FORMS = """
    ab ag aktiengesellschaft as asa aps bhd bv co company corp corporation ev gmbh inc incorporated kabushiki kaisha
    kft kg kgaa kk limited llc llp lp ltd ltda nv oy oyj plc pt pte pty sa sarl sas sdn se sl spa srl zrt
    株式会社 有限会社 주식회사 有限公司 股份有限公司
"""
_TITLES = "dr prof professor mr mrs ms miss sir dame hon"

LEGAL_FORMS = frozenset(_FORMS.split())
"""What a company is before the law, at the end of its name, in the words of many countries."""

FORMS_AND = LEGAL_FORMS | {"and"}
"""The same with the word before them in “Foo & Co.”."""

ARTICLES = frozenset({"the"})

TITLES = frozenset(_TITLES.split())
"""What stands before a person's name."""

_AND = re.compile(r"[&+]")
_INSIDE = re.compile(r"['’ʼ`´]|(?<=\b[^\W\d_])\.")
"""Signs that stand inside a word, such as those of “U.S.” and “O'Brien”."""

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take apart into a letter and a mark."""

_WORDS = re.compile(r"[^\W_]+")
_FORM_AROUND = re.compile(
    r"^\s*(株式会社|\(株\)|㈜|\(주\)|주식회사)\s*|\s*(株式会社|\(株\)|㈜|\(주\)|주식회사)\s*$"
)


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a record: its names, the best known one first, and what identifies it or sets it apart.

    `identifiers` are kinds with values, one thing each; of `marks` of one kind two records of one thing share one at
    least; `days` are the first and the last day on which it may have been.
    """

    row: int
    type: str
    names: tuple[str, ...]
    identifiers: frozenset[tuple[str, str]] = frozenset()
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Two records, by row, that may be one: how much speaks for it, from 0 to 100, and what does, in words."""

    a: int
    b: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, and as it is compared."""

    printed: str
    words: tuple[str, ...]
    is_alias: bool = False

    @property
    def letters(self) -> str:
        """Its words without the spaces."""
        return "".join(self.words)


def fold(text: str, type_: str = "") -> tuple[str, ...]:
    """The words of a name as they are compared; all of them where it consists of a legal form or a title alone."""
    bare = _FORM_AROUND.sub("", text) or text if type_ == COMPANY else text
    plain = bare.lower() if bare.isascii() else _unmarked(bare)
    kept = _WORDS.findall(_INSIDE.sub("", _AND.sub(" and ", plain)))
    while type_ == COMPANY and len(kept) > 1 and kept[-1] in FORMS_AND:
        kept.pop()
    while len(kept) > 1 and kept[0] in (TITLES if type_ == PERSON else ARTICLES):
        kept.pop(0)
    return tuple(kept)


def _unmarked(text: str) -> str:
    """The text without capitals, accents and other marks; syllables of Hangul stay whole."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    return unicodedata.normalize("NFC", "".join(one for one in decomposed if not unicodedata.combining(one)))


def names_of(one: Described) -> list[Name]:
    """The names of a record, folded."""
    folded = [Name(text, fold(text, one.type), is_alias=bool(place)) for place, text in enumerate(one.names)]
    return [name for name in folded if name.words]


def resemblance(a: Described, b: Described) -> Resemblance | None:
    """How two records resemble each other; None where nothing speaks for their being one, or something against it."""
    return _resemblance(a, b, [(one, other) for one in names_of(a) for other in names_of(b)])


def resembling(described: Sequence[Described]) -> Iterator[Resemblance]:
    """Each two of these records, of one type, that resemble each other, in no order."""
    by_row = {one.row: one for one in described}
    found: dict[tuple[int, int], list[tuple[Name, Name]]] = {}
    for (a, one), (b, other) in _blocked(described):
        if a != b:
            in_order = (one, other) if a < b else (other, one)
            found.setdefault((min(a, b), max(a, b)), []).append(in_order)
    for a, b in _identified(described):
        found.setdefault((a, b), [])
    for (a, b), names in found.items():
        if (resembles := _resemblance(by_row[a], by_row[b], names)) is not None:
            yield resembles


def _resemblance(a: Described, b: Described, names: Iterable[tuple[Name, Name]]) -> Resemblance | None:
    shared = sorted(a.identifiers & b.identifiers)
    if not shared and are_apart(a, b):
        return None
    reasons = [(IDENTIFIED, f"same {kind} {value}") for kind, value in shared]
    alike = [likeness for one, other in names if (likeness := likeness_of(one, other)) is not None]
    reasons += sorted(alike, key=lambda one: -one[0])[:1]
    if not reasons:
        return None
    return Resemblance(a.row, b.row, reasons[0][0], tuple(told for _, told in reasons))


def are_apart(a: Described, b: Described) -> bool:
    """Whether the two cannot be one thing, whatever they are called."""
    if a.days and b.days and (a.days[1] < b.days[0] or b.days[1] < a.days[0]):
        return True
    both = a.marks.keys() & b.marks.keys()
    return any(a.marks[kind] and b.marks[kind] and not a.marks[kind] & b.marks[kind] for kind in both)


def likeness_of(one: Name, other: Name) -> tuple[float, str] | None:
    """How much alike two names are, and in which way; None where they are not."""
    told = f"names alike: “{one.printed}” and “{other.printed}”"
    if one.letters == other.letters:
        if one.is_alias and other.is_alias and len(one.letters) < SHORTEST_SHARED:
            return None
        same = one.printed == other.printed
        return SAME, f"same name “{one.printed}”" if same else told
    if sorted(one.words) == sorted(other.words):
        return REORDERED, f"{told} (the same words in another order)"
    slips = _slips(one.words, other.words)
    if slips is None:
        return None
    spelling = "one letter" if slips == 1 else f"{slips} letters"
    return SLIPPED * fuzz.ratio(one.letters, other.letters) / 100, f"{told} ({spelling} apart)"


def _slips(one: tuple[str, ...], other: tuple[str, ...]) -> int | None:
    """How many words have a slip; None where they differ by more."""
    if len(one) != len(other):
        return None
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) > MOST_SLIPS:
        return None
    shortest = SHORTEST_SLIP if len(one) > 1 else SHORTEST_ALONE
    return len(differing) if all(_is_slip(a, b, shortest) for a, b in differing) else None


def _is_slip(a: str, b: str, shortest: int = SHORTEST_SLIP) -> bool:
    return min(len(a), len(b)) >= shortest and may_slip(a) and may_slip(b) and OSA.distance(a, b) == 1


def may_slip(word: str) -> bool:
    """Whether a letter of the word may be a slip; a digit never is."""
    return len(word) >= SHORTEST_SLIP and word.isalpha()


Placed = tuple[int, Name]
"""A record's row, with one of its names."""


def _blocked(described: Sequence[Described]) -> Iterator[tuple[Placed, Placed]]:
    """Names, with the rows that have them, that may be alike: of the same classes of words, or of the same letters."""
    placed = [(one.row, name) for one in described for name in names_of(one)]
    classes = word_classes({word for _, name in placed for word in name.words})
    by_classes: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    by_letters: dict[str, list[Placed]] = defaultdict(list)
    for row, name in placed:
        by_classes[tuple(sorted(classes.get(word, word) for word in name.words))].append((row, name))
        by_letters[name.letters].append((row, name))
    for blocks in (by_classes.values(), by_letters.values()):
        for block in blocks:
            for place, one in enumerate(block):
                for other in islice(block, place + 1, place + 1 + NEIGHBOURS):
                    yield one, other


def _identified(described: Iterable[Described]) -> Iterator[tuple[int, int]]:
    """The rows that share an identifier."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in described:
        for identifier in one.identifiers:
            having[identifier].append(one.row)
    for rows in having.values():
        for place, row in enumerate(rows):
            for other in rows[place + 1 : place + 1 + NEIGHBOURS]:
                yield min(row, other), max(row, other)


def word_classes(words: Iterable[str]) -> dict[str, str]:
    """For words that are within a slip of others, over any number of steps, the first of their class."""
    owners: dict[str, list[str]] = {}
    leader: dict[str, str] = {}

    def first(word: str) -> str:
        while (above := leader.get(word, word)) != word:
            leader[word] = word = leader.get(above, above)
        return word

    for word in sorted(filter(may_slip, words)):
        for variant in {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}:
            for other in owners.setdefault(variant, []):
                if _is_slip(word, other):
                    leader[max(first(word), first(other))] = min(first(word), first(other))
            owners[variant].append(word)
    return {word: first(word) for word in leader}
