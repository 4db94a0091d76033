"""`vsearch train characters`: a model that says who is on screen, from labelled frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from indexer.commands.characters_report import figures_table, say_passed_over
from search.documents import json_option
from search.progress_bar import counting_bar


@click.command()
@click.argument("mapping", metavar="CSV", type=click.Path(path_type=Path))
@click.option("--frames", required=True, type=click.Path(path_type=Path), help="The folder of the CSV's pictures.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write the model to.")
@click.option("--names", default="", help="Who the classes are, as in 0=nobody,1=jerry,2=tom.")
@click.option("--boxes", type=click.Path(path_type=Path), help="More pictures, with boxes in Pascal VOC's XML.")
@click.option("--backbone", default="vgg16", show_default=True, help="bundled, or a network of Keras Applications.")
@click.option(
    "--head",
    type=click.Choice(["ours", "deep", "tutorial"]),
    default="ours",
    show_default=True,
    help="deep: with a hidden layer, for thousands of labels.",
)
@click.option(
    "--fps", default=1.0, show_default=True, type=click.FloatRange(0.01, 25), help="Of the labelled frames."
)
@click.option("--index-fps", type=click.FloatRange(0.01, 25), help="To look at when indexing.  [default: --fps]")
@click.option("--epochs", default=40, show_default=True, type=click.IntRange(1), help="Each sees every view once.")
@click.option("--views", default=4, show_default=True, type=click.IntRange(1), help="Copies of each frame.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0))
@click.option("--strict", is_flag=True, help="Refuse a CSV of which a frame is missing or damaged.")
@click.option("--resume", is_flag=True, help="Go on where the training in --out was ended.")
@json_option
def characters(
    *, mapping: Path, frames: Path, out: Path, names: str, boxes: Path | None, resume: bool, as_json: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Train a model that says who is on screen, from labelled frames in the order of film.

    CSV has the columns Image_ID and one 0/1 column a character, as `vsearch label` writes it, or Image_ID,Class with
    --names. A fifth of the frames, in stretches, is held out: it chooses epoch and thresholds.
    """
    from classifiers.characters.making import Order, make_model
    from classifiers.characters.mapping import parse_names
    from classifiers.characters.training import Plan
    from indexer.labelling.characters_material import read_material

    fps, index_fps, strict = (options.pop(name) for name in ("fps", "index_fps", "strict"))
    material, passed_over = read_material(mapping, frames, boxes, names=parse_names(names), fps=fps, strict=strict)
    say_passed_over(passed_over)
    bar = (TextColumn("looking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with counting_bar(*bar) as on_view:
        document = make_model(Order(material, Plan(**options), out, resume, index_fps), lambda _entry: None, on_view)
    if as_json:
        click.echo(json.dumps({"schema": 1, **document, "passed_over": len(passed_over)}))
    else:
        Console().print(figures_table(document["validation"], f"{out}, on frames held out"))
