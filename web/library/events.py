"""`/library/events`: the jobs of the Library page, drawn anew whenever one changes (server-sent events)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, render_template, request

from indexer.jobs.documents import job_events, job_line
from indexer.jobs.worker import has_worker
from search.answer import printable
from search.catalog.jobs import KEPT, JobState
from search.library import Library
from web.library.facts import JobLists, job_lists
from web.safety.refusals import TooBusy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

STREAMS = 4
"""At once: each keeps a thread of the server."""
HEARTBEAT = 1.0
"""Seconds; writing shows whether anybody listens still, and pages come and go."""
ENDING = "ENDING"
"""In the app's config: true when the server is about to end, which streams would keep waiting."""


def jobs_shown(library: Library) -> dict[str, Any]:
    """What `library_jobs.html` shows."""
    roots = [root.path for root in library.catalog.roots()]
    return {"jobs": job_lists(library.catalog.jobs(KEPT), roots), **worker_shown(library)}


def worker_shown(library: Library) -> dict[str, bool]:
    """`worker`: whether some program does the jobs now; `writable`: whether jobs can be asked for."""
    writable = library.writable
    return {"worker": writable and has_worker(library.catalog), "writable": writable}


def page_age(library: Library, jobs: JobLists) -> dict[str, float]:
    """What tells whether a page that was drawn is still true: it is, where this has not changed."""
    return {"ended_at": jobs.ended_at, "generation": library.catalog.generation()}


class JobStream:
    """The stream, for so many listeners at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._places = threading.BoundedSemaphore(STREAMS)

    def follow(self) -> Response:
        """Raises TooBusy when all places are taken."""
        if not self._places.acquire(blocking=False):
            raise TooBusy("Too many Library pages are open.", "Close one, or load this one again to see the jobs.")
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
        response = Response(self._events(app, request.environ), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        response.call_on_close(self._places.release)
        return response

    def _events(self, app: Flask, environ: WSGIEnvironment) -> Iterator[str]:
        """At first the jobs as they are; then, as they change, again, with a line for each that has a new state."""
        states: dict[int, JobState] = {}
        for turn, changed in enumerate(job_events(self._library.catalog, heartbeat=HEARTBEAT)):
            if app.config.get(ENDING):
                return
            if turn and not changed:
                yield ": nothing new\n\n"
                continue
            news = [job for job in changed if turn and states.get(job.id) is not job.state]
            states |= {job.id: job.state for job in changed}
            with app.request_context(environ):  # no longer than it takes: a stream may end in another thread
                event = self._event([printable(job_line(job)) for job in news])
            yield event

    def _event(self, lines: list[str]) -> str:
        """`drawn`: HTML; `lines`: for who cannot see it; the rest of the page is older than `ended_at`, when the last
        job ended, or `generation`, of the library, where they are not what it was drawn with.
        """
        shown = jobs_shown(self._library)
        drawn = render_template("library_jobs.html", **shown)
        told = {"drawn": drawn, "lines": lines} | page_age(self._library, shown["jobs"])
        return f"event: jobs\ndata: {json.dumps(told)}\n\n"
