"""`vsearch classify`: what is done in a film, in percent."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from search.answer import printable
from search.documents import json_option, print_document
from search.progress_bar import counting_bar


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option(
    "--activity", default="zero-shot", show_default=True, metavar="zero-shot|i3d|MODEL",
    help="How: sentences, TF Hub's I3D, or the folder of a model that `vsearch train activity` made.",
)  # fmt: skip
@click.option(
    "--activity-labels", "labels", type=click.Path(path_type=Path), help="A list for zero-shot, a label a line."
)
@click.option("--encoder", "name", default="auto", show_default=True, help="What zero-shot asks.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(1), help="Labels of the whole film.")
@click.option(
    "--smooth", default=5.0, show_default=True, metavar="S", type=click.FloatRange(0),
    help="Seconds over which scores are averaged before stretches are told apart; 0 leaves them as they are.",
)  # fmt: skip
@json_option
def classify(
    *, video: Path, activity: str, labels: Path | None, name: str, top: int, smooth: float, as_json: bool
) -> None:
    """Say what is done in VIDEO: in the whole of it, and stretch by stretch.

    \b
    vsearch classify film.mp4 --top 5
    vsearch classify film.mp4 --activity i3d --json
    """
    from classifiers.activity.classifier import open_activity
    from classifiers.contracts import Choices
    from indexer.classifying import label_film, label_stretches, read_track
    from search.encoders.registry import open_encoder

    encoder = open_encoder(name)
    classifier = open_activity(Choices(encoder, activity, labels))
    with counting_bar(TextColumn("watching"), BarColumn(), TimeElapsedColumn()) as told:
        track, duration = read_track(video, classifier, encoder, lambda done, whole: told(done, whole or done))
    document = {
        "path": printable(str(video)),
        "duration": round(duration, 3),
        "labels": [{"label": label, "score": round(score, 4)} for label, score in label_film(track, top)],
        "stretches": [asdict(stretch) for stretch in label_stretches(track, smooth, duration)],
    }
    if as_json:
        print_document({"schema": 1, **document})
    else:
        print_labels(document)


def print_labels(document: dict[str, Any]) -> None:
    console = Console()
    for each in document["labels"]:
        console.print(f"{each['score']:7.1%}  {each['label']}", markup=False, highlight=False)
    table = Table(box=None)
    for column in ("from", "to", "", ""):
        table.add_column(column, justify="right" if column or not table.columns else "left")
    for each in document["stretches"]:
        table.add_row(f"{each['start']:.1f}", f"{each['end']:.1f}", f"{each['score']:.1%}", each["label"])
    console.print(table)
