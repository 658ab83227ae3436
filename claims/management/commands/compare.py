"""Say whether two values can both be true: `compare --type TYPE < PAIRS`, a pair a line.

A line is two printed values with a tab between them, or {"a": …, "b": …}, each a printed value or an object
with value, unit, negated, scope, modality, when, published, object, source and rated.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.choices import Persistence, ValueType
from claims.domain.comparing import Comparison, Terms, compare
from claims.domain.comparing.sides import Omitted, SideRefused, statement
from claims.management.lines import LONGEST_LINE, Line, lines
from claims.services.rates import ReferenceRates
from evidence.domain import dates
from evidence.domain.dates import DateRefused, PartialDate
from evidence.domain.text import counted

SIDES = ("a", "b")


class PairRefused(ValueError):
    """A line that holds no pair; the message says why."""


class Command(BaseCommand):
    """Reads one pair a line, and writes the verdict on it as one JSON object a line."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--type", required=True, choices=ValueType.values, help="the type of the values")
        parser.add_argument("--unit", default="", help="the unit or currency, where a side names none")
        parser.add_argument("--day", default="", help="the day of rates, where a side has no date at all")
        parser.add_argument(
            "--persistence",
            choices=Persistence.values,
            default=Persistence.TIMELESS,
            help="how long the statements hold",
        )
        parser.add_argument("--tolerance", default="", help="what is no difference: 2%%, 30 days")
        several = parser.add_mutually_exclusive_group()
        several.add_argument(
            "--single-valued", action="store_true", default=True, help="one value holds (the default)"
        )
        several.add_argument(
            "--many-valued", action="store_false", dest="single_valued", help="several values may hold"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        terms = Terms(options["type"], options["single_valued"], options["persistence"], options["tolerance"])
        omitted = Omitted(options["type"], options["unit"], _day(options["day"]))
        refused = 0
        for line in lines(sys.stdin.buffer):
            try:
                shown = _compared(_pair(line), terms, omitted)
            except PairRefused as reason:
                shown, refused = _shown(dict.fromkeys(SIDES), refused=str(reason)), refused + 1
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        if refused:
            raise CommandError(f"{counted(refused, 'line')} held no pair; each says why.")


def _day(text: str) -> PartialDate | None:
    try:
        return dates.read(text) if text else None
    except DateRefused as refusal:
        raise CommandError(f"--day {refusal}") from refusal


def _pair(line: Line) -> dict[str, Any]:
    if line.cut:
        raise PairRefused(f"the line is longer than {LONGEST_LINE} bytes")
    if line.text.startswith("{"):
        return _pair_in_json(line.text)
    values = line.text.split("\t")
    if len(values) != len(SIDES):
        raise PairRefused(f"the line has {counted(len(values) - 1, 'tab')}; one stands between two values")
    return dict(zip(SIDES, values, strict=True))


def _pair_in_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once)
        json.dumps(found, ensure_ascii=False).encode()
    except (json.JSONDecodeError, RecursionError) as error:
        raise PairRefused(f"the line is not JSON: {error}") from error
    except UnicodeEncodeError as error:
        raise PairRefused("the line holds half of a surrogate pair") from error
    if found.keys() != set(SIDES):
        raise PairRefused(f"the object has the keys {', '.join(sorted(found)) or 'none'}, not a and b")
    return dict(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise PairRefused("an object has a key twice")
    return found


def _compared(pair: dict[str, Any], terms: Terms, omitted: Omitted) -> dict[str, object]:
    statements = []
    for side in SIDES:
        try:
            statements.append(statement(pair[side], omitted))
        except SideRefused as reason:
            raise PairRefused(f"{side}: {reason}") from reason
    a, b = statements
    return _shown(pair, compare(a, b, terms, ReferenceRates()))


def _shown(
    pair: dict[str, Any], found: Comparison | None = None, refused: str | None = None
) -> dict[str, object]:
    return {
        "a": pair["a"],
        "b": pair["b"],
        "verdict": found.verdict if found else None,
        "explanation": found.explanation if found else "",
        "sets": list(found.sets) if found else ["", ""],
        "reading": found.reading if found else "",
        "conversion": found.conversion if found else "",
        "separator": found.separator if found else "",
        "nearly": found.nearly if found else False,
        "refused": refused,
    }
