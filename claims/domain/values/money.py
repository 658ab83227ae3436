"""Amounts of money: a number with the currencies that its sign, code or words may mean.

No currency is ever supposed. A sign that several currencies share keeps all of them; two signs ("$10M CAD") keep
those that both may mean. An amount without a currency has none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from claims.domain.values.currency_table import LONGEST, currencies
from claims.domain.values.magnitudes import magnitude
from claims.domain.values.numerals import numerals
from claims.domain.values.phrases import Operand, Reading, readings, why_none
from claims.domain.values.refusal import Refusal, ValueRefused, several

MOST_SIGNS = 2  # before a number: "USD $10M"
_SQUEEZED = re.compile("(?P<scale>[kKmM]|bn|mn)(?P<sign>[€£$]|[A-Z]{3})")  # 10 M€, 500 MSEK
UNKNOWN = "write a number with its currency, such as US$10M or 50 billion yuan"


class Amounts:
    """Numbers with currencies before or behind them."""

    of_a_whole = False

    def operands(self, text: str) -> tuple[Operand, ...]:
        """Every amount that the whole text may be."""
        sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text)
        before, rest = _leading(rest)
        if before and sign == 1 and rest.startswith("-"):
            sign, rest = -1, rest[1:]
        if sign == -1 and rest.startswith(" "):
            return ()  # a dash before a list's entry
        return tuple(
            replace(operand, value=sign * operand.value)
            for operand in _amounts(rest.lstrip(), before)
            if operand.measure or not before
        )

    def joined(self, left: Operand, right: Operand) -> tuple[Operand, Operand] | None:
        """Both in the currencies that both may be in."""
        shared = _both(left.measure, right.measure)
        if shared is None or (left.closed and not right.measure):
            return None
        return replace(left, measure=shared), replace(right, measure=shared)


def read_money(text: str, codes: tuple[str, ...] = ()) -> Reading:
    """The one set of amounts that the folded text stands for; `codes` are the currencies stated beside it."""
    stated = tuple(code for spelling in codes for code in _known(spelling))
    found = readings(text, Amounts())
    if not found:
        raise why_none(text, "an amount of money", UNKNOWN)
    if len(found) > 1:
        raise several(text, tuple(_shown(reading) for reading in found))
    shared = _both(found[0].measure, stated)
    if shared is None:
        printed = f"it is printed in {_listed(found[0].measure)}, not in {_listed(stated)}"
        raise ValueRefused(text, printed, sort=Refusal.OTHER)
    return replace(found[0], measure=shared)


def _leading(text: str) -> tuple[tuple[str, ...], str]:
    """The currencies of the signs before a number, and what follows."""
    found: tuple[str, ...] = ()
    for _ in range(MOST_SIGNS):
        if text[:1].isdigit():
            break
        for length in range(min(len(text), LONGEST), 0, -1):
            sign, rest = text[:length], text[length:]
            if sign[-1].isalpha() and rest[:1].isalpha():
                continue
            if meant := currencies(sign):
                shared = _both(found, meant)
                if shared is None:
                    raise _in_two(text, found, meant)
                found, text = shared, rest.lstrip()
                break
    return found, text


def _amounts(text: str, before: tuple[str, ...]) -> Iterator[Operand]:
    for numeral, rest in numerals(text):
        for scale, after in _after(rest):
            shared = _both(before, after)
            if shared is None:
                raise _in_two(text, before, after)
            value, half, slack = (scale * part for part in (numeral.value, numeral.half, numeral.slack))
            yield Operand(value, half, shared, magnitude=scale, slack=slack, closed=bool(after))


def _after(rest: str) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    """The magnitude and the currencies behind a number."""
    words = rest.removeprefix("-").lstrip()
    if not rest:
        yield Decimal(1), ()
    elif meant := _behind(words):
        yield Decimal(1), meant
    elif (squeezed := _SQUEEZED.fullmatch(words)) and (meant := _behind(squeezed["sign"])):
        yield magnitude(squeezed["scale"], beside_currency=True) or Decimal(1), meant
    word = words.replace("-", " ").split(" ")[0]
    if (scale := magnitude(word, beside_currency=True)) is not None:
        behind = words[len(word) :]
        further = behind.lstrip(" -")
        if not behind:
            yield scale, ()
        elif meant := _behind(further):
            yield scale, meant


def _behind(words: str) -> tuple[str, ...]:
    """The currencies of the words behind a number, which may stand in parentheses."""
    bare = words[1:-1].strip() if words.startswith("(") and words.endswith(")") else words
    return currencies(bare)


def _both(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...] | None:
    """The currencies that both name, where none named allows all; None where they share none."""
    if not a or not b:
        return a or b
    return tuple(code for code in a if code in b) or None


def _in_two(text: str, one: tuple[str, ...], other: tuple[str, ...]) -> ValueRefused:
    said = f"it is in {_listed(one)} and in {_listed(other)} at once"
    return ValueRefused(text, said, sort=Refusal.IMPOSSIBLE)


def _known(spelling: str) -> tuple[str, ...]:
    if found := currencies(spelling):
        return found
    raise ValueRefused(spelling, f"{spelling} is no currency that the ledger knows; write its ISO 4217 code")


def _listed(codes: tuple[str, ...]) -> str:
    shown = codes[:3]
    return " or ".join(shown) + (" …" if len(codes) > len(shown) else "")


def _shown(reading: Reading) -> str:
    return reading.interval.worded(_listed(reading.measure))
