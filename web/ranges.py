"""Byte ranges of RFC 9110 §14: which part of a file a request asks for."""

from __future__ import annotations

import io
import re
from typing import BinaryIO, NamedTuple

_SINGLE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class ByteRange(NamedTuple):
    """Bytes `start` up to, not including, `stop`."""

    start: int
    stop: int


class UnsatisfiableRangeError(Exception):
    """The range lies wholly behind the end of the file."""


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The one range that a `Range` header asks of a file of `size` bytes; None means the whole file.

    A header that is malformed, of another unit, or asks for several ranges is passed over, as the RFC allows.
    Raises UnsatisfiableRangeError.
    """
    match = _SINGLE.fullmatch(header or "")
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = (int(digits) if digits else None for digits in match.groups())
    if first is None:
        wanted = ByteRange(max(0, size - (last or 0)), size)
    elif last is not None and last < first:
        return None
    else:
        wanted = ByteRange(first, size if last is None else min(last + 1, size))
    if wanted.start >= wanted.stop:
        raise UnsatisfiableRangeError
    return wanted


class FileSpan(io.RawIOBase):
    """A part of an open file as a file of its own; closing it closes the file.

    It is seekable, so a WSGI server can send it from its own loop: a paused player then keeps no worker thread.
    """

    def __init__(self, file: BinaryIO, span: ByteRange) -> None:
        self._file, self._span = file, span
        file.seek(span.start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell() - self._span.start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        length = self._span.stop - self._span.start
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: length}[whence]
        self._file.seek(self._span.start + max(0, base + offset))
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._span.stop - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def close(self) -> None:
        self._file.close()
        super().close()
