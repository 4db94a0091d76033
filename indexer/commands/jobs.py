"""`vsearch jobs list`, `cancel` and `retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from search.documents import json_option, print_document

if TYPE_CHECKING:
    from search.catalog.jobs import Job


@click.command("list")
@click.option("-n", "limit", default=20, show_default=True, type=click.IntRange(1), help="How many at most.")
@json_option
def list_jobs(limit: int, as_json: bool) -> None:
    """Name the jobs: those that wait or run first, then the newest."""
    from indexer.jobs.documents import job_line, jobs_document
    from search.library import open_library

    with open_library() as library:
        document = jobs_document(library, limit)
        jobs = library.catalog.jobs(limit)
    if as_json:
        print_document(document)
        return
    for job in jobs:
        click.echo(job_line(job))
    if not jobs:
        click.echo("No jobs. `vsearch watch FOLDER` makes them.", err=True)
    elif not document["worker"] and not jobs[0].ended:
        click.echo("Nobody does them now: `vsearch watch` does.", err=True)


@click.command()
@click.argument("job_id", metavar="ID", type=int)
@json_option
def cancel(job_id: int, as_json: bool) -> None:
    """Cancel a job: at once if it waits, after the current transaction if it runs."""
    from search.library import open_library

    with open_library() as library:
        job = library.catalog.cancel_job(job_id)
    _show(job, as_json)


@click.command()
@click.argument("job_id", metavar="ID", type=int)
@json_option
def retry(job_id: int, as_json: bool) -> None:
    """Do again what a failed or cancelled job did not: as a new job."""
    from search.library import open_library

    with open_library() as library:
        job = library.catalog.retry_job(job_id)
    _show(job, as_json)


def _show(job: Job, as_json: bool) -> None:
    from indexer.jobs.documents import job_document, job_line

    if as_json:
        print_document({"schema": 1, "job": job_document(job)})
    else:
        click.echo(job_line(job))
