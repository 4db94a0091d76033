"""`vsearch train activity`: transfer learning on labelled clips and pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from classifiers.activity.examples import Arch
from classifiers.commands.figures import figures_table
from indexer.commands.activity_report import say_passed_over
from indexer.commands.encoding import encoding_bar
from search.documents import json_option

DEFAULT_BACKBONE = {"frames": "resnet50", "cnn-rnn": "inceptionv3"}


@click.command()
@click.argument("source", metavar="DIR|CSV", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The model's folder.")
@click.option("--arch", type=click.Choice(["frames", "cnn-rnn"]), default="frames", show_default=True)
@click.option(
    "--backbone", help="`bundled`, or a network of Keras Applications.  [default: resnet50, inceptionv3 for cnn-rnn]"
)
@click.option(
    "--head", type=click.Choice(["strong", "gru"]), default="strong", show_default=True,
    help="Of cnn-rnn: ours, or that of Keras' example.",
)  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=25, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--fine-tune", is_flag=True, help="Then train the backbone, too, as many epochs again (frames).")
@click.option("--folds", type=click.IntRange(2), help="Cross-validate; without, a quarter is held out.")
@click.option("--groups", type=click.Path(path_type=Path), help="CSV `file,group`: a group is never parted.")
@click.option("--strict", is_flag=True, help="Refuse to leave out what cannot be read.")
@json_option
def activity(*, source: Path, out: Path, arch: Arch, backbone: str | None, as_json: bool, **asked: Any) -> None:
    """Learn activities from labelled clips or pictures.

    DIR holds a folder of clips or pictures for each label; CSV has the columns video_name,tag, and its files lie
    beside it or in the folder that bears its name. The model then goes with `vsearch index --activity OUT`.
    """
    from indexer.training.activity import Order, train_activity

    chosen = backbone or DEFAULT_BACKBONE[arch]
    with encoding_bar() as on_progress:
        outcome = train_activity(source, out, Order(arch=arch, backbone=chosen, **asked), on_progress=on_progress)
    say_passed_over(outcome.passed_over)
    if as_json:
        said = {"out": str(out), "arch": arch, "backbone": chosen, "measured": outcome.measured}
        passed_over = {"passed_over": list(outcome.passed_over)}
        click.echo(json.dumps({"schema": 1, **said, **outcome.figures, **passed_over}))
    else:
        Console().print(figures_table(outcome.figures, f"{arch} on {chosen}: {outcome.measured}"))
        click.echo(f"The model is in {out}.")
