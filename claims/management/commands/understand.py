"""Say what printed values mean: `understand --type quantity|money|percent|date [--unit UNIT] < VALUES`."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand

from claims.domain.values import TYPES, Understood, understand

LONGEST_LINE = 10_000  # bytes that are kept of a line; what is longer is no value, and is refused as too long


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
        for line in _lines(sys.stdin.buffer):
            understood = understand(options["type"], line, unit=options["unit"])
            self.stdout.write(json.dumps(_shown(understood), ensure_ascii=False))


def _lines(stream: BinaryIO) -> Iterator[str]:
    """The lines without their ends; bytes that are not UTF-8 become replacement characters, which no value has."""
    encoding = "utf-8-sig"  # the first line may bear a byte order mark
    while line := stream.readline(LONGEST_LINE):
        kept = line
        while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
            pass
        yield kept.decode(encoding, errors="replace").removesuffix("\n").removesuffix("\r")
        encoding = "utf-8"


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
