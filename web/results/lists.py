"""The moments of a question as a file for other programs."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from search.errors import BadQuery
from search.outputs.span import spans_of
from search.service import SearchService
from web.lists import MOST_MOMENTS, list_response
from web.results.asked import read_asked

LISTS = ("csv", "json", "edl", "otio", "m3u")
"""Formats; an editor's chapters are of one film (`web/film/exports.py`)."""


def asked_list(service: SearchService) -> Response:
    """Answers `/list?q=&format=`: the question of an address of the search page, with more moments.

    Raises BadQuery for no format, and what `SearchService.search` raises.
    """
    kind = request.args.get("format", "csv")
    if kind not in LISTS:
        raise BadQuery(f"{kind[:20]!r} is no format.", f"Choose one of {', '.join(LISTS)}.")
    asked, catalog = read_asked(request.args), service.library.catalog
    answer = service.search(replace(asked.to_request(), k=MOST_MOMENTS, skip=0, facets=False))
    videos = {hit.clip.video_id for hit in answer.hits}
    return list_response(
        kind, "moments", answer.to_document, lambda: spans_of(answer, catalog.facts(videos)), answer.understood
    )
