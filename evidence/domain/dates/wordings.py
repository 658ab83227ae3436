"""A grammar as a list of forms: each a pattern of the whole text, and the EDTF that the match stands for."""

import re
from collections.abc import Callable, Iterator

Reader = Callable[[re.Match[str]], Iterator[str]]


class Wordings:
    """Forms that are all tried on a text, so that what is ambiguous has several readings."""

    def __init__(self) -> None:
        self._forms: list[tuple[re.Pattern[str], Reader]] = []

    def form(self, pattern: str) -> Callable[[Reader], Reader]:
        """Register a form of the wording that the function below reads."""

        def register(reader: Reader) -> Reader:
            self._forms.append((re.compile(pattern), reader))
            return reader

        return register

    def readings(self, text: str) -> Iterator[str]:
        """The EDTF of every form that the text has."""
        for pattern, reader in self._forms:
            if match := pattern.fullmatch(text):
                yield from reader(match)
