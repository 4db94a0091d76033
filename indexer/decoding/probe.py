"""What a file says about itself: whether it may be a video, why it is none, and when it was taken (pure)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import BinaryIO

HEAD = 1 << 16
"""Bytes of the head that tell what a file is."""
SNIFF = 64
"""Bytes that `is_media` needs."""

_MAGIC = re.compile(
    rb"""
      ....(ftyp|moov|mdat|wide|free|skip|pnot)  # MP4, QuickTime and their kin
    | \x1a\x45\xdf\xa3                          # Matroska, WebM
    | RIFF....(AVI\x20|AVIX)
    | FLV[\x01-\x05]
    | OggS
    | \x30\x26\xb2\x75\x8e\x66\xcf\x11          # ASF, WMV
    | \.RMF | \.ra\xfd
    | \x00\x00\x01[\xba\xb3]                    # MPEG programme and elementary streams
    | GIF8[79]a
    | YUV4MPEG2
    | DKIF
    | \x06\x0e\x2b\x34\x02\x05\x01\x01          # MXF
    | \x47.{3}                                  # MPEG-TS: only with the second sync byte, below
    """,
    re.VERBOSE | re.DOTALL,
)
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_STILL_BRANDS = (b"avif", b"mif1", b"heic", b"heix", b"crx ", b"jp2 ")  # pictures that borrow the MP4 boxes
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ", b"aax ")

TAKEN = ("com.apple.quicktime.creationdate", "creation_time")
"""Metadata that say when a film was taken; the first knows the time zone."""
DAY = 86_400.0

_OGG_SOUND = re.compile(
    rb"OggS.{24}(\x01vorbis|OpusHead|\x7fFLAC|Speex)", re.DOTALL
)  # of film, the picture comes first

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (rb"\s*(<!doctype html|<html)", "HTML text"),
    (rb"\s*(<\?xml|<svg|<MPD)", "XML text"),
    (rb"\s*\#EXTM3U", "a playlist"),
    (rb"\s*ffconcat", "a list of other files"),
    (rb"PK\x03\x04", "a zip archive"),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "an archive"),
    (rb"%PDF", "a PDF document"),
    (rb"\x00\x05\x16[\x00\x07]", "an AppleDouble side file"),
    (rb"\x7fELF|MZ", "a program"),
    (rb"SQLite format 3", "a database"),
)


def is_media(head: bytes) -> bool:
    """Whether a file that begins with these 64 bytes is in a container of moving pictures, not of stills or sound."""
    if not _MAGIC.match(head):
        return False
    if head[:1] == b"\x47" and head[:3] != b"GIF":
        return _is_transport_stream(head)
    if head[4:8] == b"ftyp":
        return head[8:12] not in _STILL_BRANDS + _AUDIO_BRANDS
    return not _OGG_SOUND.match(head)


def _is_transport_stream(head: bytes) -> bool:
    """A sync byte alone is the letter G, so the four-byte header must make sense: programme tables come first."""
    pid = int.from_bytes(head[1:3], "big") & 0x1FFF
    return len(head) >= 4 and not head[1] & 0x80 and pid in {0, 17} and bool(head[3] & 0x10) and not head[3] & 0xC0


def diagnose(file: BinaryIO) -> tuple[str, str]:
    """A stable code and one line for people: why `file`, opened for reading, did not open as a video."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    if size == 0:
        return "empty", "empty file"
    if kind := _other_kind(head):
        return "not-video", f"not a video: {kind}"
    if is_encrypted(head):
        return "encrypted", "encrypted"
    if head[4:8] in _MP4_BOXES:
        return _diagnose_mp4(file, size)
    return "damaged", "damaged or cut off right at its beginning"


def _other_kind(head: bytes) -> str:
    """What a file is that is no container of film; empty for one that is."""
    for sign, name in _SIGNS:
        if re.match(sign, head, re.IGNORECASE):
            return name
    if is_text(head):
        return "text"
    return "" if _MAGIC.match(head) else "nothing in it is recognised"


def _diagnose_mp4(file: BinaryIO, size: int) -> tuple[str, str]:
    """Walks the top-level boxes (ISO 14496-12) up to the index, or to the first that cannot be true."""
    start = 0
    while start + 8 <= size:
        file.seek(start)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if kind == b"moov" and start + length > size:
            return "cut-off", "cut off: ends inside its index (moov)"
        if kind == b"moov":
            return "damaged", "damaged: its index (moov) cannot be read"
        if length < 8:
            break
        start += length
    return "no-index", "cut off: no index (moov)" if start > size else "damaged: no index (moov)"


def is_text(head: bytes) -> bool:
    sample = head[:2048]
    if not sample or b"\x00" in sample:
        return False
    strange = sum(byte < 9 or 13 < byte < 32 or byte == 127 for byte in sample)
    return strange == 0 and "�" not in sample.decode("utf-8", "replace")[:-3]


def is_encrypted(data: bytes) -> bool:
    """Whether MP4 boxes or Matroska elements of encryption stand in `data` (ISO 23001-7: sinf with encv; pssh)."""
    return (b"encv" in data and b"sinf" in data) or b"pssh" in data


def codec_named(data: bytes) -> str:
    """The codec that an MP4 sample description or a Matroska track in `data` names; empty where none does."""
    if found := re.search(rb"stsd.{12}([\x20-\x7e]{4})", data, re.DOTALL):
        return found[1].decode("ascii").strip()
    if found := re.search(rb"V_[A-Z0-9/_]{2,24}", data):
        return found[0].decode("ascii")
    return ""


def taken_at(metadata: Mapping[str, str], now: float) -> float | None:
    """When a film was taken, by the metadata of its container: seconds since the epoch, UTC where no zone is said.

    Clocks that were never set say 1904 or 1970, or a day to come: None then, and where nothing is said.
    """
    for key in TAKEN:
        try:
            said = datetime.fromisoformat(metadata.get(key, "").strip())
            time = (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            continue
        if DAY < time < now + DAY:
            return time
    return None
