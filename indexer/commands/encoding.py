"""What the commands share that encode captioned videos: their options, and the bar while they encode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from search.progress_bar import counting_bar

videos_option = click.option(
    "--videos", required=True, type=click.Path(path_type=Path), help="The folder the CSV's paths are in."
)
encoder_option = click.option(
    "--encoder", "name", default="auto", show_default=True,
    help="s3d, mini, open_clip:MODEL/TAG, onnx:DIR, or the path of a model folder.",
)  # fmt: skip
skip_missing_option = click.option(
    "--skip-missing", is_flag=True, help="Leave out what --videos lacks, and say how much."
)


@contextmanager
def encoding_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal; it is told how many are encoded, of how many."""
    with counting_bar(TextColumn("encoding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as told:
        yield told
