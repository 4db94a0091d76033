"""`vsearch tween`: the frames between two frames, and slow motion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

from search.answer import printable
from search.documents import json_option, print_document
from search.errors import UsageError
from search.progress_bar import counting_bar

RATE = 10.0
"""Pictures a second of a row of in-between frames that is written as a moving picture."""


@dataclass(frozen=True, slots=True)
class Way:
    """How frames are made."""

    frames: int
    factor: int
    method: str
    size: int | None


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("--at", type=click.FloatRange(0), metavar="S", help="The frame at this second and the one after it.")
@click.option("--gap", type=click.FloatRange(0, min_open=True), metavar="S", help="Not the next, one so much later.")
@click.option("--start", type=click.FloatRange(0), metavar="S", help="Slow motion from this second ...")
@click.option("--end", type=click.FloatRange(0), metavar="S", help="... to this one.")
@click.option("--frames", default=14, show_default=True, type=click.IntRange(1, 240), help="Between, with --at.")
@click.option("--factor", default=8, show_default=True, type=click.IntRange(2, 64), help="How much slower.")
@click.option("--method", type=click.Choice(["flow", "hub"]), default="flow", show_default=True)
@click.option("--size", type=click.IntRange(16), metavar="PIXELS", help="Longest side; the film's unless given.")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), help="A .mp4, .gif, .webp, .png or .jpg."
)
@json_option
def tween(
    *, video: Path, at: float | None, gap: float | None, start: float | None, end: float | None, output: Path,
    as_json: bool, **way: Any,
) -> None:  # fmt: skip
    """Make in-between frames of VIDEO.

    \b
    vsearch tween film.mp4 --at 12.5 --gap 0.5 -o row.png
    vsearch tween film.mp4 --start 12 --end 14 --factor 8 -o slow.mp4

    With --at, a picture shows the first frame, those between, and the last in a row; a moving picture plays them.
    `flow` follows what moves at full size; `hub` is TF Hub's tweening_conv3d_bair, 64 pixels square.
    """
    if (at is None) == (start is None and end is None):
        raise UsageError("Say what lies between.", "Give either --at, or --start and --end.")
    if at is not None:
        count, seconds = write_row(video, output, (at, gap), Way(**way))
    elif start is None or end is None or end <= start:
        raise UsageError("Slow motion has a beginning and a later end.", "Give both --start and --end.")
    else:
        count, seconds = write_slow(video, output, (start, end), Way(**way))
    if as_json:
        document = {"path": printable(str(output)), "frames": count, "seconds": seconds, "method": way["method"]}
        print_document({"schema": 1, **document})
    else:
        click.echo(f"Wrote {count} frames to {printable(str(output))}.", err=True)


def write_row(video: Path, output: Path, place: tuple[float, float | None], way: Way) -> tuple[int, float | None]:
    """Frames written, and how long they play; None for a picture that stands still."""
    from indexer.excerpts import sheet
    from indexer.excerpts.reading import TimedFrame
    from indexer.excerpts.writing import require_output, write_moving
    from indexer.tweening.making import open_method, tween_row

    still = output.suffix.lower() in sheet.SUFFIXES
    if not still:
        require_output(output, video)
    row = tween_row(video, place, way.frames, open_method(way.method), way.size)
    if still:
        captions = ["first", *(f"{i} of {way.frames}" for i in range(1, way.frames + 1)), "last"]
        sheet.write_sheet(output, sheet.sheet(row, captions, width=min(row[0].shape[1], 240)))
        return len(row), None
    timed = (TimedFrame(i / RATE, (i + 1) / RATE, picture) for i, picture in enumerate(row))
    return len(row), round(write_moving(output, timed).seconds, 3)


def write_slow(video: Path, output: Path, span: tuple[float, float], way: Way) -> tuple[int, float]:
    """Frames written, and how long they play."""
    from indexer.excerpts.writing import require_output, write_moving
    from indexer.tweening.making import open_method, slow_motion

    require_output(output, video)
    slowed = slow_motion(video, span, way.factor, open_method(way.method), way.size)
    total = (span[1] - span[0]) * way.factor
    with counting_bar(TextColumn("between frames"), BarColumn(), TimeRemainingColumn()) as told:
        written = write_moving(output, slowed, on_frame=lambda until: told(until, total))
    return written.frames, round(written.seconds, 3)
