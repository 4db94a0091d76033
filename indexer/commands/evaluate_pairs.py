"""`vsearch evaluate pairs`: whether a model tells films apart that differ in one thing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from indexer.commands.encoding import encoder_option, encoding_bar, videos_option
from search.documents import json_option

if TYPE_CHECKING:
    from indexer.evaluating.pairs import PairsReport


@click.command()
@click.argument("pairs_csv", metavar="CSV", type=click.Path(path_type=Path))
@videos_option
@encoder_option
@json_option
def pairs(pairs_csv: Path, videos: Path, name: str, as_json: bool) -> None:
    """Tell videos from twins that differ in one thing.

    Each caption of CSV is right where it fits its own video better than the twin; the figures are the shares that are
    right, for each contrast, and drawing lots would reach 0.5. CSV has the columns
    path,caption,twin[,contrast][,start,end], as `vsearch samples --probe motion` writes it.
    """
    from indexer.evaluating.pairs import evaluate_pairs, read_pairs
    from search.encoders.registry import open_encoder

    asked = read_pairs(pairs_csv)
    encoder = open_encoder(name)
    with encoding_bar() as on_progress:
        report = evaluate_pairs(asked, videos, encoder, on_progress)
    if as_json:
        click.echo(json.dumps(pairs_document(report, encoder.spec.name, encoder.spec.fingerprint)))
    else:
        Console().print(pairs_table(report, encoder.spec.name))


def pairs_document(report: PairsReport, name: str, fingerprint: str) -> dict[str, object]:
    return {
        "schema": 1,
        "encoder": {"name": name, "fingerprint": fingerprint},
        **asdict(report.all),
        "contrasts": {contrast: asdict(choices) for contrast, choices in report.contrasts.items()},
    }


def pairs_table(report: PairsReport, name: str) -> Table:
    table = Table(title=f"{name}: {report.all.n} choices of two", box=None)
    table.add_column("")
    table.add_column("captions", justify="right")
    table.add_column("right", justify="right")
    for contrast, choices in [*report.contrasts.items(), ("all", report.all)]:
        table.add_row(contrast, str(choices.n), f"{choices.right:.3f}")
    return table
