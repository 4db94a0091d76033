"""`vsearch evaluate characters`: how well a model says who is on labelled frames."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from indexer.commands.characters_report import figures_table, say_passed_over
from search.documents import json_option


@click.command()
@click.argument("mapping", metavar="CSV", type=click.Path(path_type=Path))
@click.option("--frames", required=True, type=click.Path(path_type=Path), help="The folder of the CSV's pictures.")
@click.option("--model", required=True, help="The folder of a model, or drawn.")
@click.option("--names", default="", help="Who the classes are, as in 0=nobody,1=jerry,2=tom.")
@click.option("--strict", is_flag=True, help="Refuse a CSV of which a frame is missing or damaged.")
@json_option
def characters(*, mapping: Path, frames: Path, model: str, names: str, strict: bool, as_json: bool) -> None:
    """Measure a model on labelled frames, each by itself.

    CSV has the columns Image_ID and one 0/1 column a character, or Image_ID,Class with --names. Screen time is
    reckoned as if frames were as many a second as the model was trained on (one, unless told otherwise).
    """
    from classifiers.characters.classifier import open_model
    from classifiers.characters.looks import HEIGHT, WIDTH
    from classifiers.characters.mapping import parse_names
    from indexer.labelling.labelled_frames import read_labelled

    opened = open_model(model)
    labelled = read_labelled(mapping, frames, (WIDTH, HEIGHT), names=parse_names(names), strict=strict)
    say_passed_over(labelled.frames.passed_over)
    figures = opened.evaluate(labelled.pictures, labelled.frames)
    if as_json:
        click.echo(json.dumps({"schema": 1, **figures, "passed_over": len(labelled.frames.passed_over)}))
    else:
        Console().print(figures_table(figures, model))
