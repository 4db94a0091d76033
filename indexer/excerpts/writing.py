"""Moving pictures as files: MP4 with the times as they are and the sound, animated GIF and WebP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.filter import Graph
from av.video.format import VideoFormat
from av.video.stream import VideoStream

from indexer.excerpts.reading import TimedFrame
from indexer.excerpts.sound import Sound
from indexer.whole_file import whole_file
from search.contracts import UInt8
from search.errors import UsageError

TICKS = 90_000
"""Of the MP4's clock, a second; every usual rate divides it."""
ENCODER = {"crf": "18", "preset": "veryfast"}
FASTEST = 25.0
"""Pictures a second of a GIF or WebP."""
SUFFIXES = (".mp4", ".gif", ".webp")


@dataclass
class Written:
    """What has been written so far."""

    frames: int = 0
    seconds: float = 0.0


def write_moving(
    path: Path,
    frames: Iterable[TimedFrame],
    sound: Sound | None = None,
    on_frame: Callable[[float], None] = lambda _until: None,
) -> Written:
    """Writes frames, the first at 0 seconds, as what the suffix of `path` says.

    `on_frame` is told up to which second. Sizes that H.264 cannot have are padded by a row or column. The file
    appears whole or not at all; only an MP4 takes sound. Raises UsageError for another suffix and for no frame at
    all, DiskFull, CannotGoOn.
    """
    write = writer_for(path)
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise UsageError("There is no frame to write.", "Choose a longer span.")
    written = Written()
    with whole_file(path) as part:
        write(part, _counted(chain([first], frames), first.time, written, on_frame), sound)
    return written


def writer_for(path: Path) -> Callable[[Path, Iterator[TimedFrame], Sound | None], None]:
    """Raises UsageError for a suffix that is not one of `SUFFIXES`."""
    writers = {".mp4": _write_mp4, ".gif": _write_gif, ".webp": _write_webp}
    if path.suffix.lower() not in writers:
        raise UsageError(f"{path.name} is nothing that can be written.", f"End it in {', '.join(SUFFIXES)}.")
    return writers[path.suffix.lower()]


def require_output(path: Path, film: Path) -> None:
    """Raises UsageError for what cannot be written: another suffix, and the film that it is made of."""
    writer_for(path)
    if path.exists() and film.exists() and path.samefile(film):
        raise UsageError(f"{path} is the film itself.", "Name another file.")


def _counted(
    frames: Iterable[TimedFrame], start: float, written: Written, on_frame: Callable[[float], None]
) -> Iterator[TimedFrame]:
    """The frames with their times from `start` on."""
    for frame in frames:
        written.frames += 1
        written.seconds = frame.until - start
        yield TimedFrame(frame.time - start, written.seconds, frame.picture)
        on_frame(written.seconds)


def _write_mp4(part: Path, frames: Iterator[TimedFrame], sound: Sound | None) -> None:
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        first = next(frames)
        height, width = first.picture.shape[:2]
        stream = container.add_stream("libx264", rate=Fraction(30), options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        track = sound.add_to(container) if sound else None
        end = 0.0
        for frame in chain([first], frames):
            _mux(container, stream, _even(frame.picture), frame)
            end = frame.until
            if track:
                track.write_until(end)
        container.mux(stream.encode(None))
        if track:
            track.finish(end)


def _mux(container: OutputContainer, stream: VideoStream, picture: UInt8, frame: TimedFrame) -> None:
    shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
    shown.pts, shown.time_base = round(frame.time * TICKS), Fraction(1, TICKS)
    shown.duration = max(1, round((frame.until - frame.time) * TICKS))
    container.mux(stream.encode(shown))


def _even(picture: UInt8) -> UInt8:
    height, width = picture.shape[:2]
    if not (height % 2 or width % 2):
        return picture
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _write_gif(part: Path, frames: Iterator[TimedFrame], _sound: Sound | None) -> None:
    """With a palette made for these pictures."""
    graph = Graph()
    ticking = _ticking(frames)
    first = next(ticking)
    height, width = first.shape[:2]
    source = graph.add_buffer(
        width=width, height=height, format=VideoFormat("rgb24"), time_base=Fraction(1, round(FASTEST))
    )
    split, palette = graph.add("split"), graph.add("palettegen", "stats_mode=diff")
    use, sink = graph.add("paletteuse", "dither=sierra2_4a:diff_mode=rectangle"), graph.add("buffersink")
    source.link_to(split)
    split.link_to(palette, 0, 0)
    split.link_to(use, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    with av.open(str(part), "w", format="gif", options={"loop": "0"}) as container:
        stream = container.add_stream("gif", rate=round(FASTEST))
        stream.width, stream.height, stream.pix_fmt = width, height, "pal8"
        for at, picture in enumerate(chain([first], ticking)):
            shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
            shown.pts, shown.time_base = at, Fraction(1, round(FASTEST))
            graph.push(shown)
        graph.push(None)
        for mapped in _drained(graph):
            container.mux(stream.encode(mapped))
        container.mux(stream.encode(None))


def _drained(graph: Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.EOFError, av.BlockingIOError):
            return
        assert isinstance(frame, av.VideoFrame)
        yield frame


def _write_webp(part: Path, frames: Iterator[TimedFrame], _sound: Sound | None) -> None:
    ticking = _ticking(frames)
    first = next(ticking)
    with av.open(str(part), "w", format="webp", options={"loop": "0"}) as container:
        stream = container.add_stream("libwebp_anim", rate=round(FASTEST), options={"quality": "80"})
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in chain([first], ticking):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def _ticking(frames: Iterator[TimedFrame]) -> Iterator[UInt8]:
    """What is on screen at each tick of `FASTEST`; at least one picture."""
    tick = 0
    for frame in frames:
        while tick == 0 or tick / FASTEST < frame.until - 1e-6:
            yield frame.picture
            tick += 1
