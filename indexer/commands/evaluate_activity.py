"""`vsearch evaluate activity`: how often a classifier of activities is right."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from classifiers.commands.figures import figures_table
from indexer.commands.activity_report import say_passed_over
from indexer.commands.encoding import encoding_bar
from search.documents import json_option


@click.command()
@click.argument("source", metavar="DIR|CSV", type=click.Path(path_type=Path))
@click.option(
    "--model",
    required=True,
    type=click.Path(path_type=Path),
    help="What `train activity` wrote; or zero-shot, which reads the labels as sentences; or i3d.",
)
@click.option("--encoder", default="auto", show_default=True, help="Of zero-shot.")
@click.option("--strict", is_flag=True, help="Refuse to leave out what cannot be read.")
@json_option
def activity(source: Path, model: Path, encoder: str, strict: bool, as_json: bool) -> None:
    """Measure a classifier of activities on labelled clips or pictures.

    DIR holds a folder for each label; CSV has the columns video_name,tag. Several windows of a clip are averaged.
    """
    from indexer.evaluating.activity import evaluate_activity

    with encoding_bar() as on_progress:
        evaluation = evaluate_activity(source, model, encoder=encoder, strict=strict, on_progress=on_progress)
    say_passed_over(evaluation.passed_over)
    if as_json:
        said = {"model": {"path": str(model), "fingerprint": evaluation.fingerprint}}
        passed_over = {"passed_over": list(evaluation.passed_over)}
        click.echo(json.dumps({"schema": 1, **said, **evaluation.figures, **passed_over}))
    else:
        Console().print(figures_table(evaluation.figures, str(model)))
