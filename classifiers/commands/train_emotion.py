"""`vsearch train emotion`: a model that reads expressions, from labelled faces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from classifiers.commands.figures import figures_table
from search.documents import json_option
from search.progress_bar import training_bar

if TYPE_CHECKING:
    from classifiers.emotion.training import Entry


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write the model to.")
@click.option(
    "--arch", type=click.Choice(["residual", "cookbook"]), default="residual", show_default=True,
    help="The network: the stronger one, or the cookbook's.",
)  # fmt: skip
@click.option("--votes", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv, to teach by its votes too.")
@click.option("--epochs", type=click.IntRange(1), default=40, show_default=True, help="Each sees every face once.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="End after so much time, if not before.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--resume", is_flag=True, help="Go on where the training in --out was ended.")
@json_option
def emotion(*, file: Path, out: Path, votes: Path | None, resume: bool, as_json: bool, **plan: Any) -> None:
    """Train a model that reads expressions.

    FILE is FER2013's CSV (emotion,pixels,Usage; gzipped or not), or an .npz with x (uint8 [N, 48, 48]) and y (0..6).
    Its Training rows teach, a tenth of them validates, and PublicTest is reported.
    """
    from classifiers.emotion.making import Order, make_model
    from classifiers.emotion.training import Plan

    order = Order(file, out, Plan(**plan), votes, resume)
    with training_bar(decimals=3) as (on_step, _):
        document = make_model(order, lambda entry: click.echo(sentence(entry), err=True), on_step)
    if as_json:
        click.echo(json.dumps({"schema": 1, **document}))
    else:
        Console().print(figures_table(document["test"], f"{out} on {document['test']['usage']}"))


def sentence(entry: Entry) -> str:
    """One epoch as a person reads it."""
    return (
        f"epoch {entry['epoch']:g} after {entry['seconds'] / 60:.1f} min: loss {entry['loss']:.3f}, "
        f"validation accuracy {entry['accuracy']:.3f}, loss {entry['validation_loss']:.3f}"
    )
