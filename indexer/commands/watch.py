"""`vsearch watch`."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from indexer.jobs.service import Service


@click.command(context_settings={"show_default": True})
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--once-settled",
    "settled",
    type=click.FloatRange(0.1),
    default=3.0,
    metavar="SECONDS",
    help="Take a file up when nothing has happened to it for so long.",
)
@click.option(
    "--poll",
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="Look at every file this often, for disks that do not tell what changes.  [default: where needed]",
)
def watch(paths: tuple[Path, ...], settled: float, poll: float | None) -> int:
    """Follow folders: index what is added, changed, moved or removed in them, until Ctrl-C.

    Without PATHS, all indexed folders. A file that is still being written is waited for, and a disk that is not there
    loses nothing. Options of `vsearch index` hold as the library remembers them. `vsearch jobs` names the jobs.

    \b
    vsearch watch ~/Videos /media/camera
    """
    from indexer.jobs.service import Following, start_service
    from search.errors import UsageError
    from search.library import open_library

    if not paths:
        with open_library() as library:
            paths = tuple(root.path for root in library.catalog.roots())
        if not paths:
            raise UsageError("No folder is indexed yet.", "Name one: vsearch watch FOLDER")
    ended_by: list[int] = []

    def end(signum: int, _frame: FrameType | None) -> None:
        ended_by.append(signum)
        signal.signal(signum, signal.default_int_handler)  # the second ends at once

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, end)
    with start_service(None, paths, Following(settled, poll), say) as service:
        _report(service, ended_by)
    if service.error:
        return service.error.exit_code
    return 130 if signal.SIGINT in ended_by else 0


def say(words: str) -> None:
    click.echo(words, err=True)


def _report(service: Service, ended_by: list[int]) -> None:
    """A line for every job that ends, until a signal has come."""
    from indexer.jobs.documents import job_events, job_line

    catalog = service.library.catalog
    folders = ", ".join(map(str, service.folders))
    say(f"Following {folders} for the library {service.library.path} (Ctrl-C ends it)")
    ended_before = {job.id for job in catalog.jobs() if job.ended}
    for changed in job_events(catalog, heartbeat=0):
        for job in changed:
            if job.ended and job.id not in ended_before:
                say(job_line(job))
        if ended_by or not service.running:
            return
