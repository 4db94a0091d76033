"""`vsearch train encoder`: from films and pictures to a model folder with its card and its curve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from search.documents import json_option
from search.progress_bar import training_bar


@click.command()
@click.option("--config", "name", default="mini", show_default=True, help="The sizes of the network, by name.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model folder to write.")
@click.option("--epochs", default=40, show_default=True, type=click.IntRange(1), help="Each of 2,048 drawn clips.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="Be done after so many, if it comes first.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Another seed, other films.")
@click.option(
    "--rate",
    "learning_rate",
    default=1e-3,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Learning rate.",
)
@click.option("--start", type=click.Path(path_type=Path), help="Weights to begin with (.npz).")
@click.option("--pictures", type=click.Path(path_type=Path), help="A folder of pictures to learn from as well.")
@click.option("--freeze-words", is_flag=True, help="Keep the word vectors as --start has them.")
@click.option("--resume", is_flag=True, help="Go on where the training in --out was ended.")
@json_option
def encoder(*, name: str, out: Path, resume: bool, as_json: bool, **plan: Any) -> None:
    """Train an encoder on films drawn meanwhile, and write it as a model folder."""
    from indexer.training.loop import train as train_encoder
    from indexer.training.trainer import TrainingPlan
    from search.encoders.s3d import read_config

    with training_bar(decimals=2) as (on_step, console):
        last = train_encoder(
            read_config(name), TrainingPlan(**plan), out, resume=resume,
            report=lambda entry: console.print(sentence(entry), highlight=False, soft_wrap=True),
            on_step=on_step,
        )  # fmt: skip
    click.echo(json.dumps({"schema": 1, "path": str(out), "config": name, **last}) if as_json else sentence(last))


def sentence(entry: dict[str, Any]) -> str:
    """One measurement as a person reads it."""
    return (
        f"step {entry['step']} after {entry['seconds'] / 60:.1f} min: loss {entry['loss']:.2f}, on {entry['n']} "
        f"held-out captions R@1 {entry['r1']:.2f}, R@5 {entry['r5']:.2f}, median rank {entry['medr']:g}"
    )
