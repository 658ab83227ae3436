"""Sequences that are put away: what comes back is what was put in, wherever it lies."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.services import spools
from evidence.services.spools import Spool

ITEMS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), max_size=30)


def pack(text: str) -> bytes:
    return text.encode()


def unpack(packed: bytes) -> str:
    return packed.decode()


@given(items=ITEMS)
def test_what_is_put_in_comes_back_in_its_order(items: list[Any]) -> None:
    spool = Spool(items)
    assert list(spool) == items
    assert len(spool) == len(items)
    assert spool[:3] == items[:3]


def test_what_is_longer_than_memory_should_hold_comes_back_from_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spools, "HELD", 10)
    items = [f"item {number}" for number in range(100)]
    spool = Spool(items)
    spool[50] = "something longer than what stood there before"
    assert list(spool) == [*items[:50], "something longer than what stood there before", *items[51:]]


def test_an_item_that_was_taken_out_is_a_copy() -> None:
    spool = Spool([["one"]])
    spool[0].append("two")
    assert list(spool) == [["one"]]


def test_a_place_beyond_the_end_is_an_error() -> None:
    with pytest.raises(IndexError):
        Spool(["one"])[1]


def test_what_was_saved_is_read_again_as_it_was_last(tmp_path: Path) -> None:
    spool = Spool(["one", "two", ""], pack=pack, unpack=unpack)
    spool[0] = "first"
    spool.save(tmp_path / "items")
    assert (tmp_path / "items").read_bytes() == b"first\ntwo\n\n"
    opened = Spool.opened(tmp_path / "items", pack=pack, unpack=unpack)
    opened[1] = "second"
    assert list(opened) == ["first", "second", ""]
    assert (tmp_path / "items").read_bytes() == b"first\ntwo\n\n"


def test_what_was_never_saved_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Spool.opened(tmp_path / "items", pack=pack, unpack=unpack)
