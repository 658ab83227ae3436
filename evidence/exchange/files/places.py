"""The names of cells: the letters of a column, which is counted from 0, and back."""

import re
from functools import lru_cache

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last ones of a worksheet, counted from 1."""
LETTERS = re.compile("[A-Z]{1,3}")


@lru_cache(LAST_COLUMN)
def column_letters(column: int) -> str:
    """The letters of a column."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters


@lru_cache(LAST_COLUMN)
def column_number(letters: str) -> int:
    """The column with these letters. Raises ValueError where a worksheet has none."""
    number = 0
    for letter in letters.upper() if LETTERS.fullmatch(letters.upper()) else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= LAST_COLUMN:
        raise ValueError(letters)
    return number - 1
