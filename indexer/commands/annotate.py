"""`vsearch annotate`: what is seen, drawn on the film itself: a file, a camera, a stream."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

from search.answer import printable
from search.documents import json_option, print_document
from search.errors import CannotGoOn, UsageError
from search.progress_bar import counting_bar

if TYPE_CHECKING:
    from indexer.excerpts.reading import TimedFrame
    from indexer.excerpts.writing import Written

WINDOW = "vsearch"


@click.command()
@click.argument("source", metavar="FILE|CAMERA|-")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The MP4 to write, with the film's sound.")
@click.option("--show", is_flag=True, help="Show it in a window while it runs; q quits.")
@click.option("--no-emotion", is_flag=True, help="Do not read expressions.")
@click.option(
    "--activity", default="zero-shot", show_default=True, metavar="zero-shot|i3d|MODEL|none", help="As in `index`."
)
@click.option("--activity-labels", "labels", type=click.Path(path_type=Path), help="A list for zero-shot.")
@click.option("--characters", metavar="drawn|MODEL", help="Look for the characters of this model.")
@click.option("--encoder", default="auto", show_default=True, help="What zero-shot asks.")
@click.option(
    "--window", type=click.IntRange(1), metavar="K",
    help="Predictions of activity to average, 1 = none; 5 seconds of them unless given.",
)  # fmt: skip
@json_option
def annotate(
    *, source: str, output: Path | None, show: bool, no_emotion: bool, activity: str, as_json: bool, **wanted: Any
) -> None:
    """Draw on every frame what is seen: the leading face and its expression, the activity, the characters.

    \b
    vsearch annotate film.mp4 -o seen.mp4 --characters drawn
    vsearch annotate 0 --show
    ffmpeg -i rtsp://camera -f matroska - | vsearch annotate - -o seen.mp4

    A camera is named by its number; live, frames that come too fast are dropped. Ctrl-C ends a live film, which is
    kept; of a file that is not done nothing is kept.
    """
    from indexer.annotating.making import Wanted, annotated, open_watch
    from indexer.excerpts.reading import film_info
    from indexer.excerpts.writing import require_output
    from indexer.interrupt import interruptible

    if output is None and not show:
        raise UsageError("Nobody would see it.", "Write it with --output seen.mp4, or watch it with --show.")
    if output is not None and output.suffix.lower() != ".mp4":
        raise UsageError(f"{output.name} is no film that can be written.", "End it in .mp4.")
    if show:
        require_screen()
    film = None if source == "-" or source.isdecimal() else Path(source)
    info = film_info(film) if film else None
    if film and output:
        require_output(output, film)
    rate, seconds = (info.fps or 25.0, info.duration) if info else (25.0, None)
    chosen = Wanted(emotion=not no_emotion, activity=None if activity == "none" else activity, **wanted)
    watch = open_watch(chosen, rate)
    with interruptible() as stopped:
        frames = annotated(open_frames(source, stopped), watch)
        written = play(shown(frames) if show else frames, output, film, seconds)
    if as_json:
        path = None if output is None else printable(str(output))
        print_document({"schema": 1, "path": path, "frames": written.frames, "seconds": round(written.seconds, 3)})
    elif output:
        click.echo(f"Wrote {written.frames} frames to {printable(str(output))}.", err=True)


def open_frames(source: str, stopped: Callable[[], bool]) -> Iterator[TimedFrame]:
    """The frames of a file, a camera or standard input, until they end or `stopped` says so.

    Raises KeyboardInterrupt where a file is stopped, so that no half of it is kept.
    """
    from indexer.annotating.live import open_camera, open_stream
    from indexer.excerpts.reading import read_span

    if source == "-" or source.isdecimal():
        newest = open_stream() if source == "-" else open_camera(int(source))
        yield from newest.frames(stopped)
        return
    for frame in read_span(Path(source)):
        if stopped():
            raise KeyboardInterrupt
        yield frame


def play(frames: Iterator[TimedFrame], output: Path | None, film: Path | None, total: float | None) -> Written:
    """Writes the frames, with the sound of `film`, or only goes through them; `total` seconds are to be expected."""
    from indexer.excerpts.sound import Sound
    from indexer.excerpts.writing import Written, write_moving

    with counting_bar(TextColumn("annotating"), BarColumn(), TimeRemainingColumn()) as told:
        if output:
            sound = Sound(film) if film else None
            return write_moving(output, frames, sound, lambda until: told(until, total or until))
        gone = Written()
        for frame in frames:
            gone.frames, gone.seconds = gone.frames + 1, frame.until
        return gone


def shown(frames: Iterator[TimedFrame]) -> Iterator[TimedFrame]:
    """The frames, each shown in a window at its time, until q is pressed."""
    import cv2

    began = time.monotonic()
    for frame in frames:
        cv2.imshow(WINDOW, cv2.cvtColor(frame.picture, cv2.COLOR_RGB2BGR))
        ahead = frame.time - (time.monotonic() - began)
        yield frame
        if cv2.waitKey(max(1, round(1000 * ahead))) & 0xFF == ord("q"):
            break
    cv2.destroyAllWindows()


def require_screen() -> None:
    """Raises CannotGoOn without a screen: OpenCV would end the whole process."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise CannotGoOn("There is no screen to show it on.", "Write it with --output instead.")
