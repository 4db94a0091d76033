"""`vsearch screen-time`: who is on screen, when and for how long."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import click

from classifiers.screen_time import KIND, ScreenTime, screen_time
from search.answer import printable
from search.catalog.records import VideoRecord
from search.documents import json_option, print_document
from search.errors import UsageError
from search.library import open_library
from search.outputs.rows import plain
from search.printing import clock, visible
from search.upkeep import find_videos

PICTURES = (".svg", ".png")
CURE = (
    "Name them: `vsearch characters group`, then `characters name`."
    " Or let a model look: `vsearch index FOLDER --characters MODEL`."
)
Told = Sequence[tuple[VideoRecord, ScreenTime]]


@click.command("screen-time")
@click.argument("videos", metavar="[VIDEO]...", nargs=-1, type=click.Path(path_type=Path))
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print a CSV, a line for each range.")
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw lanes over time: an .svg or .png."
)
def screen_time_command(videos: tuple[Path, ...], as_json: bool, as_csv: bool, plot: Path | None) -> None:
    """Say who is on screen, when, for how long, and with whom.

    Of the videos named, files or folders, or of the whole library. Characters are found by `vsearch index`.
    """
    if as_json and as_csv:
        raise UsageError("One output can be printed, not two.", "Choose --json or --csv.")
    if plot and plot.suffix.lower() not in PICTURES:
        raise UsageError(f"{plot} is no picture that can be drawn.", "Name a file that ends in .svg or .png.")
    told = screen_times(videos)
    if plot:
        _draw(told, plot)
    if as_json:
        print_document({"schema": 1, "videos": [_document(video, times) for video, times in told]})
    elif as_csv:
        click.echo(_csv(told), nl=False)
    else:
        _print_tables(told)


def screen_times(paths: Sequence[Path]) -> list[tuple[VideoRecord, ScreenTime]]:
    """Of the videos at or below `paths`, all of the library's for none.

    Raises NotFound for a path of which the library knows nothing, LibraryMissing where there is no library.
    """
    with open_library() as library:
        videos = find_videos(library, paths) if paths else library.catalog.videos()
        return [
            (video, screen_time(library.catalog.segments(video.id, KIND), video.facts.duration)) for video in videos
        ]


def _document(video: VideoRecord, times: ScreenTime) -> dict[str, object]:
    return {"path": printable(str(video.path)), **times.to_document()}


def _csv(told: Told) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["path", "character", "start", "end"])
    for video, times in told:
        for one in times.characters:
            for start, end in one.ranges:
                lines.writerow([printable(str(video.path)), plain(one.label), f"{start:.3f}", f"{end:.3f}"])
    return text.getvalue()


def _print_tables(told: Told) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    seen = [(video, times) for video, times in told if times.characters]
    for video, times in seen:
        path = escape(visible(video.path.as_posix()))
        console.print(f"[bold]{path}  {clock(times.duration)}[/bold]", soft_wrap=True)
        table = Table(box=None, pad_edge=False)
        for heading in ("character", "time", "share", "longest", "times"):
            table.add_column(heading, justify="left" if heading == "character" else "right")
        for one in times.characters:
            longest, count = f"{one.longest:.1f} s", str(len(one.ranges))
            table.add_row(escape(one.label), f"{one.seconds:.1f} s", f"{one.share:.0%}", longest, count)
        console.print(table)
        for pair in times.together:
            click.echo(f"{pair.labels[0]} and {pair.labels[1]} together: {pair.seconds:.1f} s")
        click.echo()
    if len(seen) < len(told):
        click.echo(f"No character is known in {len(told) - len(seen)} of {len(told)} videos.\n  {CURE}", err=True)


def _draw(told: Told, path: Path) -> None:
    from indexer.pictures.lanes import lay_out, png, svg
    from indexer.whole_file import whole_file

    lanes = lay_out([(visible(video.title), times) for video, times in told])
    drawn = svg(lanes).encode() if path.suffix.lower() == ".svg" else png(lanes)
    with whole_file(path) as part:
        part.write_bytes(drawn)
