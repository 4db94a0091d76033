"""`vsearch frames`: frames of a film as pictures, with a CSV of their times."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from search.answer import printable
from search.documents import json_option, print_document
from search.progress_bar import counting_bar


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--fps", default=1.0, show_default=True, type=click.FloatRange(0.01, 240), help="So many a second.")
@click.option("--size", type=click.IntRange(16), metavar="PIXELS", help="Longest side; the film's unless given.")
@click.option("--format", "suffix", default="jpg", show_default=True, type=click.Choice(["jpg", "png"]))
@json_option
def frames(video: Path, folder: Path, fps: float, size: int | None, suffix: str, as_json: bool) -> int:
    """Write frames of VIDEO into DIR, and DIR/frames.csv with the second that each shows.

    \b
    vsearch frames film.mp4 frames --fps 1

    Frames are chosen by time, not by counting. Names sort by film and time.
    """
    from indexer.pictures.frame_series import write_series
    from search.catalog.records import VideoState

    with counting_bar(TextColumn("writing frames"), BarColumn(), TimeElapsedColumn()) as told:
        series = write_series(video, folder, fps, size, f".{suffix}", told)
    whole = series.outcome.state is VideoState.INDEXED
    if not whole:
        click.echo(f"{printable(str(video))}: {series.outcome.reason}", err=True)
    if as_json:
        document = {"frames": len(series.names), "csv": printable(str(series.csv)), "reason": series.outcome.reason}
        print_document({"schema": 1, **document})
    else:
        click.echo(f"Wrote {len(series.names)} frames to {printable(str(folder))}.", err=True)
    return 0 if whole else 1
