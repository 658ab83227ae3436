"""How finding conflicts grows with the ledger, against what one would write without it.

    python -m benchmarks.conflicts [--claims 10000,100000] [--databases SQLite,PostgreSQL] [--seed 1] [--keep FOLDER]

Prints tables in Markdown. Each figure is measured in a process and on a ledger of its own.
"""

import sys
from collections.abc import Sequence

from benchmarks.places import Place, place
from benchmarks.telling import Chosen, Measured, choose, note, tell

STEPS = {
    "read every claim (floor)": ("iterate",),
    "join on printed text (peer)": ("join",),
    "find_conflicts, none found yet": ("rebuild",),
    "find_conflicts again": ("rebuild",),
}
"""What is measured on one ledger, in this order."""

SAVES = "save"
FLOOR, *_ = STEPS


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    chosen = choose(__doc__, "10000,100000", arguments)
    for database in chosen.databases:
        measured = {size: _measure(database, size, chosen) for size in chosen.sizes}
        tell(f"\n### {database}\n")
        _tell_steps(measured)
        _tell_saves(measured)


def _measure(database: str, size: int, chosen: Chosen) -> Measured:
    with place(database) as ledger:
        note(f"{database}, {size:,} claims: writing them")
        ledger.fill(size, chosen.seed, chosen.keep)
        found = {step: _step(ledger, step, task) for step, task in STEPS.items()}
        found[SAVES] = _step(ledger, "saving one record", (SAVES,))
    return found


def _step(ledger: Place, name: str, task: Sequence[str]) -> Measured:
    measured = ledger.measure(*task)
    note(f"  {name}: {measured['seconds']:.1f} s, {measured['mib']:.0f} MiB {measured.get('said', '')}")
    return measured


def _tell_steps(measured: dict[int, Measured]) -> None:
    tell("| step | claims | rows | seconds | ms a 1,000 claims | growth | × floor | peak MiB |")
    tell("|---|---:|---:|---:|---:|---:|---:|---:|")
    for step in STEPS:
        before = None
        for size, found in measured.items():
            one = found[step]
            each = one["seconds"] * 1e6 / size
            growth = f"{each / before:.2f}" if before else "–"
            floor = one["seconds"] / found[FLOOR]["seconds"]
            tell(
                f"| {step} | {size:,} | {one['rows']:,} | {one['seconds']:.2f} | {each:.1f} | {growth} "
                f"| {floor:.1f} | {one['mib']:.0f} |"
            )
            before = each


def _tell_saves(measured: dict[int, Measured]) -> None:
    tell("\n| saving | " + " | ".join(f"queries at {size:,} | ms" for size in measured) + " |")
    tell("|---|" + "---:|---:|" * len(measured))
    for lot in zip(*(found[SAVES]["saved"] for found in measured.values()), strict=True):
        cells = " | ".join(f"{one['queries']} | {_milliseconds(one)}" for one in lot)
        tell(f"| {lot[0]['what']} | {cells} |")


def _milliseconds(saved: Measured) -> str:
    return f"{saved['seconds'] * 1000:.1f}" if saved["queries"] else "–"


if __name__ == "__main__":
    main(sys.argv[1:])
