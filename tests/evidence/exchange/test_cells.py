"""What one cell means: guarding what a spreadsheet would run, and reading each kind of value."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.exchange.cells import (
    CLEAR,
    BoolWidget,
    CodeWidget,
    ListWidget,
    MomentWidget,
    NumberWidget,
    advice,
    guard,
    unguard,
)

RUN = ("=", "+", "-", "@", "\t", "\r")
cells = st.text() | st.lists(st.sampled_from(["'", "=", "+", "-", "@", "1", ".", "%", "a", CLEAR])).map(
    "".join
)


@given(cells)
@example("'")
@example("''=1")
@example("=1+1")
@example("#CLEAR")
@example("'#CLEAR")
@example("+5%")
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguard(guard(text)) == text


@given(cells)
def test_no_guarded_text_is_run_unless_it_is_a_plain_number(text: str) -> None:
    cell = guard(text)
    number = cell.lstrip("+-").rstrip("%").replace(".", "").replace(",", "")
    assert not cell.startswith(RUN) or number.isdigit()
    assert cell != CLEAR


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("==1", "'==1"),
        ("'quoted", "''quoted"),
        ("#CLEAR", "'#CLEAR"),
        ("-5", "-5"),
        ("+5.5%", "+5.5%"),
        ("-1,000.50", "-1,000.50"),
        ("-", "'-"),
        ("-5 °C", "'-5 °C"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_guarded_cells(text: str, cell: str) -> None:
    assert guard(text) == cell


@pytest.mark.parametrize(("cell", "text"), [("'hello", "'hello"), ("'", "'"), ("'5", "'5"), ("=1", "=1")])
def test_what_is_not_guarded_is_left_alone(cell: str, text: str) -> None:
    assert unguard(cell) == text


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("companys", ["companies", "claims"], "did you mean “companies”?"),
        ("Companies", ["companies", "claims"], "did you mean “companies”?"),
        ("zzz", ["one", "two"], "it is one of one, two."),
        ("zzz", [f"long-{n}" for n in range(40)], "none comes near it."),
        ("", [], "none comes near it."),
    ],
)
def test_advice_names_the_nearest_or_all(word: str, known: list[str], said: str) -> None:
    assert advice(word, known) == said


@pytest.mark.parametrize(
    ("widget", "cell", "value"),
    [
        (BoolWidget(), "TRUE", True),
        (BoolWidget(), "no", False),
        (BoolWidget(), "", None),
        (NumberWidget(6), "45.370000", Decimal("45.37")),
        (NumberWidget(6), "-73", Decimal(-73)),
        (NumberWidget(6), "+.5", Decimal("0.5")),
        (NumberWidget(6), "4.5E1", Decimal(45)),
        (NumberWidget(6), "", None),
        (MomentWidget(), "2026-05-04T12:30:00+02:00", datetime(2026, 5, 4, 10, 30, tzinfo=UTC)),
        (MomentWidget(), "2026-05-04 12:30", datetime(2026, 5, 4, 12, 30, tzinfo=UTC)),
        (MomentWidget(), "", None),
        (ListWidget(), r"a\|b|c", ["a|b", "c"]),
        (CodeWidget(("fact", "inference")), "fact", "fact"),
        (CodeWidget(("fact", "inference")), "", ""),
    ],
    ids=lambda part: type(part).__name__ if hasattr(part, "render") else str(part),
)
def test_cells_that_are_read(widget: Any, cell: str, value: Any) -> None:
    read = widget.clean(cell)
    assert read == value
    assert widget.clean(widget.render(read)) == read


@pytest.mark.parametrize(
    ("widget", "cell", "said"),
    [
        (BoolWidget(), "maybe", "“maybe” is neither true nor false; write one of these."),
        (NumberWidget(6), "45,37", "“45,37” is no number; write it with a decimal point, such as 45.37."),
        (NumberWidget(6), "NaN", "“NaN” is no number; write it with a decimal point, such as 45.37."),
        (
            NumberWidget(6),
            "1e999999999",
            "“1e999999999” is no number; write it with a decimal point, such as 45.37.",
        ),
        (NumberWidget(6), "1_0", "“1_0” is no number; write it with a decimal point, such as 45.37."),
        (NumberWidget(6), "４５", "“４５” is no number; write it with a decimal point, such as 45.37."),
        (
            MomentWidget(),
            "0001-01-01T00:00:00+14:00",
            "“0001-01-01T00:00:00+14:00” is no moment; write it as 2026-05-04T12:30:00+00:00.",
        ),
        (MomentWidget(), "yesterday", "“yesterday” is no moment; write it as 2026-05-04T12:30:00+00:00."),
        (
            CodeWidget(("fact", "inference")),
            "Fact",
            "“Fact” is not a code of this column; did you mean “fact”?",
        ),
        (
            CodeWidget(("fact", "inference")),
            "x",
            "“x” is not a code of this column; it is one of fact, inference.",
        ),
    ],
)
def test_cells_that_are_refused(widget: Any, cell: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is compared as a whole
        widget.render(widget.clean(cell))
    assert str(refused.value) == said


@given(st.decimals(-180, 180, places=6))
def test_a_number_is_written_so_that_it_reads_the_same(number: Decimal) -> None:
    widget = NumberWidget(6)
    assert widget.clean(widget.render(number)) == number
