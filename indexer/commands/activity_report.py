"""What could not be used of labelled files, for the person."""

from __future__ import annotations

from collections.abc import Sequence

import click

SHOWN = 5


def say_passed_over(lines: Sequence[str]) -> None:
    """On stderr: how many files are left out, the first few by name."""
    if lines:
        click.echo(f"{len(lines)} files are left out:", err=True)
        for line in [*lines[:SHOWN], *(["…"] if len(lines) > SHOWN else [])]:
            click.echo(f"  {line}", err=True)
