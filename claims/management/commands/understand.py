"""Say what printed values mean: `understand --type quantity|money|percent|date [--unit UNIT] < VALUES`."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.domain.values import TYPES, Understood, understand
from claims.management.lines import lines


class Command(BaseCommand):
    """Reads one printed value a line, and writes what it means as one JSON object a line."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--type", required=True, choices=TYPES, help="the type of the values")
        parser.add_argument(
            "--unit", default="", help="the unit or currency, where the values do not print one"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        for line in lines(sys.stdin.buffer):
            understood = understand(options["type"], line.text, unit=options["unit"])
            self.stdout.write(json.dumps(_shown(understood), ensure_ascii=False))


def _shown(understood: Understood) -> dict[str, object]:
    return {
        "input": understood.input,
        "low": understood.low,
        "high": understood.high,
        "unit": understood.unit,
        "currencies": list(understood.currencies),
        "edtf": understood.edtf,
        "refused": understood.refused,
    }
