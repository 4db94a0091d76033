"""The bars that a person sees while something lasts: on stderr, where that is a terminal, and gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn


@contextmanager
def progress_on_stderr(*columns: ProgressColumn) -> Iterator[Progress]:
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress


@contextmanager
def counting_bar(*columns: ProgressColumn) -> Iterator[Callable[[float, float], None]]:
    """Yields what is told how much is done, of how much."""
    with progress_on_stderr(*columns) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def training_bar(decimals: int) -> Iterator[tuple[Callable[[float, float], None], Console]]:
    """Yields what is told the progress 0..1 and the loss, and where to print above the bar."""
    loss = TextColumn(f"loss {{task.fields[loss]:.{decimals}f}}")
    with progress_on_stderr(TextColumn("training"), BarColumn(), loss, TimeElapsedColumn()) as progress:
        task = progress.add_task("", total=1.0, loss=float("nan"))
        yield lambda done, loss: progress.update(task, completed=done, loss=loss), progress.console
