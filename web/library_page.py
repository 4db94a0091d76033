"""`/library`: what is indexed and how it fared, with buttons that ask for jobs and a stream that tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from indexer.jobs.asking import ask_for
from indexer.watching import is_folder
from search.answer import printable
from search.catalog.jobs import JobKind
from search.errors import NotFound, UsageError, VsearchError
from search.library import Library
from search.service import SearchService
from search.upkeep import library_status
from web.library_events import JobStream, jobs_shown
from web.library_facts import root_facts
from web.security import host_name, is_loopback

FAILURES = 50
"""Failures that are shown; of the others their number is."""


class NotFromHere(UsageError):
    """Something is asked for that only a person at this machine may ask for."""

    code = "not-from-here"
    http_status = 403


def library_page(service: SearchService) -> Blueprint:
    """`/library` and below it what its buttons post: each asks for a job, or changes one, and goes back."""
    blueprint = Blueprint("library", __name__, url_prefix="/library")
    library, catalog = service.library, service.library.catalog
    blueprint.add_app_template_global(from_this_machine)
    blueprint.add_url_rule("/events", "events", JobStream(library).follow)

    @blueprint.get("")
    def page() -> str:
        return render_template("library.html", path="", error=None, **_facts(library))

    @blueprint.post("/add")
    def add() -> Response | tuple[str, int]:
        """Indexes the folder `path` of this machine."""
        path = request.form.get("path", "").strip()
        try:
            ask_for(catalog, JobKind.INDEX, [_named_folder(path)])
        except VsearchError as error:
            return render_template("library.html", path=path, error=error, **_facts(library)), error.http_status
        return _back()

    @blueprint.post("/rescan")
    def rescan() -> Response:
        """Looks again at the root with the id `root`."""
        ask_for(catalog, JobKind.RESCAN, [_root_path(library)])
        return _back()

    @blueprint.post("/forget")
    def forget() -> Response:
        """Forgets the root with the id `root`; its files stay."""
        ask_for(catalog, JobKind.FORGET, [_root_path(library)])
        return _back()

    @blueprint.post("/retry")
    def retry() -> Response:
        """Tries all files again that failed."""
        ask_for(catalog, JobKind.RETRY)
        return _back()

    @blueprint.post("/jobs/<int(max=9223372036854775807):job_id>/cancel")
    def cancel(job_id: int) -> Response:
        catalog.cancel_job(job_id)
        return _back()

    @blueprint.post("/jobs/<int(max=9223372036854775807):job_id>/retry")
    def retry_job(job_id: int) -> Response:
        catalog.retry_job(job_id)
        return _back()

    return blueprint


def from_this_machine() -> bool:
    """Whether the request comes from a program on this machine, and not through a proxy on it."""
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    near = is_loopback(request.remote_addr or "") and is_loopback(host_name(request.headers.get("Host", "")))
    return near and not forwarded


def _facts(library: Library) -> dict[str, Any]:
    status = library_status(library)
    failures = [{name: printable(words) for name, words in one.items()} for one in status["failures"][:FAILURES]]
    return {
        "status": status | {"library": printable(status["library"])},
        "roots": root_facts(library.catalog.roots(), library.catalog.videos()),
        "failures": failures,
        "more_failures": max(0, len(status["failures"]) - FAILURES),
        **jobs_shown(library),
    }


def _named_folder(path: str) -> Path:
    """Raises NotFromHere (the answer says what is on the disk), and UsageError for what is no folder."""
    if not from_this_machine():
        raise NotFromHere(
            "Only a browser on the machine itself may name a folder.", "Run `vsearch index FOLDER` there."
        )
    folder = Path(path)
    if not folder.is_absolute():
        raise UsageError("A folder is named by its whole path.", "It begins like /home/ada/Videos.")
    if not is_folder(folder):
        raise UsageError(
            f"{path} is no folder that can be read.", "Check the spelling, or whether the disk is connected."
        )
    return folder


def _root_path(library: Library) -> Path:
    wanted = request.form.get("root", type=int)
    for root in library.catalog.roots():
        if root.id == wanted:
            return root.path
    raise NotFound("That folder is not in the library any more.", "Go back to the Library page.")


def _back() -> Response:
    return redirect(url_for("library.page", _anchor="jobs"), 303)
