"""Text that is hard to carry through a sheet, for every column that holds text."""

import random
from typing import Any

from hypothesis import strategies as st

from claims.models import Claim, Entity, Plant, Predicate
from evidence.contract import Kind, Table
from evidence.domain.text import UNWANTED
from evidence.fields import LinkField
from evidence.models import Record

AWKWARD = (
    'She said "yes", then “no”',
    "a,b;c\td",
    '"',
    '""',
    "'",
    "''",
    "'=1+1",
    "=1+1",
    "==1",
    "+1-2",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+5",
    "-5.0%",
    "007",
    "1e5",
    "|",
    "a|b",
    "\\",
    "a\\",
    "\\|",
    "NULL",
    "None",
    "#N/A",
    "#CLEAR",
    "'#CLEAR",
    "true",
    "2020-08-10",
    "مرحبا \u202eabc",
    "👩🏽‍🔬 e\u0301 ﬁ\xadne",
    "a\xa0b",
    "\ufeffa",
    "0",
)
SEVERAL_LINES = ("one\ntwo\n\nthree", '"a"\n,"b"', "=1\n=2", "a\n#b")

_characters = st.characters(codec="utf-8")
_pieces = st.sampled_from(
    ['"', "'", ",", "|", "\\", "=", "+", "-", "@", "#CLEAR", " ", "\n", "é", "1", ";", "\t"]
)


def _clean(text: str) -> str:
    return UNWANTED.sub("", text.replace("\u2028", "").replace("\u2029", "").replace("\r", "")).strip()


prose = st.one_of(
    st.sampled_from(AWKWARD + SEVERAL_LINES), st.text(_characters), st.lists(_pieces).map("".join)
).map(_clean)
lines = prose.map(lambda text: _clean(text.replace("\n", " ")))

LIMITED = {
    (Predicate, "codes"),  # only where the value is a code
    (Predicate, "unit"),  # only where the value is measured
    (Predicate, "tolerance"),  # likewise
    (Predicate, "record_field"),  # the name of a field
    (Claim, "unit"),  # only where the value is measured
    (Plant, "capacity_unit"),  # a unit
}
"""Columns whose text follows from other columns, or is a unit."""

READ = {(leaf, printed.name) for leaf in Entity.__subclasses__() for printed in leaf.PRINTED}
"""Columns whose text is read; what has no digits is no value, and is kept."""


def free_columns(table: Table) -> list[str]:
    """The columns of a table that take any text."""
    return [
        column.name
        for column in table.columns
        if column.kind in (Kind.TEXT, Kind.LINE, Kind.LIST)
        and column.name not in ("slug", "stake_percent", "sha256", "text_sha256")
        and not column.words
        and not column.computed
        and not isinstance(column.field, LinkField)
        and (table.model, column.name) not in LIMITED
    ]


def with_other_words(table: Table) -> dict[str, Any]:
    """Another value for a column of a table that takes any text, or at least this one."""
    free = (name for name in free_columns(table) if name not in table.model.KEY)
    name = next(free, "stake_percent")
    return {name: ["5%"] if table.by_name[name].kind is Kind.LIST else "5%"}


def is_no_value(text: str) -> bool:
    """Whether the text has no digit, so that no number is read in it."""
    return not any(map(str.isdigit, text))


def text_for(table: Table, name: str) -> st.SearchStrategy[Any]:
    """Hostile text for a column; never empty where the column is required or limits depend on it."""
    column = table.by_name[name]
    kept_full = column.required or name in ("quote", "amount", "value", "explanation")
    text = prose if column.kind is Kind.TEXT else lines
    text = text.filter(is_no_value) if (table.model, name) in READ else text
    text = text.filter(bool) if kept_full or column.kind is Kind.LIST else text
    return st.lists(text, max_size=4, unique=True) if column.kind is Kind.LIST else text


def fill(record: Record, table: Table, chooser: random.Random) -> None:
    """Put awkward text into every free column of a record."""
    for name in free_columns(table):
        kind = table.by_name[name].kind
        if kind is Kind.LIST:
            setattr(record, name, chooser.sample(AWKWARD, 3))
        else:
            texts = AWKWARD + SEVERAL_LINES * (kind is Kind.TEXT)
            chosen = tuple(filter(is_no_value, texts)) if (table.model, name) in READ else texts
            setattr(record, name, chooser.choice(chosen))
