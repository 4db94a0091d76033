"""The worker's process: does the jobs that wait, one after the other, and ends when none has come for a while.

It is a process of its own so that a crash of a model takes one job and not the program that asked for it, and so that
what a model holds in memory goes back when there is nothing to do.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from indexer.jobs.performing import perform
from indexer.jobs.telling import Telling
from indexer.own_process import INTERRUPTED, stop_with_stdin
from search.errors import VsearchError
from search.library import Library, open_library
from search.runtime import quiet_libraries, verbose

IDLE = 20.0
"""Seconds without a job after which the process ends: loading a model again takes about as long."""
EVERY = 0.25
"""Seconds between two looks for a job."""
PATIENCE = 60.0
"""Seconds that the current transaction may take when the parent has gone."""


def main(folder: str) -> int:
    """Works for the library in `folder` until there is nothing to do, or the library has got another encoder (0), or
    told to stop by SIGINT or by the end of stdin (130). A job that was in work then stays marked as running: whoever
    started this process knows why.
    """
    if not verbose():
        quiet_libraries()
    told_to_stop = threading.Event()
    try:
        stop_with_stdin(PATIENCE, told_to_stop.set)
        with open_library(Path(folder)) as library:
            _do_jobs(library, told_to_stop)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _do_jobs(library: Library, told_to_stop: threading.Event) -> None:
    encoder = library.catalog.meta("encoder")
    idle_since = time.monotonic()
    while not told_to_stop.is_set() and time.monotonic() - idle_since < IDLE:
        if library.catalog.meta("encoder") != encoder:
            return
        if _do_next(library):
            idle_since = time.monotonic()
        else:
            time.sleep(EVERY)


def _do_next(library: Library) -> bool:
    """Does the job that has waited longest; whether there was one."""
    job = library.catalog.claim_job()
    if job is None:
        return False
    try:
        with Telling(library.catalog, job) as telling:
            counts = perform(library, job, telling)
    except VsearchError as error:
        library.catalog.fail_job(job, error)
    else:
        library.catalog.finish_job(job, counts)
    return True
