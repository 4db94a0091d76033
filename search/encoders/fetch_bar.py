"""How a person sees a model arrive: a bar on a terminal, a line elsewhere; always on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search.encoders.download import Progress


@contextmanager
def fetch_bar(title: str) -> Iterator[Progress]:
    """Yields what `fetch` calls with the bytes so far; nothing is shown before the first of them."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    bars = Bars(*columns, console=console, disable=not console.is_terminal)
    task = bars.add_task(title, total=None)
    started = False

    def show(have: int, total: int | None) -> None:
        nonlocal started
        if not started:
            started = True
            bars.start()
            if not console.is_terminal:
                console.print(f"{title} ({total >> 20} MiB)" if total else title, highlight=False)
        bars.update(task, completed=have, total=total)

    try:
        yield show
    finally:
        bars.stop()
