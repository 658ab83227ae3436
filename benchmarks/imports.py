"""What importing claims takes, and which part of it rules and derived rows are, conflicts among them.

    python -m benchmarks.imports [--claims 1000,10000] [--databases SQLite,PostgreSQL] [--seed 1] [--keep FOLDER]

A ledger is filled and exported; its sheets are imported into an empty one.
"""

import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from benchmarks.places import SQLITE, place
from benchmarks.telling import Chosen, Measured, choose, note, tell

EXPORT, IMPORT = "export", "bring"


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    chosen = choose(__doc__, "1000,10000", arguments)
    sizes = chosen.sizes
    for database in chosen.databases:
        measured = {size: _measure(database, size, chosen) for size in sizes}
        tell(f"\n### {database}\n")
        tell("| part | " + " | ".join(f"{size:,} claims: seconds | share" for size in sizes) + " |")
        tell("|---|" + "---:|---:|" * len(sizes))
        for part in next(iter(measured.values()))["parts"]:
            cells = (
                f"{found['parts'][part]:.2f} | {found['parts'][part] / found['seconds']:.0%}"
                for found in measured.values()
            )
            tell(f"| {part} | {' | '.join(cells)} |")
        peaks = (f"{found['seconds']:.2f} | {found['mib']:.0f} MiB" for found in measured.values())
        tell(f"| all of it, and the most memory | {' | '.join(peaks)} |")


def _measure(database: str, size: int, chosen: Chosen) -> Measured:
    with TemporaryDirectory(prefix="ledger-benchmark-") as folder:
        with place(SQLITE) as ledger:
            ledger.fill(size, chosen.seed, chosen.keep)
            ledger.measure(EXPORT, folder)
        with place(database) as ledger:
            ledger.measure("make")
            found: Measured = ledger.measure(IMPORT, folder)
    note(f"{database}, {size:,} claims: {found['seconds']:.1f} s, {found['said']}")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
