"""`vsearch samples`: short drawn films to try everything on."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

from indexer.samples.probes import PROBES
from search.documents import json_option
from search.errors import UsageError
from search.progress_bar import progress_on_stderr


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--count", type=int, help="How many films.  [default: 12, or all of a probe]")
@click.option("--seed", default=0, show_default=True, help="Another seed, other films.")
@click.option("--size", default="480x270", show_default=True, help="Width and height in pixels.")
@click.option("--probe", type=click.Choice(list(PROBES)), help="Films that ask one thing of an encoder instead.")
@json_option
def samples(folder: Path, count: int | None, seed: int, size: str, probe: str | None, as_json: bool) -> None:
    """Draw short films into DIR, with captions.csv and truth.json.

    A probe measures an encoder: "combinations" of character, activity and scene that none was trained on, and
    "paraphrases" in words that none was trained on, are for `vsearch evaluate retrieval`; "motion", pairs that differ
    in nothing else, is for `vsearch evaluate pairs`.
    """
    from indexer.samples.folder import draw_samples

    width, height = parse_size(size)
    columns = (TextColumn("drawing films"), BarColumn(), TextColumn("{task.percentage:.0f} %"), TimeRemainingColumn())
    with progress_on_stderr(*columns) as progress:
        task = progress.add_task("", total=1.0)
        drawn = draw_samples(
            folder, count, seed, width, height, lambda share: progress.update(task, completed=share), probe=probe
        )
    if as_json:
        document = {"films": drawn.films, "seconds": drawn.seconds, "path": str(drawn.path)}
        click.echo(json.dumps({"schema": 1, **document, "ceiling": asdict(drawn.ceiling)}))
    else:
        click.echo(f"Drew {drawn.films} films, {drawn.seconds:.0f} seconds together, in {drawn.path}.", err=True)


def parse_size(text: str) -> tuple[int, int]:
    """Width and height from `480x270`. Raises UsageError."""
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip().lower())
    if match is None:
        raise UsageError(f"{text!r} is no size.", "Write --size as WIDTHxHEIGHT, for example 480x270.")
    return int(match[1]), int(match[2])
