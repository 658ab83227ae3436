"""What a change touched, record by record: all of a small one in memory, of a large one a page at a time."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from evidence.models import Record
from evidence.services.spools import Spool

T = TypeVar("T")

Key = tuple[type[Record], int]
"""A record by its model and row id."""

PAGE = 1000
"""Records that are read, judged and put away together."""

HELD = 2 * PAGE
"""Records up to which a change keeps all it touched in memory."""

NEW = -1


@dataclass(frozen=True, slots=True)
class Page:
    """Records of one model that are not in memory: their row ids in order, and where they lie; NEW ones nowhere."""

    model: type[Record]
    keys: array
    place: int
    altered: bool = False
    """Whether any of them was there before and still is."""

    def holds(self, key: int) -> bool:
        """Whether the record with this row id is among them."""
        at = bisect_left(self.keys, key)
        return at < len(self.keys) and self.keys[at] == key

    @property
    def is_new(self) -> bool:
        """Whether none of them was there before, so that all there is to know is what the database says."""
        return self.place == NEW


class Found(Generic[T]):
    """What is known of records, by model and row id."""

    def __init__(self, read: Callable[[type[Record], Sequence[int]], dict[int, T]]) -> None:
        """`read` finds out about new records of one model by row id."""
        self._read = read
        self._held: dict[Key, T] = {}
        self._pages: list[Page] = []
        self._spool: Spool[dict[int, T]] = Spool()

    def __setitem__(self, key: Key, one: T) -> None:
        self._held[key] = one

    def __getitem__(self, key: Key) -> T:
        if (one := self.get(key)) is None:
            raise KeyError(key)
        return one

    def get(self, key: Key) -> T | None:
        """What is known of this record; None where it was not touched."""
        model, row = key
        return self.among(model, [row]).get(row)

    def among(self, model: type[Record], keys: Iterable[int]) -> dict[int, T]:
        """What is known of these records of one model; each page is looked at once."""
        wanted = set(keys)
        found = {key: self._held[model, key] for key in wanted if (model, key) in self._held}
        for page in self._pages:
            here = [key for key in wanted - found.keys() if page.holds(key)] if page.model is model else []
            if here:
                kept = self._content(page, here)
                found |= {key: kept[key] for key in here}
        return found

    def put_back(self, model: type[Record], lot: Mapping[int, T]) -> None:
        """Keep what was noted on records of one model, where they were before."""
        rest = dict(lot)
        for page in self._pages:
            keys = [key for key in rest if page.holds(key)] if page.model is model and not page.is_new else []
            here = {key: rest.pop(key) for key in keys if (model, key) not in self._held}
            if here:
                self._spool[page.place] = self._spool[page.place] | here
        self._held |= {(model, key): one for key, one in rest.items()}

    def put_away(self, model: type[Record], lot: Mapping[int, T], *, altered: bool) -> None:
        """Keep a lot of records of one model outside of memory."""
        ordered = dict(sorted(lot.items()))
        self._pages.append(Page(model, array("q", ordered), self._spool.append(ordered), altered))

    def note_new(self, model: type[Record], keys: Iterable[int]) -> None:
        """Know of records that none of them was there before."""
        self._pages.append(Page(model, array("q", sorted(keys)), NEW))

    def keys(self, *kinds: type) -> Iterator[Key]:
        """The records of these kinds."""
        for page in self._pages:
            if issubclass(page.model, kinds):
                yield from ((page.model, key) for key in self._rest(page))
        yield from (key for key in self._held if issubclass(key[0], kinds))

    def new_keys(self) -> Iterator[tuple[type[Record], list[int]]]:
        """The records that are known to be new, in lots of one model."""
        return ((page.model, self._rest(page)) for page in self._pages if page.is_new)

    def items(self, *kinds: type, altered: bool = False, new: bool = True) -> Iterator[tuple[Key, T]]:
        """What is known of the records of these kinds, with or without those known to be new; where `altered` ones are
        wanted, no page that holds none.
        """
        for page in list(self._pages):
            wanted = (page.altered or not altered) and (new or not page.is_new)
            if issubclass(page.model, kinds) and wanted:
                for key, one in self._content(page, self._rest(page)).items():
                    yield (page.model, key), one
        held = {model for model, _ in self._held}
        chosen = {model for model in held if issubclass(model, kinds)}
        for record, one in list(self._held.items()) if chosen else ():
            if record[0] in chosen:
                yield record, one

    def lots(self, *kinds: type, altered: bool = False, new: bool = True) -> Iterator[dict[Key, T]]:
        """The same in lots of bounded size, with or without those known to be new; that of the records in memory may
        hold other kinds too.
        """
        for page in list(self._pages):
            wanted = (page.altered or not altered) and (new or not page.is_new)
            if issubclass(page.model, kinds) and wanted:
                content = self._content(page, self._rest(page))
                yield {(page.model, key): one for key, one in content.items()}
        if self._held:
            yield dict(self._held)

    def part(self, lot: Mapping[Key, T]) -> "Found[T]":
        """One lot as a whole."""
        found: Found[T] = Found(self._read)
        found._held = dict(lot)
        return found

    def drop(self, keys: Iterable[Key]) -> None:
        """Forget records that are held in memory."""
        for key in keys:
            self._held.pop(key, None)

    def _rest(self, page: Page) -> list[int]:
        """The row ids of a page that memory holds nothing newer of."""
        return [key for key in page.keys if (page.model, key) not in self._held]

    def _content(self, page: Page, keys: Sequence[int]) -> dict[int, T]:
        if page.is_new:
            return self._read(page.model, keys)
        kept = self._spool[page.place]
        return {key: kept[key] for key in keys}
