"""English number words: "twenty-five", "two dozen", "five hundred thousand", "one and a half", "threefold"."""

import re
from fractions import Fraction

_ONES = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_HUNDRED, _DOZEN = 100, 12
_SMALL = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * tens for tens, word in enumerate(_TENS, start=2)
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_FOLD = {"twofold": 2, "double": 2, "doubled": 2, "twice": 2, "threefold": 3, "triple": 3, "tripled": 3}
_FOLD |= {"fourfold": 4, "quadruple": 4, "quadrupled": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10}

_IGNORE = re.IGNORECASE
_ANY = "|".join(sorted([*_SMALL, *_BIG, "hundred", "dozen"], key=len, reverse=True))
_SOME_BIG = "|".join(["hundred", "dozen", *_BIG])
SPELT = re.compile(rf"(?:(?:{_ANY})|an?(?= (?:{_SOME_BIG})\b))\b(?:(?:[ -]| and )(?:{_ANY})\b)*", _IGNORE)
_COUNT = "|".join(_ONES[1:11])
FRACTION = re.compile(
    rf"(?:(?P<whole>[0-9]{{1,6}}|{_COUNT}) and )?(?:(?P<top>an?|{_COUNT})[ -])?(?P<part>{'|'.join(_PARTS)})s?\b",
    _IGNORE,
)
FOLD = re.compile("|".join(sorted(_FOLD, key=len, reverse=True)), _IGNORE)


def spelt_number(words: str) -> tuple[int, str] | None:
    """The number, and a magnitude that ends it; None where the words do not make one."""
    tokens = [word for word in re.split("[ -]", words.lower()) if word != "and"]
    if tokens[0] in ("a", "an"):
        tokens[0] = "one"
    elif tokens[0] not in _SMALL:
        return None
    if tokens[-1] == "dozen":
        dozens = _SMALL.get(tokens[0]) if len(tokens) == len(("two", "dozen")) else None
        return (dozens * _DOZEN, "") if dozens else None
    magnitude = tokens.pop() if tokens[-1] in _BIG and not _BIG.keys() & set(tokens[:-1]) else ""
    number = _sum(tokens)
    return (number, magnitude) if _spelt(number) == tokens else None


def fraction_of(match: re.Match[str]) -> Fraction | None:
    """The fraction that "three quarters" or "one and a half" is; None where it is none ("third", "nine halves")."""
    part, top, whole = match["part"].lower(), (match["top"] or "").lower(), (match["whole"] or "").lower()
    if not top and part != "half":
        return None
    number = 1 if top in ("", "a", "an") else _SMALL[top]
    fraction = Fraction(number, _PARTS[part])
    if fraction >= 1 or fraction.denominator != _PARTS[part]:
        return None
    plural = match[0].lower().endswith(("s", "halves"))
    if plural != (number > 1):
        return None
    return fraction + (_SMALL[whole] if whole in _SMALL else int(whole or 0))


def fold(word: str) -> int | None:
    """The number that "double" or "threefold" multiplies by."""
    return _FOLD.get(word.lower())


def _sum(tokens: list[str]) -> int:
    total = current = 0
    for word in tokens:
        if word in _BIG:
            total, current = total + current * _BIG[word], 0
        elif word == "hundred":
            current *= _HUNDRED
        else:
            current += _SMALL.get(word, 0)
    return total + current


def _spelt(number: int) -> list[str]:
    """The words of a number, as it is spelt without "and" and hyphens."""
    for word, size in reversed(_BIG.items()):
        if number >= size:
            rest = _spelt(number % size) if number % size else []
            return [*_spelt(number // size), word, *rest]
    if number >= _HUNDRED:
        rest = _spelt(number % _HUNDRED) if number % _HUNDRED else []
        return [*_spelt(number // _HUNDRED), "hundred", *rest]
    if number < len(_ONES):
        return [_ONES[number]]
    return [_TENS[number // 10 - 2], *([_ONES[number % 10]] if number % 10 else [])]
