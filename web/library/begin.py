"""`/library/begin`: from an empty library to a first result by clicks alone; `/` shows it while no clip is there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Blueprint, render_template

from indexer.finding.folder_list import described, place_name
from search.asking.suggesting import suggest
from search.catalog.filters import ClipFilter
from search.language.labels import write_test
from search.language.tree import TagTest
from search.library import hidden_kinds
from search.service import SearchService
from web.library.events import jobs_shown, page_age
from web.library.folders import FolderChooser, places_now

TAGS = 3
"""Tags that are offered beside sentences."""


def add_begin_page(blueprint: Blueprint, service: SearchService, chooser: FolderChooser) -> None:
    """Adds the page, and for the templates `beginning()`, all that it shows."""
    library = service.library

    @lru_cache(maxsize=1)
    def questions(_version: object, hidden: frozenset[str], _ready: bool) -> dict[str, Any]:
        """What surely finds something: sentences, and tags as lines of the query language."""
        tags = sorted(library.catalog.facets(ClipFilter(), hidden), key=lambda tag: -tag.clips)
        return {
            "questions": suggest(service),
            "tags": [write_test(TagTest(tag.kind, (tag.label,))) for tag in tags[:TAGS]],
        }

    def beginning() -> dict[str, Any]:
        shown, counts, state = jobs_shown(library), library.catalog.counts(), library.catalog.state()
        choosing = not counts.clips and not shown["jobs"].waiting
        places = described(places_now()) if choosing and shown["writable"] and chooser.may_choose() else []
        return {
            **shown,
            "counts": counts,
            "places": [(place_name(one.path), one) for one in places],
            **(questions(state.version, hidden_kinds(state), service.ready) if counts.clips else {}),
            "age": page_age(library, shown["jobs"]),
        }

    blueprint.add_app_template_global(beginning)

    @blueprint.get("/begin")
    def begin() -> str:
        return render_template("begin.html")
