"""The one worker of a library: starts the process that does the jobs, and clears up after it.

Of several programs that would work for one library, the first does; the others wait until it has ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer import own_process
from search.catalog.jobs import Job, JobState
from search.catalog.store import Catalog
from search.errors import CannotGoOn, VsearchError

EVERY = 0.5
"""Seconds between two looks for a job, at the process, and at the lock."""
PATIENCE = 30.0
"""Seconds that the process gets to stop after its current transaction."""
STUCK = 45.0
"""Seconds that a job that was cancelled gets: time to be interrupted twice, which code that hangs does not hear."""
ATTEMPTS = 2
"""How often a job is taken up when the program was killed while it ran."""
FALSE_STARTS = 3
"""Processes in a row that may end before they have taken up a job."""


class WorkerLost(CannotGoOn):
    """The worker's process ended in the middle of a job."""

    code = "worker-lost"


def work(folder: Path, catalog: Catalog, stop: threading.Event) -> None:
    """Does the jobs of the library in `folder` until `stop` is set; what is in work then waits for the next worker.

    Raises LibraryReadOnly, and CannotGoOn when the process does not start.
    """
    with worker_lock(catalog, stop) as ours:
        if ours:
            take_up_left_behind(catalog)
        false_starts = 0
        while ours and not stop.wait(EVERY):
            waiting = catalog.jobs_in(JobState.QUEUED)
            if not waiting:
                continue
            code = run_process(folder, stop, Cancelling(catalog).is_stuck)
            for job in catalog.jobs_in(JobState.RUNNING):
                _clear_up(catalog, job, code, stopping=stop.is_set())
            waits_still = not stop.is_set() and catalog.job(waiting[0].id).state is JobState.QUEUED
            false_starts = false_starts + 1 if code and waits_still else 0
            if false_starts == FALSE_STARTS:
                raise CannotGoOn("The worker does not start.", "Run the command again with -v to see why.")


@contextmanager
def worker_lock(catalog: Catalog, stop: threading.Event) -> Iterator[bool]:
    """Waits until no other worker is there; whether that was so before `stop` was set."""
    lock = catalog.store.lock("jobs")
    try:
        ours = lock.acquire()
        while not ours and not stop.wait(EVERY):
            ours = lock.acquire()
        yield ours
    finally:
        lock.release()


def has_worker(catalog: Catalog) -> bool:
    """Whether some program does the jobs of this library."""
    return catalog.store.lock("jobs").holder() is not None


def take_up_left_behind(catalog: Catalog) -> None:
    """Jobs that were running when the program was killed wait again, once."""
    for job in catalog.jobs_in(JobState.RUNNING):
        if job.cancel_asked:
            catalog.drop_job(job)
        elif job.attempts < ATTEMPTS:
            catalog.put_back_job(job, attempts=job.attempts)
        else:
            catalog.fail_job(job, _lost(job, "vsearch was killed during it, twice"))


class Cancelling:
    """Notices a job that was cancelled and runs on."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._since: dict[int, float] = {}

    def is_stuck(self) -> bool:
        now = time.monotonic()
        with suppress(VsearchError):  # the catalog is busy: the next time will do
            asked = [job.id for job in self._catalog.jobs_in(JobState.RUNNING) if job.cancel_asked]
            self._since = {job_id: self._since.get(job_id, now) for job_id in asked}
        return any(now - since > STUCK for since in self._since.values())


def run_process(folder: Path, stop: threading.Event, is_stuck: Callable[[], bool]) -> int:
    """The worker's process from its start to its end; its exit code, negative for a signal.

    It is killed when `is_stuck` says so: what it had not stored is lost, as when it crashes.
    """
    process = own_process.start(
        f"from indexer.jobs.child import main; raise SystemExit(main({str(folder)!r}))",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    with process:
        while process.poll() is None and not stop.wait(EVERY):
            if is_stuck():
                return _kill(process)
        if process.stdin:
            process.stdin.close()  # asks it to stop
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> int:
    """With its group; decoders have groups of their own, and end when it has gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _clear_up(catalog: Catalog, job: Job, code: int, *, stopping: bool) -> None:
    """What becomes of a job that the process left unfinished."""
    if job.cancel_asked:
        catalog.drop_job(job)
    elif stopping:
        catalog.put_back_job(job, attempts=job.attempts - 1)
    else:
        how = own_process.how_it_ended(code)
        catalog.fail_job(job, _lost(job, f"its process ended unexpectedly ({how})"))


def _lost(job: Job, why: str) -> WorkerLost:
    return WorkerLost(
        f"The job was not finished: {why}. What was stored before is kept.",
        f"`vsearch jobs retry {job.id}` goes on with it.",
    )
