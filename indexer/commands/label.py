"""`vsearch label`: frames of films with a CSV to fill in, for `vsearch train characters`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

from search.answer import printable
from search.documents import json_option, print_document
from search.errors import UsageError
from search.progress_bar import counting_bar

if TYPE_CHECKING:
    from indexer.labelling.sheet import Labelled


@click.command()
@click.argument("videos", metavar="VIDEO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write.")
@click.option("--characters", metavar="NAME,NAME", default="", help="The columns of the CSV, as in tom,jerry.")
@click.option(
    "--fps", default=1.0, show_default=True, type=click.FloatRange(0.01, 25), help="Frames a second of film."
)
@click.option("--truth", type=click.Path(path_type=Path), help="Fill the CSV in from the truth.json of drawn films.")
@json_option
def label(videos: tuple[Path, ...], out: Path, characters: str, fps: float, truth: Path | None, as_json: bool) -> int:
    """Write frames of VIDEO into OUT/frames, and OUT/labels.csv to fill in: 1 where a character is, else 0.

    \b
    vsearch label film.mp4 --out tomjerry --characters tom,jerry
    vsearch train characters tomjerry/labels.csv --frames tomjerry/frames --out model

    Rows left empty are passed over. Names of frames sort by film and time.
    """
    from indexer.labelling.sheet import read_truth, write_frames

    columns = list(dict.fromkeys(filter(None, (name.strip() for name in characters.split(",")))))
    known, who = read_truth(truth) if truth else (columns, None)
    columns = columns or known
    if not columns:
        raise UsageError("Nobody to label was named.", "Say who may be there: --characters tom,jerry.")
    with counting_bar(TextColumn("decoding films"), BarColumn(), MofNCompleteColumn()) as told:
        told(0, len(videos))
        labelled = write_frames(
            videos,
            out,
            fps=fps,
            characters=columns,
            who=who,
            on_film=lambda done: told(done, len(videos)),
        )
    what = "is filled in" if truth else "is to be filled in"
    words = f"Wrote {labelled.frames} frames to {labelled.folder}; {labelled.csv} {what}."
    return tell_labelled(labelled, words, as_json=as_json)


def tell_labelled(labelled: Labelled, words: str, *, as_json: bool) -> int:
    """Says what was written, in these words or as a document, and what failed; the exit code."""
    for film, reason in labelled.failures:
        click.echo(f"{printable(str(film))}: {reason}", err=True)
    if as_json:
        document = {
            "frames": labelled.frames,
            "csv": printable(str(labelled.csv)),
            "folder": printable(str(labelled.folder)),
            "characters": list(labelled.characters),
            "failures": [{"path": printable(str(film)), "reason": reason} for film, reason in labelled.failures],
        }
        print_document({"schema": 1, **document})
    else:
        click.echo(words, err=True)
    return 1 if labelled.failures else 0
