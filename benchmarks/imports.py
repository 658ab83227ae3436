"""What importing claims takes, and which part of it rules and derived rows are, conflicts among them.

    python -m benchmarks.imports [--claims 1000,10000] [--databases SQLite,PostgreSQL] [--seed 1]

A ledger is filled and exported; its sheets are imported into an empty one.
"""

import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from benchmarks.places import place
from benchmarks.telling import Measured, choose, note, tell

EXPORT, IMPORT = "export", "bring"


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    databases, sizes, seed = choose(__doc__, "1000,10000", arguments)
    for database in databases:
        measured = {size: _measure(database, size, seed) for size in sizes}
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


def _measure(database: str, size: int, seed: str) -> Measured:
    with TemporaryDirectory(prefix="ledger-benchmark-") as folder:
        with place("SQLite") as ledger:
            ledger.measure("fill", size, seed)
            ledger.measure(EXPORT, folder)
        with place(database) as ledger:
            ledger.measure("make")
            found: Measured = ledger.measure(IMPORT, folder)
    note(f"{database}, {size:,} claims: {found['seconds']:.1f} s, {found['said']}")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
