"""What text may enter the ledger, the same at every door.

Line ends become LF, white space around a text is taken off, and characters that no reader sees but that
programs stumble over are refused: the C0 and C1 controls (Unicode 16, table 2-3) but for tab and line feed,
lone surrogates, and noncharacters. Nothing else is changed: a quote stays as the document prints it.
"""

import re

LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
CONTROL_CHARACTER = "control_character"
"""The code of what is refused for such a character."""

SEPARATOR = "|"
SLUG = re.compile(r"[a-z0-9-]{1,80}")


class TextRefused(ValueError):
    """A text holds something that the ledger does not take; the message says what and where."""


def tidy(text: str) -> str:
    """The text with LF line ends and without surrounding white space.

    Raises TextRefused where it holds a control character, a lone surrogate or a noncharacter.
    """
    tidied = LINE_ENDS.sub("\n", text).strip()
    if found := UNWANTED.search(tidied):
        raise TextRefused(
            f"Character {found.start() + 1} is the control character U+{ord(found[0]):04X}; take it out."
        )
    return tidied


def tidy_line(text: str) -> str:
    """As `tidy`, for a text that stands on one line. Raises TextRefused where it has several."""
    tidied = tidy(text)
    if "\n" in tidied:
        raise TextRefused("This has to stand on one line; take out the line break.")
    return tidied


def split_list(cell: str) -> list[str]:
    r"""The texts of one cell, separated by `|`; a bar inside a text is written `\|`, a backslash `\\`."""
    if "\\" not in cell:
        return [text for text in map(str.strip, cell.split(SEPARATOR)) if text]
    texts, current, escaped = [], "", False
    for character in cell:
        if escaped:
            current += character if character in (SEPARATOR, "\\") else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == SEPARATOR:
            texts.append(current)
            current = ""
        else:
            current += character
    texts.append(current + ("\\" if escaped else ""))
    return [text for text in map(str.strip, texts) if text]


def join_list(texts: list[str]) -> str:
    """The cell for several texts; the inverse of `split_list`."""
    return SEPARATOR.join(text.replace("\\", "\\\\").replace(SEPARATOR, "\\" + SEPARATOR) for text in texts)


def counted(number: int, noun: str) -> str:
    """The number with its noun: “1 row”, “2 rows”."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
