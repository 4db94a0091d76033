"""The text tracks inside a film; subtitles that are pictures (DVD, Blu-ray) are passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Stream
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from indexer.cues.markup import plain
from indexer.sources.base import CannotDecode
from indexer.sources.pyav import PyavSource
from search.catalog.records import Cue

ASS_FIELDS = 8
"""FFmpeg gives every text subtitle as an ASS line; so many commas stand before its words."""


def read_tracks(path: Path, most: int, alive: Callable[[], None]) -> list[Cue]:
    """At most `most` cues, by track and time; of a damaged film as much as can be read. No file raises.

    Calls `alive` with every packet that is passed by.
    """
    try:
        with closing(PyavSource(path)) as source:
            subtitles = source.container.streams.subtitles
            tracks = {stream.index: number for number, stream in enumerate(subtitles, 1) if _is_text(stream)}
            return _read(source.container, tracks, _first_shown(path)[0], most, alive) if tracks else []
    except (CannotDecode, av.FFmpegError, OSError):
        return []


def seconds_before(path: Path) -> float:
    """What a player plays of a film before its first shown frame; times in files beside it begin there."""
    try:
        first, start = _first_shown(path)
    except (CannotDecode, av.FFmpegError, OSError):
        return 0.0
    return max(first - start, 0.0)


def _first_shown(path: Path) -> tuple[float, float]:
    """The timestamps of the first shown frame and of the beginning of the film, in seconds."""
    with closing(PyavSource(path)) as source:
        return source.origin(), (source.container.start_time or 0) / av.time_base


def _read(
    container: InputContainer, tracks: Mapping[int, int], origin: float, most: int, alive: Callable[[], None]
) -> list[Cue]:
    """`tracks`: the number of each track by the index of its stream."""
    if "mov" in container.format.name:  # its index leads to the words alone; other files are read through anyway
        for stream in container.streams:
            stream.discard = Discard.default if stream.index in tracks else Discard.all
    cues: list[tuple[int, Cue]] = []
    left = 8 * container.size + (1 << 20)
    with suppress(av.FFmpegError):
        for packet in container.demux():
            alive()
            if number := tracks.get(packet.stream.index):
                cues += [(number, cue) for cue in _cues(packet, origin, f"track {number}")]
            left -= packet.size
            if len(cues) >= most or left < 0:  # below zero the demuxer runs in a circle
                break
    return [cue for _, cue in sorted(cues[:most], key=lambda it: it[0])]


def _is_text(stream: SubtitleStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.codec.text_sub


def _cues(packet: Packet[Stream], origin: float, source: str) -> Iterator[Cue]:
    if packet.pts is None or packet.time_base is None or not packet.size:
        return
    start = float(packet.pts * packet.time_base) - origin
    end = start + float((packet.duration or 0) * packet.time_base)
    try:
        rects = cast("Packet[SubtitleStream]", packet).decode()
    except av.FFmpegError:
        return
    for rect in rects:
        if isinstance(rect, AssSubtitle):
            words = rect.ass.decode("utf-8", "replace").split(",", ASS_FIELDS)[-1]
            yield Cue(start, end, plain(words), source)
