"""What the commands about characters say to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from search.errors import first_of
from search.printing import visible


def say_passed_over(sentences: Sequence[str]) -> None:
    """Names on stderr what did not count, if anything."""
    if sentences:
        click.echo(f"Passed over {len(sentences)}: {visible(first_of(sentences))}.", err=True)


def figures_table(figures: Mapping[str, Any], title: str) -> Table:
    """The document of `vsearch evaluate characters` for people."""
    table = Table(
        title=escape(title),
        caption=f"{figures['n']} frames: top {figures['top_accuracy']:.3f}, exact {figures['exact']:.3f}",
        box=None,
    )
    for heading in ("character", "precision", "recall", "seconds", "predicted"):
        table.add_column(heading, justify="left" if heading == "character" else "right")
    for name, each in figures["per_character"].items():
        cells = (f"{each['precision']:.3f}", f"{each['recall']:.3f}", f"{each['seconds_true']:g}")
        table.add_row(escape(name), *cells, f"{each['seconds_predicted']:g}")
    return table
