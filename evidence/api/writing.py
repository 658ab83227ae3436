"""Writing what a body says: planned and written as a sheet is, with every error at its place in the body.

What a plan does not know is added while its rows are read: whether a record may be there already or has to be, which
version of it was read before, and that what is not written is sent back as it is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from evidence.api import preconditions
from evidence.api.bodies import ITEM, Body, How, Item
from evidence.api.problems import Error, Refused, summed
from evidence.api.resources import Api, Seen
from evidence.api.rows import by_key
from evidence.api.values import WRONG_TYPE, plain
from evidence.choices import Door
from evidence.contract import Kind
from evidence.domain.text import CONTROL_CHARACTER, split_list
from evidence.exchange.directory import Key
from evidence.exchange.plans import Plan, make_plan
from evidence.exchange.readings import REQUIRED, TAKEN, UNKNOWN, Reading
from evidence.exchange.resources import resource_for
from evidence.exchange.rows import Outcome
from evidence.exchange.sheets import Fault
from evidence.exchange.writing import COLLIDING, STALE, ImportRefused, write_plan
from evidence.models import Slugged
from evidence.services.changes import PERMISSION_DENIED
from evidence.services.slugs import nearest_slug, numbered

MALFORMED = frozenset(
    {
        WRONG_TYPE,
        REQUIRED,
        CONTROL_CHARACTER,
        "unknown_key",
        "unknown_code",
        "read_only",
        "repeated_key",
        "max_length",
    }
)
"""The codes of what a description of the JSON can express."""

MERGED = "merged"
STATUSES: tuple[tuple[int, frozenset[str]], ...] = (
    (403, frozenset({PERMISSION_DENIED})),
    (400, MALFORMED),
    (428, frozenset({preconditions.REQUIRED})),
    (412, frozenset({STALE})),
    (409, frozenset({TAKEN, COLLIDING, "unique", MERGED})),
)
"""The status for what is wrong, by its code, the first that fits any of the errors; else 422, for broken rules."""

MEANWHILE = {
    STALE: "Somebody changed this record meanwhile; read it again.",
    TAKEN: "Somebody added a record with this key meanwhile; read that, or choose another key.",
    COLLIDING: "It collides with what somebody wrote meanwhile; send it again.",
    UNKNOWN[Kind.REFERENCE]: "What it names was deleted meanwhile; name something else.",
}
"""What is said of records over which somebody wrote after they were read."""

LONGEST, ERRORS, TOLD = 1000, 500, 3
"""How long a message may be, how many errors are told, and how many the sentence repeats that sums them up."""


@dataclass(frozen=True)
class Writer:
    """Somebody who writes to one table, with the reason why."""

    api: Api
    seen: Seen
    reason: str

    def write(self, items: Sequence[Item]) -> list[Key]:
        """Write the records of a body, all or none; returns their keys in their order. Raises Refused."""
        self._check_besides(items)
        body = Body(items)
        plan = make_plan(body.sheets.values(), self.api.written, watch=[partial(_look, body)])
        if plan.rejected or plan.stopped:
            raise _refused(body, plan.each_fault())
        if plan.outcomes()[Outcome.UNCHANGED] < len(plan.rows):
            self._write(body, plan)
        return [row.key for row in plan.rows if row.file == ITEM]

    def _write(self, body: Body, plan: Plan) -> None:
        try:
            write_plan(plan, actor=self.seen.reader.user, reason=self.reason, door=Door.API)
        except ImportRefused as refused:
            (only, *others) = body.items
            if not others and only.version is not None and STALE in {fault.code for fault in refused.faults}:
                told = by_key(self.seen, ["version"], [only.key]).get(only.key, {})
                raise preconditions.stale(told.get("version")) from refused
            raise _refused(body, refused.faults, MEANWHILE) from refused

    def _check_besides(self, items: Iterable[Item]) -> None:
        """Pass over what is computed where it is sent back as it is told; else note that it is not written."""
        listed = [*items, *(part for item in items for part in item.parts)]
        names = {name for item in listed for name in item.besides}
        stored = [item.key for item in listed if item.how is not How.MAKE and item.besides]
        known = by_key(self.seen, [*names], stored) if stored else {}
        for item in listed:
            told = {} if item.how is How.MAKE else known.get(item.key, {})
            for name, given in item.besides.items():
                if name not in told or told[name] != plain(given):
                    message = (
                        f"“{name}” is worked out and not written; leave it out, or send it as it is told."
                    )
                    item.reject(name, message, "read_only")


def _look(body: Body, reading: Reading) -> None:
    """Refuse what makes a record that there is, or changes one that there is not, or that is another by now."""
    item = body.item(reading.place)
    if item is None:
        return
    if item.how is How.MAKE:
        _look_at_new(reading)
    elif not reading.key[0]:
        reading.faults = [*reading.line.faults]
    elif reading.is_new or reading.former:
        _look_at_missing(reading)
    elif item.version is not None and reading.record.version != item.version:
        if not item.pointer:
            raise preconditions.stale(reading.record.version)
        message = f"It has version {reading.record.version} now, not {item.version}; read it again."
        reading.reject("version", message, STALE)
    else:
        _look_at_derived(reading)


def _look_at_new(reading: Reading) -> None:
    if reading.is_new or "slug" in reading.line.refused:
        return
    model, key = reading.sheet.table.model, "+".join(reading.key)
    way = "change that one"
    if issubclass(model, Slugged):
        way += f", or choose another slug, such as “{numbered(model, reading.key[0], ())}”"
    led = f"“{reading.former}” leads to “{key}”, with which its record was merged" if reading.former else ""
    reading.faults = [fault for fault in reading.faults if fault.column not in model.KEY]
    reading.reject(model.KEY[0], f"{led or f'There is “{key}” already'}; {way}.", TAKEN)


def _look_at_missing(reading: Reading) -> None:
    model, key = reading.sheet.table.model, "+".join(reading.key)
    reading.faults = [*reading.line.faults]
    if reading.former:
        reading.reject("slug", merged(reading.former, key), MERGED)
        return
    near = nearest_slug(model, key) if issubclass(model, Slugged) else ""
    hint = f"; did you mean “{near}”?" if near else "."
    message = f"None of the {reading.sheet.table.label} has the key “{key}”{hint}"
    reading.reject(model.KEY[0], message, UNKNOWN[Kind.REFERENCE])


def _look_at_derived(reading: Reading) -> None:
    """Refuse other values of what follows from other records, which sheets pass over."""
    fields = resource_for(reading.sheet.table).sheet_fields
    for name in sorted(reading.record.derived_columns & reading.line.cells.keys()):
        several = fields[name].column.kind is Kind.REFERENCES
        said, stored = (
            set(split_list(cell)) if several else cell
            for cell in (reading.line.cells[name], fields[name].cell(reading.record))
        )
        if said != stored:
            reading.reject(name, "This follows from other records, and is not changed by hand.", "refused")


def merged(former: str, key: str) -> str:
    """That a record is no more, and which one stands for it."""
    return f"“{former}” was merged into “{key}”; read that record, and write to it."


def _refused(body: Body, faults: Iterable[Fault], said: Mapping[str, str] | None = None) -> Refused:
    """These faults at their places in the body, with the status that fits them; `said` has other words for codes."""
    listed = [*faults]
    errors = [_error(body, fault, (said or {}).get(fault.code, fault.message)) for fault in listed[:ERRORS]]
    codes = {fault.code for fault in listed}
    status = next((status for status, known in STATUSES if codes & known), 422)
    more = f" And {len(listed) - TOLD} more." if len(listed) > TOLD else ""
    return Refused(status, *errors, detail=summed(errors[:TOLD]) + more)


def _error(body: Body, fault: Fault, message: str) -> Error:
    item = body.item((fault.file, fault.line))
    place = "" if item is None else item.pointer
    if place is not None and item is not None and fault.column:
        place += f"/{fault.column}"
    return Error(_shortened(message), fault.code, pointer=place)


def _shortened(message: str) -> str:
    """The message without the middle of what it repeats; the way out stands at its end."""
    half = LONGEST // 2
    return message if len(message) <= LONGEST else f"{message[:half]}…{message[-half:]}"
