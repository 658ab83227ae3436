"""Units that the ledger names, their dimensions, and exact factors between those of one dimension.

A unit is its canonical name, what it measures, and how many of the dimension's base units it holds. "per" joins
two of them: t/year is a mass in a time. Spellings that documents use for several units ("ton", "gallon", "MT")
name all of them. A year has 365.25 days and a month is its twelfth; energy in a time is kept apart from power,
because a capacity in GWh/year and one in MW are not the same thing measured.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from claims.domain.values.unit_table import AMBIGUOUS, PER_TIME, PREFIXED, PREFIXES, SIMPLE, SQUEEZED

COUNT, PERCENT, POINTS, TIME = "count", "ratio", "points", "time"
MOST_REMEMBERED = 1024  # spellings and canonical names, of quotients too
_SHORT = 2  # letters up to which the case of a symbol means something
_PER = re.compile(r" ?/ ?| per | (?=an? |each )")
_YEARLY = re.compile(r"(?P<unit>.+?) (?P<adverb>annually|yearly|monthly|weekly|daily|p\.?a\.?)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its canonical name; `factor` base units of its dimension make one."""

    name: str
    dimension: str
    factor: Fraction


@lru_cache(MOST_REMEMBERED)
def named(spelling: str) -> tuple[Unit, ...]:
    """The units that the spelling may mean; none if it is not known."""
    spelling = spelling.strip()
    return _simple(spelling) or _yearly(spelling) or _quotient(spelling)


@lru_cache(MOST_REMEMBERED)
def unit(name: str) -> Unit:
    """The unit of a canonical name."""
    (found,) = named(name)
    return found


def comparable(a: str, b: str) -> bool:
    """Whether two units of canonical names measure the same."""
    return unit(a).dimension == unit(b).dimension


def per_unit(printed: str, meant: str) -> str | None:
    """The printed unit with the "per year" that the unit meant has and the printed one lacks."""
    whole, slash, divisor = meant.partition("/")
    return f"{printed}/{divisor}" if slash and whole and comparable(printed, whole) else None


def _simple(spelling: str) -> tuple[Unit, ...]:
    exact, folded = _spellings()
    if spelling in exact:
        return tuple(exact[spelling])
    return tuple(folded.get(spelling.lower(), ())) if len(spelling) > _SHORT else ()


def _yearly(spelling: str) -> tuple[Unit, ...]:
    if squeezed := SQUEEZED.get(spelling) or SQUEEZED.get(spelling.lower()):
        return tuple(found for name in squeezed.split("|") for found in named(name))
    if match := _YEARLY.fullmatch(spelling):
        divisor = PER_TIME[match["adverb"].replace(".", "").lower()]
        return tuple(_over(top, bottom) for top in _simple(match["unit"]) for bottom in _simple(divisor))
    return ()


def _quotient(spelling: str) -> tuple[Unit, ...]:
    parts = _PER.split(spelling)
    if len(parts) != len(("unit", "per unit")):
        return ()
    top, bottom = parts
    article = re.match(r"(?:an?|each) ", bottom)
    divisors = _simple(bottom[article.end() :] if article else bottom)
    if article and any(divisor.dimension != TIME for divisor in divisors):
        return ()
    return tuple(_over(whole, divisor) for whole in _simple(top) for divisor in divisors)


def _over(top: Unit, bottom: Unit) -> Unit:
    return Unit(
        f"{top.name}/{bottom.name}", f"{top.dimension}/{bottom.dimension}", top.factor / bottom.factor
    )


@cache
def _spellings() -> tuple[dict[str, list[Unit]], dict[str, list[Unit]]]:
    """Units by spelling as it stands, and in small letters."""
    exact: dict[str, list[Unit]] = {}
    units = {found.name: found for found in _units(exact)}
    for spellings, names in AMBIGUOUS.items():
        for spelling in spellings.split("|"):
            exact[spelling] = [units[name] for name in names.split("|")]
    folded: dict[str, list[Unit]] = {}
    for spelling, found in exact.items():
        known = folded.setdefault(spelling.lower(), [])
        known.extend(meant for meant in found if meant not in known)
    return exact, folded


def _units(exact: dict[str, list[Unit]]) -> list[Unit]:
    """Every unit of the tables, entered under its spellings."""
    found = []
    for dimension, name, factor, spellings in _rows():
        made = Unit(name, dimension, Fraction(factor))
        found.append(made)
        for spelling in {name, *spellings.split("|")} - {""}:
            exact.setdefault(spelling, []).append(made)
    return found


def _rows() -> list[tuple[str, str, Fraction, str]]:
    rows = [
        (dimension, name, Fraction(factor), spellings)
        for dimension, lines in SIMPLE.items()
        for name, factor, spellings in lines
    ]
    for dimension, symbol, base, prefixes, words in PREFIXED:
        for letter in prefixes.split():
            prefix, power = PREFIXES[letter]
            spelt = "|".join(f"{prefix}{word}" for word in words.split("|"))
            if symbol == "Wh":
                spelt += f"|{letter}W·h|{letter}W-h|{letter}W h|{letter}Whs"
            rows.append((dimension, f"{letter}{symbol}", Fraction(base) * Fraction(10) ** power, spelt))
    return rows
