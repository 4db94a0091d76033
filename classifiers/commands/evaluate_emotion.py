"""`vsearch evaluate emotion`: how well a model reads expressions."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from classifiers.commands.figures import figures_table
from search.documents import json_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--usage", help="Only these faces: Training, PublicTest or PrivateTest.")
@click.option("--model", type=click.Path(path_type=Path), help="A folder that `vsearch train emotion` wrote.")
@json_option
def emotion(file: Path, usage: str | None, model: Path | None, as_json: bool) -> None:
    """Read the expressions of labelled faces, and compare.

    FILE is FER2013's CSV (emotion,pixels,Usage; gzipped or not), or an .npz with x (uint8 [N, 48, 48]) and y (0..6).
    Six classes are told apart: disgust counts as angry.
    """
    from classifiers.emotion.evaluation import evaluate
    from classifiers.emotion.fer import of_usage, read_faces
    from classifiers.emotion.reader import SHIPPED, open_reader

    faces = of_usage(read_faces(file), usage, file)
    figures = evaluate(open_reader(model or SHIPPED), faces)
    if as_json:
        click.echo(json.dumps({"schema": 1, "usage": usage, **figures}))
    else:
        Console().print(figures_table(figures, "emotion"))
