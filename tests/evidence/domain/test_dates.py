"""Partial dates: a table of specimens, what is kept and refused around it, and laws of every date."""

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from evidence.domain.dates import DateRefused, PartialDate, may_overlap, read, surely_before

# Columns: the text, its EDTF and days (one empty day is open, two are unknown), and for a refused text its
# readings joined by `|`, or a part of the reason.
SPECIMENS = Path(__file__).parents[2] / "specimens" / "dates.csv"
AWKWARD_SIGNS = ["-", "/", "(", ")", "\u2013", "\u2014", "\u2019", "\u00a0", "\u200b", "\uff12", "\x00"]


def specimens() -> list[dict[str, str]]:
    with SPECIMENS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accepted() -> list[dict[str, str]]:
    return [row for row in specimens() if not row["refused"]]


def refused(ambiguous: bool) -> list[dict[str, str]]:
    return [row for row in specimens() if row["refused"] and ("|" in row["refused"]) == ambiguous]


def words_of_specimens() -> list[str]:
    return sorted({word for row in specimens() for word in row["printed"].split()})


def by_printed(row: dict[str, str]) -> str:
    return row["printed"]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# The table


def test_specimens_are_written_once_each() -> None:
    printed = [row["printed"] for row in specimens()]
    assert len(printed) == len(set(printed))


@pytest.mark.parametrize("row", accepted(), ids=by_printed)
def test_printed_date_means_these_days(row: dict[str, str]) -> None:
    read_as = read(row["printed"])
    assert (read_as.edtf, read_as.earliest, read_as.latest) == (
        row["edtf"],
        day(row["earliest"]),
        day(row["latest"]),
    )
    assert read_as.known == bool(row["earliest"] or row["latest"])


@pytest.mark.parametrize("row", refused(ambiguous=True), ids=by_printed)
def test_text_with_several_readings_is_refused_with_all_of_them(row: dict[str, str]) -> None:
    with pytest.raises(DateRefused) as refusal:
        read(row["printed"])
    assert refusal.value.readings == tuple(row["refused"].split("|"))
    assert all(reading in str(refusal.value) for reading in refusal.value.readings)


@pytest.mark.parametrize("row", refused(ambiguous=False), ids=by_printed)
def test_text_without_a_reading_is_refused_with_the_reason(row: dict[str, str]) -> None:
    with pytest.raises(DateRefused) as refusal:
        read(row["printed"])
    assert row["refused"] in refusal.value.reason
    assert refusal.value.readings == ()


@pytest.mark.parametrize("row", refused(ambiguous=True), ids=by_printed)
def test_each_reading_offered_can_be_written_in_its_place(row: dict[str, str]) -> None:
    for reading in row["refused"].split("|"):
        assert read(reading).edtf == reading


# Printed words


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("H1 2027", "2027-40 (H1 2027)"),
        ("2020-08-10", "2020-08-10"),
        ("199x", "199X"),
        ("2020\u201108\u201110", "2020-08-10"),
        ("2020 (2020)", "2020"),
        ("  Aug\t2020\n", "2020-08 (Aug 2020)"),
        ("Aug\u00a02020", "2020-08 (Aug 2020)"),
        ("2026-12(  possibly   already underway )", "2026-12 (possibly already underway)"),
        ("2027\u201328", "2027/2028 (2027\u201328)"),
        ("2001-02-03T09:30:01Z", "2001-02-03 (2001-02-03T09:30:01Z)"),
        ("(soon)", "(soon)"),
        ("( when (if) ready )", "(when (if) ready)"),
    ],
)
def test_words_are_kept_behind_the_date_where_they_differ(text: str, cell: str) -> None:
    assert str(read(text)) == cell


def test_words_alone_in_parentheses_are_kept_unread() -> None:
    kept = read("(soon)")
    assert kept == PartialDate("", None, None, known=False, printed="soon")
    assert kept.unread
    assert not read("September").unread


def test_words_may_fill_their_length_and_no_more() -> None:
    assert read(f"2020 ({'w' * 200})").printed == "w" * 200
    with pytest.raises(DateRefused, match="1 to 200 characters"):
        read(f"2020 ({'w' * 201})")


def test_words_may_be_of_any_script() -> None:
    assert (
        read("2020 (\u0662\u0660\u0662\u0660, \u6625 \U0001f331)").printed
        == "\u0662\u0660\u0662\u0660, \u6625 \U0001f331"
    )


def test_refused_text_and_its_way_out_are_named() -> None:
    with pytest.raises(DateRefused) as refusal:
        read("some day soon")
    assert refusal.value.text == "some day soon"
    assert str(refusal.value).startswith("'some day soon': it is not understood as a date")
    assert "parentheses" in refusal.value.reason


# What cannot be a cell


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \u00a0\t\n", "empty"),
        ("2020\x00", "control characters"),
        ("2020\x0b", "control characters"),
        ("2020\x1f-08", "control characters"),
        ("2020 (\x85)", "control characters"),
        ("2020\ud800", "control characters"),
        ("2020\u200b", "invisible characters"),
        ("\ufeff2020", "invisible characters"),
        ("20\u00ad20", "invisible characters"),
        ("2020" + " " * 297, "longer than 300"),
        ("1" * 10_000, "longer than 300"),
        ("(" * 10_000, "longer than 300"),
    ],
    ids=ascii,
)
def test_text_that_cannot_be_a_cell_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DateRefused, match=reason):
        read(text)


def test_message_repeats_no_more_than_the_start_of_a_long_text() -> None:
    with pytest.raises(DateRefused) as refusal:
        read("1" * 10_000)
    assert len(str(refusal.value)) < 200


# Comparing and sorting


def test_dates_sort_by_earliest_day_then_latest_with_unknown_last() -> None:
    in_order = [
        "../2019",
        "../2020",
        "2019",
        "2020-01-01",
        "2020-01",
        "2020-37",
        "2020",
        "2020/..",
        "2020-02-01",
        "9999-12-31",
        "(soon)",
        "XXXX-09",
    ]
    assert sorted(map(read, reversed(in_order)), key=lambda each: each.sort_key) == [
        read(text) for text in in_order
    ]


@pytest.mark.parametrize(
    ("a", "b", "before", "overlap"),
    [
        ("2019", "2020", True, False),
        ("2019", "2019", False, True),
        ("2020", "2019", False, False),
        ("2020-01/2020-06", "2020-06/2020-12", False, True),
        ("2020-06-30", "2020-41", True, False),
        ("by 2026", "since 2027", True, False),
        ("by 2026", "since 2026", False, True),
        ("since 2026", "since 2030", False, True),
        ("by 2026", "by 2020", False, True),
        ("circa 2020", "2021-12-31", False, True),
        ("circa 2020", "2022", True, False),
        ("September", "2020", False, True),
        ("(soon)", "2020", False, True),
        ("(soon)", "(later)", False, True),
    ],
)
def test_order_and_overlap_are_of_every_day_that_may_be_meant(
    a: str, b: str, before: bool, overlap: bool
) -> None:
    assert surely_before(read(a), read(b)) is before
    assert may_overlap(read(a), read(b)) is overlap
    assert may_overlap(read(b), read(a)) is overlap


# Laws


@st.composite
def edtf_dates(draw: st.DrawFn) -> str:
    """A date of a year far enough from the ends of the calendar for any approximation."""
    unspecified = draw(st.integers(0, 3))
    year = str(draw(st.integers(2000, 8999)))[: 4 - unspecified] + "X" * unspecified
    month = draw(st.sampled_from(["", "XX", "1X", "0X", "X1"]) | st.integers(1, 12).map("{:02}".format))
    part = draw(st.sampled_from(["21", "22", "23", "24", *map(str, range(33, 42))]))
    days = st.sampled_from(["", "XX", "1X", "X2"]) | st.integers(1, 28).map("{:02}".format)
    shape = draw(st.sampled_from(["year", "part", "month"]))
    if shape == "year" or not month:
        text = year
    elif shape == "part":
        text = f"{year}-{part}"
    else:
        text = f"{year}-{month}-{draw(days)}".rstrip("-")
    return text + draw(st.sampled_from(["", "", "?", "~", "%"]))


@st.composite
def edtf_texts(draw: st.DrawFn) -> str:
    """A date or an interval that does not end before it starts."""
    first, second = draw(edtf_dates()), draw(edtf_dates())
    if surely_before(read(second), read(first)):
        first, second = second, first
    openings = [first, f"{first}/..", f"../{second}", f"/{second}", f"{first}/", f"{first}/{second}"]
    return draw(st.sampled_from(openings))


words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200).filter(str.strip)
texts = edtf_texts() | st.sampled_from(accepted()).map(by_printed) | words.map(lambda printed: f"({printed})")
pieces = st.lists(st.sampled_from(words_of_specimens()) | st.sampled_from(AWKWARD_SIGNS), max_size=9)
days = st.dates(date(1800, 1, 1), date(2199, 12, 31))


def holds(outer: PartialDate, inner: PartialDate) -> bool:
    """Whether every day of the inner date is a day of the outer one."""
    assert outer.earliest and outer.latest and inner.earliest and inner.latest
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest


@given(edtf_texts())
def test_edtf_is_its_own_canonical_form(text: str) -> None:
    assert str(read(text)) == read(text).edtf == text


@given(texts)
def test_what_is_written_out_reads_as_the_same(text: str) -> None:
    once = read(text)
    assert read(str(once)) == once


@given(edtf_texts(), words)
@example("2020", ")(")
@example("2020", "2020 (2020)")
def test_any_words_behind_a_date_read_as_the_same_or_contradict_it(text: str, printed: str) -> None:
    try:
        once = read(f"{text} ({printed})")
    except DateRefused as refusal:
        assert refusal.readings[0] == text
    else:
        assert once.edtf == text
        assert read(str(once)) == once


@given(st.text(max_size=320) | pieces.map(" ".join) | pieces.map("".join))
def test_any_text_reads_or_is_refused(text: str) -> None:
    try:
        once = read(text)
    except DateRefused as refusal:
        assert refusal.reason
        assert all(read(reading).edtf == reading for reading in refusal.readings)
    else:
        assert read(str(once)) == once


@given(texts)
def test_no_date_ends_before_it_starts(text: str) -> None:
    read_as = read(text)
    if read_as.earliest and read_as.latest:
        assert read_as.earliest <= read_as.latest
    assert read_as.known == bool(read_as.earliest or read_as.latest)


@given(days)
def test_a_day_lies_in_its_month_quarter_half_and_year(one: date) -> None:
    year, month = one.year, one.month
    quarter, half = read(f"Q{(month + 2) // 3} {year}"), read(f"H{(month + 5) // 6} {year}")
    nested = [read(one.isoformat()), read(f"{year}-{month:02}"), quarter, half, read(str(year))]
    assert all(holds(outer, inner) for inner, outer in pairwise(nested))
    assert holds(read(f"{year // 10}X"), nested[-1])


@given(st.integers(1, 9998))
def test_parts_of_a_year_fill_it_without_gap_or_overlap(year: int) -> None:
    for codes in (range(33, 37), range(37, 40), range(40, 42)):
        parts = [read(f"{year:04}-{code}") for code in codes]
        assert parts[0].earliest == date(year, 1, 1)
        assert parts[-1].latest == date(year, 12, 31)
        for before, after in pairwise(parts):
            assert before.latest and before.latest + timedelta(days=1) == after.earliest


@given(edtf_dates())
def test_approximation_widens_and_doubt_does_not(text: str) -> None:
    bare = read(text.rstrip("?~%"))
    doubted, approximate, both = (read(bare.edtf + mark) for mark in "?~%")
    assert (doubted.earliest, doubted.latest) == (bare.earliest, bare.latest)
    assert holds(approximate, bare)
    assert surely_before(PartialDate("", None, approximate.earliest, known=True), bare)
    assert surely_before(bare, PartialDate("", approximate.latest, None, known=True))
    assert (both.earliest, both.latest) == (approximate.earliest, approximate.latest)


@given(days)
def test_an_unspecified_day_holds_every_day_it_may_be(one: date) -> None:
    digits = one.isoformat()
    for hidden in (range(8, 10), range(9, 10), range(8, 9), range(5, 7), range(3, 4), range(2, 4)):
        masked = "".join("X" if place in hidden else sign for place, sign in enumerate(digits))
        assert holds(read(masked), read(digits))


@given(
    days, st.sampled_from(["{0.day} {0:%B} {0.year}", "{0:%b}. {0.day}, {0.year}", "{0:%Y}/{0:%m}/{0:%d}"])
)
def test_a_day_is_found_again_however_it_is_printed(one: date, form: str) -> None:
    assert read(form.format(one)).edtf == one.isoformat()


@given(days, st.sampled_from("/.-"))
def test_a_day_in_numbers_is_read_only_if_its_order_is_certain(one: date, sign: str) -> None:
    text = f"{one.day:02}{sign}{one.month:02}{sign}{one.year}"
    if one.day > 12 or one.day == one.month:
        assert read(text).edtf == one.isoformat()
    else:
        with pytest.raises(DateRefused) as refusal:
            read(text)
        assert refusal.value.readings == (one.isoformat(), date(one.year, one.day, one.month).isoformat())


@given(texts, texts)
def test_surely_before_agrees_with_sorting_and_excludes_overlap(a: str, b: str) -> None:
    first, second = read(a), read(b)
    assert may_overlap(first, second) == may_overlap(second, first)
    if surely_before(first, second):
        assert first.sort_key < second.sort_key
        assert not surely_before(second, first)
        assert not may_overlap(first, second)


@given(texts, texts)
def test_sorting_tells_any_two_different_dates_apart(a: str, b: str) -> None:
    assert (read(a).sort_key == read(b).sort_key) == (read(a) == read(b))


@given(texts)
def test_unknown_days_sort_after_all_known_ones(text: str) -> None:
    known = read(text)
    assume(known.known)
    assert known.sort_key < read("September").sort_key
    assert known.sort_key < read("(soon)").sort_key
