"""What benchmarks are asked and how they tell it: tables in Markdown on one output, progress on the other."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.places import POSTGRESQL, SQLITE

Measured = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run is asked for."""

    databases: list[str]
    sizes: list[int]
    seed: str
    keep: Path | None


def choose(told: str | None, sizes: str, arguments: Sequence[str], *, unit: str = "claims") -> Chosen:
    """What the arguments of a run ask for; `sizes`, in so many claims or other units, where they do not say."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(f"--{unit}", dest="sizes", default=sizes, help="sizes, smaller ones first")
    parser.add_argument("--databases", default=f"{SQLITE},{POSTGRESQL}")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=Path, help="a folder for filled SQLite files, to be used again")
    chosen = parser.parse_args(arguments)
    numbers = [int(size) for size in chosen.sizes.split(",")]
    return Chosen(chosen.databases.split(","), numbers, chosen.seed, chosen.keep)


def tell(line: str) -> None:
    """A line of what was found."""
    sys.stdout.write(line + "\n")


def note(line: str) -> None:
    """A line of how far it has come."""
    sys.stderr.write(line + "\n")
