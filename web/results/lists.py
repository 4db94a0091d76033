"""The moments of a question as a file for other programs."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Response, request

from search.answer import SearchAnswer
from search.errors import BadQuery
from search.outputs.registry import writer
from search.outputs.span import spans_of
from search.service import SearchService
from web.results.asked import read_asked

MOST_MOMENTS = 500
LISTS = {
    "csv": "text/csv",
    "json": "application/json",
    "edl": "text/plain",
    "otio": "application/json",
    "m3u": "audio/x-mpegurl",
}
"""Media types by the name of a format; an editor's chapters are of one film (`web/film/exports.py`)."""


def list_response(service: SearchService) -> Response:
    """Answers `/list?q=&format=`: the question of an address of the search page, with more moments.

    Raises BadQuery for no format, and what `SearchService.search` raises.
    """
    kind = request.args.get("format", "csv")
    if kind not in LISTS:
        raise BadQuery(f"{kind[:20]!r} is no format.", f"Choose one of {', '.join(LISTS)}.")
    asked = read_asked(request.args)
    answer = service.search(replace(asked.to_request(), k=MOST_MOMENTS, skip=0, facets=False))
    text = _text(service, answer, kind)
    response = Response(text.encode("utf-8", "surrogateescape"), content_type=f"{LISTS[kind]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="moments.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _text(service: SearchService, answer: SearchAnswer, kind: str) -> str:
    if kind == "json":
        return json.dumps(answer.to_document(), ensure_ascii=False, indent=2) + "\n"
    facts = service.library.catalog.facts({hit.clip.video_id for hit in answer.hits})
    return writer(kind)(spans_of(answer, facts), answer.understood)
