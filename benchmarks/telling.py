"""What benchmarks are asked and how they tell it: tables in Markdown on one output, progress on the other."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.places import POSTGRESQL, SQLITE

Measured = dict[str, Any]


def choose(told: str | None, claims: str, arguments: Sequence[str]) -> tuple[list[str], list[int], str]:
    """The databases, the sizes and the seed that a run is asked for."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", default=claims, help="sizes of the ledgers, smaller ones first")
    parser.add_argument("--databases", default=f"{SQLITE},{POSTGRESQL}")
    parser.add_argument("--seed", default="1")
    chosen = parser.parse_args(arguments)
    return chosen.databases.split(","), [int(size) for size in chosen.claims.split(",")], chosen.seed


def tell(line: str) -> None:
    """A line of what was found."""
    sys.stdout.write(line + "\n")


def note(line: str) -> None:
    """A line of how far it has come."""
    sys.stderr.write(line + "\n")
