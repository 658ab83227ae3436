"""ZIP archives, opened only as far as what they say of themselves is in bounds and can be true.

Nothing is written under a name from an archive. What a member unpacks to is counted while it is unpacked.
"""

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Self

from evidence.exchange.files.grids import FileRefused
from evidence.exchange.files.limits import SMALL, Limits, size

CHUNK = 2**16
END, LARGE_END = b"PK\x05\x06", re.compile(rb"PK\x06\x06(?=.{52})", re.DOTALL)
END_LENGTH, LARGE_END_LENGTH, LOCAL_LENGTH = 22, 76, 30
UNTOLD = 2**32 - 1
"""What stands for a number that only the end of a large archive tells."""
LONGEST_COMMENT = 2**16 - 1
LONGEST_ENTRY = 1024
"""Bytes of the directory for one entry: 46, its name, and what programs add."""
ENCRYPTED = 1
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error)
MENDED = "pack or save it anew"


class Archive:
    """An open archive whose directory has been checked; what one inside of another unpacks to counts for both."""

    def __init__(self, stream: IO[bytes], file: str, limits: Limits, *, inside: Self | None = None) -> None:
        self.file, self.limits, self.inside, self.unzipped = file, limits, inside, 0
        if _directory_length(stream) > limits.entries * LONGEST_ENTRY:
            raise self._too_many()
        try:
            self.zip = zipfile.ZipFile(stream)
        except BROKEN as error:
            raise self.damaged(error) from error
        self.members = {entry.filename: entry for entry in self.zip.infolist() if not entry.is_dir()}
        self._check()

    def chunks(self, name: str) -> Iterator[bytes]:
        """What a member unpacks to, piece by piece."""
        try:
            with self.zip.open(self.members[name]) as member:
                while chunk := member.read(CHUNK):
                    self.spend(len(chunk))
                    yield chunk
        except BROKEN as error:
            raise self.damaged(error) from error

    def spend(self, number: int) -> None:
        """Count what was unpacked, or repeated from it; refused where it is too much."""
        self.unzipped += number
        if self.inside:
            self.inside.spend(number)
        if self.unzipped > self.limits.unzipped:
            raise self._too_large()

    def beginning(self, name: str, length: int) -> bytes:
        """The first bytes of a member."""
        found = b""
        for chunk in self.chunks(name):
            found += chunk
            if len(found) >= length:
                break
        return found[:length]

    @contextmanager
    def unpacked(self, name: str) -> Iterator[IO[bytes]]:
        """A member as a file without a name, for as long as it is needed."""
        with tempfile.TemporaryFile() as stream:
            for chunk in self.chunks(name):
                stream.write(chunk)
            yield stream

    def refused(self, message: str) -> FileRefused:
        """What is wrong with the archive."""
        return FileRefused(self.file, message)

    def damaged(self, error: Exception) -> FileRefused:
        """An archive that cannot be unpacked."""
        return self.refused(f"The file is damaged ({error}); {MENDED}.")

    def _check(self) -> None:
        entries = self.zip.infolist()
        if len(entries) > self.limits.entries:
            raise self._too_many()
        for entry in entries:
            self._check_entry(entry)
        if sum(entry.file_size for entry in entries) > self.limits.unzipped:
            raise self._too_large()
        name, times = (
            Counter(entry.filename.lower() for entry in entries).most_common(1)[0] if entries else ("", 1)
        )
        if times > 1:
            raise self.refused(f"The file holds “{name}” {times} times; {MENDED}.")
        self._check_overlaps(sorted(entries, key=lambda entry: entry.header_offset))

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & ENCRYPTED:
            raise self.refused("The file is under a password; take the password off.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.refused(f"The file is packed in a way that is not read; {MENDED} the usual way.")
        if entry.file_size > max(SMALL, entry.compress_size * self.limits.ratio):
            raise self.refused(
                f"“{entry.filename}” unpacks to {size(entry.file_size)}, more than {self.limits.ratio} times of what "
                "it is packed into, which no table does; delete empty rows and columns, or save as CSV."
            )

    def _check_overlaps(self, entries: list[zipfile.ZipInfo]) -> None:
        ends = [*(entry.header_offset for entry in entries), self.zip.start_dir][1:]
        for entry, end in zip(entries, ends, strict=True):
            if entry.header_offset + LOCAL_LENGTH + entry.compress_size > end:
                raise self.refused(f"The file is damaged (“{entry.filename}” lies across others); {MENDED}.")

    def _too_many(self) -> FileRefused:
        return self.refused(
            f"The archive has more than the {self.limits.entries:,} entries that are read; split it."
        )

    def _too_large(self) -> FileRefused:
        return self.refused(
            f"The file unpacks to more than the {size(self.limits.unzipped)} that are read; split it into several."
        )


def _directory_length(stream: IO[bytes]) -> int:
    """How long the directory says that it is: zipfile reads all of it at once, however many entries that makes."""
    length = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, length - LONGEST_COMMENT - END_LENGTH - LARGE_END_LENGTH))
    tail = stream.read()
    place = len(tail) - END_LENGTH
    if not (tail.startswith(END, place) and tail.endswith(b"\0\0")):
        place = tail.rfind(END)
    if not 0 <= place <= len(tail) - END_LENGTH:
        return 0  # no archive, as zipfile will say
    told = struct.unpack_from("<L", tail, place + 12)
    # Which end of a large archive counts, versions of zipfile see differently: none of them may be too long.
    large = [
        struct.unpack_from("<Q", tail, found.start() + 40)[0] for found in LARGE_END.finditer(tail, 0, place)
    ]
    return max([*large, *(number for number in told if number != UNTOLD)], default=UNTOLD)
