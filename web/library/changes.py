"""What the buttons of the Library page post: each asks for a job, or changes one, and goes back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from indexer.jobs.asking import ask_for
from search.catalog.jobs import JobKind
from search.catalog.records import VideoRecord
from search.errors import NotFound, VsearchError
from search.library import Library
from web.library.facts import may_index_again
from web.library.folders import FolderChooser

DRAWN = "drawn"
"""The folder of films that are drawn for a first try, in that of the library."""


def add_changes(blueprint: Blueprint, library: Library, chooser: FolderChooser) -> None:
    """Adds them to the pages below `/library`."""
    add_folder_changes(blueprint, library, chooser)
    add_job_changes(blueprint, library)


def add_folder_changes(blueprint: Blueprint, library: Library, chooser: FolderChooser) -> None:
    catalog = library.catalog

    @blueprint.post("/add")
    def add() -> ResponseReturnValue:
        """Indexes the folder `path` of this machine."""
        path = request.form.get("path", "").strip()
        try:
            ask_for(catalog, JobKind.INDEX, [chooser.named_folder(path)])
        except VsearchError as error:
            if not chooser.may_choose():
                raise
            return chooser.show("", typed=path, error=error)
        return _back(library)

    @blueprint.post("/draw")
    def draw() -> Response:
        """Draws films to try everything on, and indexes them."""
        ask_for(catalog, JobKind.DRAW, [library.path / DRAWN])
        return _back(library)

    @blueprint.post("/rescan")
    def rescan() -> Response:
        """Looks again at the root with the id `root`, or at all."""
        ask_for(catalog, JobKind.RESCAN, [_root_path(library)] if "root" in request.form else [])
        return _back(library)

    @blueprint.post("/retag")
    def retag() -> Response:
        """Makes all tags anew, by the rules that hold."""
        ask_for(catalog, JobKind.RETAG)
        return _back(library)

    @blueprint.post("/forget")
    def forget() -> Response:
        """Forgets the root with the id `root`; its files stay."""
        ask_for(catalog, JobKind.FORGET, [_root_path(library)])
        return _back(library)

    @blueprint.post("/retry")
    def retry() -> Response:
        """Tries the film `video` again, all that failed for the same `reason`, or all that failed."""
        ask_for(catalog, JobKind.RETRY, _failed_paths(catalog.videos()) if request.form else [])
        return _back(library)


def add_job_changes(blueprint: Blueprint, library: Library) -> None:
    catalog = library.catalog

    @blueprint.post("/jobs/<int(max=9223372036854775807):job_id>/cancel")
    def cancel(job_id: int) -> Response:
        catalog.cancel_job(job_id)
        return _back(library)

    @blueprint.post("/jobs/<int(max=9223372036854775807):job_id>/retry")
    def retry_job(job_id: int) -> Response:
        catalog.retry_job(job_id)
        return _back(library)

    @blueprint.post("/jobs/<int(max=9223372036854775807):job_id>/undo")
    def undo(job_id: int) -> Response:
        """Indexes again what a job has forgotten."""
        job = catalog.job(job_id)
        if not may_index_again(job, [root.path for root in catalog.roots()]):
            raise NotFound("There is nothing left to undo about that job.", "Go back to the Library page.")
        ask_for(catalog, JobKind.INDEX, job.about)
        return _back(library)


def _root_path(library: Library) -> Path:
    wanted = request.form.get("root", type=int)
    for root in library.catalog.roots():
        if root.id == wanted:
            return root.path
    raise NotFound("That folder is not in the library any more.", "Go back to the Library page.")


def _failed_paths(videos: Sequence[VideoRecord]) -> list[Path]:
    wanted, reason = request.form.get("video", type=int), request.form.get("reason")
    paths = [video.path for video in videos if video.code and (video.id == wanted or video.reason == reason)]
    if not paths:
        raise NotFound("No film that failed is meant.", "Go back to the Library page: it may be indexed by now.")
    return paths


def _back(library: Library) -> Response:
    """To the jobs, where a person sees what was asked for; while nothing is indexed, to the page to begin on."""
    begun = library.catalog.counts().clips
    return redirect(url_for("library.page", _anchor="jobs") if begun else url_for("library.begin"), 303)
