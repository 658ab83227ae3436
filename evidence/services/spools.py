"""Sequences longer than memory should hold: what is not at hand lies in an unnamed file that goes with them."""

import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Generic, TypeVar, overload
from weakref import finalize

from django.conf import settings

T = TypeVar("T")

HELD = 1 << 20
"""Bytes that are kept in memory before a file is opened."""

END = b"\n"


class Spool(Sequence[T], Generic[T]):
    """Items in their order, of any number, of which memory holds no more than where each begins and ends.

    An item that is taken out is a copy: put it back where it should stay changed. `pack` makes bytes of an item and
    `unpack` an item of bytes; by default any Python object may be kept, in a file of this process alone.
    """

    def __init__(
        self,
        items: Iterable[T] = (),
        *,
        pack: Callable[[T], bytes] = pickle.dumps,
        unpack: Callable[[bytes], T] = pickle.loads,
    ) -> None:
        self._pack, self._unpack = pack, unpack
        self._file: IO[bytes] | None = None
        self._starts, self._sizes, self._end = array("Q"), array("L"), 0
        for item in items:
            self.append(item)

    def append(self, item: T) -> int:
        """Add an item; returns its place."""
        place = len(self._starts)
        start, size = self._write(self._pack(item))
        self._starts.append(start)
        self._sizes.append(size)
        return place

    def __setitem__(self, place: int, item: T) -> None:
        self._starts[place], self._sizes[place] = self._write(self._pack(item))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._unpack(self._read(self._starts[place], self._sizes[place]))

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[T]:
        for place in range(len(self)):
            yield self[place]

    def save(self, path: Path) -> None:
        """Write the items into a file, a line each; their bytes may hold no line feed."""
        with path.open("wb") as out:
            for start, size in zip(self._starts, self._sizes, strict=True):
                out.write(self._read(start, size) + END)

    @classmethod
    def opened(cls, path: Path, *, pack: Callable[[T], bytes], unpack: Callable[[bytes], T]) -> "Spool[T]":
        """What was saved; raises FileNotFoundError where nothing was. The file itself is not written to."""
        spool = cls(pack=pack, unpack=unpack)
        with path.open("rb") as file:
            for line in file:
                start, size = spool._write(line[: -len(END)])
                spool._starts.append(start)
                spool._sizes.append(size)
        return spool

    def _write(self, packed: bytes) -> tuple[int, int]:
        if self._file is None:
            self._file = SpooledTemporaryFile(max_size=HELD, dir=str(settings.DATA_DIR))  # noqa: SIM115  # as long as this
            finalize(self, self._file.close)
        start = self._end
        self._file.seek(start)
        self._file.write(packed)
        self._end += len(packed)
        return start, len(packed)

    def _read(self, start: int, size: int) -> bytes:
        file: Any = self._file
        file.seek(start)
        return bytes(file.read(size))
