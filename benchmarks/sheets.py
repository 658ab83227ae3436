"""What a long sheet takes in the browser's two steps, and how long others wait meanwhile.

    python -m benchmarks.sheets [--rows 5000,50000] [--databases SQLite,PostgreSQL]

Companies are uploaded and previewed in one process, confirmed in another and undone in a third, while a fourth saves
single records and notes how long each took. The peer is django-import-export by itself: the same rows into the same
tables, saved one by one, without preview, rules, roles or history.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.places import place
from benchmarks.telling import Measured, choose, note, tell

COLUMNS = (
    "slug", "name", "description", "kind", "country", "headquarters", "founded", "tickers", "aliases", "website",
    "confidence", "basis",
)  # fmt: skip
STEPS = {
    "alone": "nothing else (floor)",
    "look": "upload and preview",
    "confirm": "confirm",
    "take_back": "undo",
    "peer": "the library alone (peer)",
}


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    chosen = choose(__doc__, "5000,50000", arguments, unit="rows")
    for database in chosen.databases:
        tell(f"\n### {database}\n")
        tell(
            "| step | rows | seconds | ms a 1,000 rows | × peer | peak MiB | growth of peak "
            "| longest wait of another, ms |"
        )
        tell("|---|---:|---:|---:|---:|---:|---:|---:|")
        before: dict[str, Measured] = {}
        for size in chosen.sizes:
            measured = _measure(database, size)
            for step, words in STEPS.items():
                tell(_line(words, size, measured[step], measured["peer"], before.get(step)))
            before = measured
        tell(f"\nThe page of the preview has {before['look']['page'] / 1000:,.0f} kB.")


def _line(words: str, size: int, found: Measured, peer: Measured, before: Measured | None) -> str:
    seconds = found["seconds"]
    growth = f"{found['mib'] / before['mib']:.2f}" if before else "–"
    wait = f"{found['wait'] * 1000:,.0f}" if "wait" in found else "–"
    if words == STEPS["alone"]:
        return f"| {words} | {size:,} | – | – | – | – | – | {wait} |"
    return (
        f"| {words} | {size:,} | {seconds:.2f} | {seconds / size * 1_000_000:.1f} | "
        f"{seconds / peer['seconds']:.2f} | {found['mib']:.0f} | {growth} | {wait} |"
    )


def _measure(database: str, size: int) -> dict[str, Measured]:
    with TemporaryDirectory(prefix="ledger-benchmark-") as folder, place(database) as ledger:
        sheet = Path(folder) / "companies.csv"
        _write(sheet, size)
        ledger.measure("make")
        found: dict[str, Measured] = {}
        for step in STEPS:
            if step == "peer":
                found[step] = ledger.measure(step, sheet)
            else:
                with ledger.meanwhile("others") as waits:
                    found[step] = ledger.measure(step, sheet)
                found[step]["wait"] = waits[0]["longest"]
            note(f"{database}, {size:,} rows, {STEPS[step]}: {found[step]['seconds']:.1f} s")
        return found


def _write(sheet: Path, size: int) -> None:
    with sheet.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in range(size):
            rows.writerow(
                [
                    f"company-{number}", f"Company {number}", f"It makes things of sort {number % 97}.", "corporation",
                    "CA", "Burnaby", 1900 + number % 120, f"TSX: C{number}", f"C{number}|Co. {number}",
                    f"https://example.org/{number}", "medium", "fact",
                ]
            )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
