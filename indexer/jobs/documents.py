"""A job in a document, in a line, and in a stream of changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from indexer.jobs.worker import has_worker
from search.answer import printable
from search.catalog.jobs import Job, JobKind, JobState
from search.catalog.store import Catalog
from search.errors import first_of
from search.library import Library
from search.printing import visible


def jobs_document(library: Library, limit: int = 100) -> dict[str, Any]:
    """The document of `vsearch jobs list`; `worker`: whether some program does the jobs now."""
    jobs = library.catalog.jobs(limit)
    return {"schema": 1, "worker": has_worker(library.catalog), "jobs": [job_document(job) for job in jobs]}


def job_document(job: Job) -> dict[str, Any]:
    """A job as programs see it; times are seconds since the epoch, null before they have come."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "about": [printable(one) for one in job.about],
        "state": job.state.value,
        "cancel_asked": job.cancel_asked,
        "share": None if job.share is None else round(job.share, 4),
        "words": printable(job.words),
        "counts": dict(job.counts),
        "code": job.code,
        "reason": printable(job.reason),
        "cure": printable(job.cure),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }


def job_line(job: Job) -> str:
    """Like `job 3, index ~/films: done, 12 indexed, 1 failed`."""
    return f"job {job.id}, {job.kind} {_about(job)}: {_state(job)}"


def job_events(catalog: Catalog, *, every: float = 0.5, heartbeat: float = 15.0) -> Iterator[list[Job]]:
    """At first all jobs (the newest hundred), then, as they change, those that have; without end.

    Nothing for `heartbeat` seconds gives an empty list, so that who serves the stream sees that nobody listens.
    """
    known: dict[int, Job] = {}
    said = 0.0
    while True:
        jobs = {job.id: job for job in catalog.jobs()}
        changed = [job for job in jobs.values() if known.get(job.id) != job]
        if changed or time.monotonic() - said >= heartbeat:
            known, said = jobs, time.monotonic()
            yield sorted(changed, key=lambda job: job.id)
        time.sleep(every)


def _about(job: Job) -> str:
    if job.kind is JobKind.GROUP:
        return "similar frames"
    if not job.about:
        return "by the rules that hold" if job.kind is JobKind.RETAG else "all roots"
    return visible(first_of(job.about, at_most=1))


def _state(job: Job) -> str:
    if job.state is JobState.DONE:
        counts = [f"{count:,} {name}" for name, count in job.counts.items() if count]
        return "done, " + (", ".join(counts) or "nothing new")
    if job.state is JobState.FAILED:
        return f"failed. {visible(job.reason)} {visible(job.cure)}"
    if job.state is JobState.RUNNING:
        share = "" if job.share is None else f" {job.share:.0%}"
        return f"running{share}{', to be cancelled' if job.cancel_asked else ''}. {visible(job.words)}".rstrip()
    return job.state
