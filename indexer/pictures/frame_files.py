"""Frames of a film as picture files, so many a second, chosen by time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from indexer.decoding.child import Message, Opened, Progress, Request, Shown, decode_file
from indexer.decoding.outcome import DecodeOutcome
from indexer.pictures.picture_files import encoded
from indexer.sources.base import Tap
from indexer.sources.registry import find_source
from indexer.whole_file import whole_file
from search.contracts import UInt8

QUALITY = 90
"""Of JPEGs, 0..100."""


def frame_name(film: str, seconds: float, suffix: str = ".jpg") -> str:
    """Names sort by film, then by time."""
    return f"{Path(film).stem}_{seconds:010.3f}{suffix}"


def write_frame_files(
    film: Path,
    folder: Path,
    fps: float,
    longest_side: int,
    suffix: str = ".jpg",
    on_time: Callable[[float, float | None], None] = lambda _done, _whole: None,
    *,
    phase: float = 0.0,
) -> tuple[list[float], DecodeOutcome]:
    """Writes `fps` frames a second of film into a folder that is there, no side longer than so many pixels.

    `on_time` is told the seconds done and, where known, the film's; `phase` is that of a `Tap`. Gives the times in
    seconds at which frames were looked for, the last perhaps after the film's end, and how the decoding ended. Raises
    DiskFull, CannotGoOn.
    """
    times: list[float] = []
    whole: float | None = None

    def take(message: Message, picture: UInt8 | None) -> None:
        nonlocal whole
        if isinstance(message, Opened):
            whole = message.info.duration
        if isinstance(message, Progress):
            on_time(message.time, whole)
        if isinstance(message, Shown) and picture is not None:
            for step in message.steps:
                times.append((step + phase) / fps)
                _write_picture(folder / frame_name(film.name, times[-1], suffix), picture)

    tap = Tap("frames", fps, longest_side, longest_side, "inside", phase)
    return times, decode_file(Request(str(film), (tap,), 0.0, None), find_source(), take)


def _write_picture(path: Path, picture: UInt8) -> None:
    with whole_file(path) as part:
        part.write_bytes(encoded(picture, path.suffix, QUALITY))
