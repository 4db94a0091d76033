"""`/library`: what is indexed and how it fared, with buttons that ask for jobs and a stream that tells of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from search.answer import printable
from search.disk_use import disk_use
from search.library import Library
from search.service import SearchService
from web.library.begin import add_begin_page
from web.library.changes import add_changes
from web.library.events import JobStream, jobs_shown, page_age
from web.library.facts import failure_groups, root_facts
from web.library.folders import FolderChooser, counted
from web.library.models import add_model_pages, models_in_use


def library_page(service: SearchService, *, guarded: bool = False) -> Blueprint:
    """`/library` and all below it. `guarded`: who gets here has shown the token of the server."""
    blueprint = Blueprint("library", __name__, url_prefix="/library")
    library, chooser = service.library, FolderChooser(guarded=guarded)
    blueprint.add_app_template_global(chooser.may_choose)
    blueprint.add_app_template_global(chooser.may_type)
    blueprint.add_app_template_filter(counted)
    blueprint.add_url_rule("/events", "events", JobStream(library).follow)
    blueprint.add_url_rule("/folders", "folders", chooser.page)
    add_changes(blueprint, library, chooser)
    add_begin_page(blueprint, service, chooser)
    add_model_pages(blueprint, library)

    @blueprint.get("")
    def page() -> str:
        return render_template("library.html", **_facts(library))

    return blueprint


def _facts(library: Library) -> dict[str, Any]:
    videos, shown = library.catalog.videos(), jobs_shown(library)
    return {
        **shown,
        "place": printable(library.name),
        "counts": library.catalog.counts(),
        "roots": root_facts(library.catalog.roots(), videos),
        "failures": failure_groups(videos),
        "models": models_in_use(library),
        "disk": disk_use(library),
        "age": page_age(library, shown["jobs"]),
    }
