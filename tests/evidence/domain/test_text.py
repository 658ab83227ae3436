"""What text enters the ledger: laws of tidying and of cells with several texts, and a table of what is refused."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.domain.text import UNWANTED, TextRefused, join_list, split_list, tidy, tidy_line

SEPARATORS = st.sampled_from(["|", "\\", "\\|", "\\\\", " ", "a", "ß", "'", "=", "é"])
cells = st.text() | st.lists(SEPARATORS).map("".join)


def is_tidy(text: str) -> bool:
    try:
        return bool(text) and tidy_line(text) == text
    except TextRefused:
        return False


lines = st.one_of(st.text(), st.lists(SEPARATORS).map("".join)).map(str.strip).filter(is_tidy)


@given(st.text(st.characters()))
@example("\r\n a \r b\u2028c\u2029")
@example("\x1f")
def test_tidying_twice_is_tidying_once(text: str) -> None:
    try:
        once = tidy(text)
    except TextRefused:
        return
    assert tidy(once) == once
    assert once == once.strip()
    assert "\r" not in once
    assert UNWANTED.search(once) is None


@given(st.text())
def test_text_without_line_ends_and_controls_keeps_every_character(text: str) -> None:
    if UNWANTED.search(text) or any(end in text for end in "\r\u2028\u2029"):
        return
    assert tidy(text) == text.strip()


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  a\tb  ", "a\tb"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\ufeffa", "\ufeffa"),
        ("e\u0301", "e\u0301"),  # a quote stays as printed, composed or not
        ("ﬁ “x” ’ – \xad", "ﬁ “x” ’ – \xad"),
        ("עברית \u202b", "עברית \u202b"),
        ("👩🏽‍🔬", "👩🏽‍🔬"),
        ("\xa0a\xa0b\xa0", "a\xa0b"),
        ("", ""),
    ],
    ids=ascii,
)
def test_tidied_text(given_text: str, kept: str) -> None:
    assert tidy(given_text) == kept


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x9f",
                                       "\ud800", "\ufdd0", "\ufffe", "\uffff"], ids=ascii)  # fmt: skip
def test_characters_that_nobody_sees_are_refused_with_their_place(character: str) -> None:
    with pytest.raises(TextRefused) as refused:
        tidy(f"  ab{character}c")
    code = f"{ord(character):04X}"
    assert str(refused.value) == f"Character 3 is the control character U+{code}; take it out."


@given(st.characters(categories=["Cc"], exclude_characters="\t\n\r\x85"))
def test_every_control_inside_a_text_is_refused(character: str) -> None:
    assert unicodedata.category(character) == "Cc"
    with pytest.raises(TextRefused):
        tidy(f"a{character}b")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028"], ids=ascii)
def test_a_line_has_no_line_end_inside(end: str) -> None:
    assert tidy_line(f"a{end}") == "a"
    with pytest.raises(TextRefused, match="This has to stand on one line; take out the line break"):
        tidy_line(f"a{end}b")


@given(st.lists(lines))
@example(["|", "\\", "\\|", "|\\", "a\\"])
@example(["\\\\", "=1", "'"])
def test_several_texts_in_a_cell_come_back_as_they_were(texts: list[str]) -> None:
    assert split_list(join_list(texts)) == texts


@given(cells)
@example("a\\")
@example("\\x|y")
@example("|||")
def test_a_cell_is_read_the_same_once_written_again(cell: str) -> None:
    texts = split_list(cell)
    assert split_list(join_list(texts)) == texts
    assert all(text == text.strip() and text for text in texts)


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("", []),
        (" | ", []),
        ("a", ["a"]),
        ("a | b|c", ["a", "b", "c"]),
        (r"a\|b|c", ["a|b", "c"]),
        (r"a\\|b", ["a\\", "b"]),
        (r"C:\temp|b", ["C:\\temp", "b"]),
        ("a\\", ["a\\"]),
        ("a||b", ["a", "b"]),
    ],
)
def test_texts_of_a_cell(cell: str, texts: list[str]) -> None:
    assert split_list(cell) == texts
