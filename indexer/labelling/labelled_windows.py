"""Labelled clips and pictures as windows of frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from classifiers.activity.examples import Look
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from indexer.labelling.labelled_files import LabelledFile, LabelledFiles
from indexer.pictures.picture_files import fit_picture, read_picture
from indexer.sources.base import Tap
from search.contracts import Int64, UInt8
from search.errors import UsageError, first_of

T = TypeVar("T")
OnProgress = Callable[[int, int], None]
"""Called with the files read and how many there are."""


@dataclass(frozen=True, slots=True)
class FileWindows:
    """One file that could be read."""

    file: LabelledFile
    windows: UInt8
    """RGB `[N, T, S, S, 3]`."""
    counts: Int64
    """`[N]`: the frames of each that the film fills; after them its last one is held."""


def read_windows(
    found: LabelledFiles,
    look: Look,
    *,
    strict: bool = False,
    on_pass: Callable[[str], None] = lambda _: None,
    on_progress: OnProgress | None = None,
) -> Iterator[FileWindows]:
    """Every file that can be read, one after another; `on_pass` gets a line for each other.

    Raises UsageError where none can be, or with `strict` for the first that cannot; and for pictures where `look`
    wants courses of several frames.
    """
    if look.window > 1 and (pictures := [file.name for file in found.files if file.is_picture]):
        raise UsageError(
            f"A picture shows no course of frames: {first_of(pictures)}.", "Use --arch frames, or give clips."
        )

    def pass_over(line: str) -> None:
        if strict:
            raise UsageError(f"{line}.", "Mend that, or leave --strict out to go on without it.")
        on_pass(line)

    for name in found.missing:
        pass_over(f"{name} is missing")
    some = False
    with Decoder() as decoder:
        for i, file in enumerate(found.files):
            read = _read_picture(file, look) if file.is_picture else _read_clip(file, look, decoder)
            if isinstance(read, str):
                pass_over(f"{file.name} {read}")
            else:
                some = True
                yield read
            if on_progress:
                on_progress(i + 1, len(found.files))
    if not some:
        raise UsageError("None of the files can be read.", "Give clips or pictures in a common format.")


def _read_picture(file: LabelledFile, look: Look) -> FileWindows | str:
    picture = read_picture(file.path)
    if picture is None:
        return "is no picture"
    tap = Tap("picture", look.fps, look.size, look.size, look.fit)
    return FileWindows(file, fit_picture(picture, tap)[None, None], np.ones(1, np.int64))


def _read_clip(file: LabelledFile, look: Look, decoder: Decoder) -> FileWindows | str:
    plan = ClipPlan(look.window, look.fps, look.size, fit=look.fit)
    clips = spread(decoder.decode(file.path, plan, thumbnails=False), look.most)
    if not clips:
        return f"cannot be decoded: {decoder.outcome.reason or 'it holds no frame'}"
    counts = np.array([shown_frames(clip.end - clip.start, look) for clip in clips], np.int64)
    # A rest of a few frames tells less than nothing: it looks like a film that stands.
    full = counts >= min(look.window / 2, counts.max())
    return FileWindows(file, np.stack([clip.frames for clip in clips])[full], counts[full])


def shown_frames(seconds: float, look: Look) -> int:
    """How many frames of a window a film of so many seconds fills. Pure."""
    return min(max(1, round(seconds * look.fps)), look.window)


def spread(clips: Iterable[T], most: int) -> list[T]:
    """At most `most` of them, about evenly over the film; of a long one, twice as many are held at any time."""
    held: list[T] = []
    stride = 1
    for i, clip in enumerate(clips):
        if i % stride == 0:
            held.append(clip)
        if len(held) > 2 * most:
            held, stride = held[::2], 2 * stride
    count = min(most, len(held))
    return [held[(2 * i + 1) * len(held) // (2 * count)] for i in range(count)]
