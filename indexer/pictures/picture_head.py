"""What the bytes of a picture file say before anything decodes them. Pure; never raises."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG segments that state a size: SOF0 to SOF15, without the tables that lie between."""
SCAN = 0xDA
END = b"\xff\xd9"


class Size(NamedTuple):
    """Pixels, as stored."""

    width: int
    height: int


def stated_size(data: bytes) -> Size | None:
    """The size that a PNG or JPEG says it has; None where `data` says none, or is something else.

    Decoders refuse a picture of 30,000 x 30,000 without a reason, so we look ourselves.
    """
    if data.startswith(PNG) and len(data) >= 24:
        return Size(*struct.unpack(">II", data[16:24]))
    for marker, at in _jpeg_segments(data):
        if marker in FRAMES and len(data) >= at + 9:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Size(width, height)
    return None


def is_cut_off(data: bytes) -> bool:
    """Whether a JPEG ends within its picture; decoders fill the rest with grey and say nothing.

    The bytes that end a picture never occur inside it; what may follow (a phone's short film) does not matter.
    """
    return any(marker == SCAN and data.find(END, at) < 0 for marker, at in _jpeg_segments(data))


def is_animated_webp(data: bytes) -> bool:
    """Whether it is a WebP of several pictures (RFC 9649 2.7), which FFmpeg does not decode."""
    return data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and bool(data[20:21] and data[20] & 2)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and place of each segment of a JPEG up to the first scan (ITU T.81 B.1.1.4); none of anything else."""
    at = 2 if data.startswith(JPEG) else len(data)
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        yield marker, at
        if marker == SCAN:
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
