"""`/api/search`, `/api/similar` and `/api/facets`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import ResponseDict

from search.answer import SearchAnswer, facet_document
from search.query import MOST_RESULTS, parse_tag
from search.service import SearchService
from web.api.openapi import api_blueprint
from web.api.schemas import ClipId, ErrorAnswer, FacetsDocument
from web.api.schemas_search import AskedFiles, Narrowing, SearchDocument, SearchQuery, SimilarQuery
from web.cursors import read_cursor, write_cursor
from web.freshness import Versioned
from web.safety.refusals import speaks_only
from web.safety.uploads import LARGEST_UPLOAD, encode_files, upload_place

BAD_FILE: ResponseDict = {413: ErrorAnswer, 415: ErrorAnswer, 422: ErrorAnswer, 429: ErrorAnswer}


def search_api(service: SearchService) -> APIBlueprint:
    blueprint = api_blueprint("api_search", "search")
    blueprint.before_request(speaks_only({"POST": "multipart/form-data"}))
    versioned = Versioned(service)

    @blueprint.before_request
    def allow_files() -> None:
        request.max_content_length = LARGEST_UPLOAD

    @blueprint.get("/search", responses={200: SearchDocument, 304: None})
    def search(query: SearchQuery) -> Response:
        """Find moments for a question."""
        return versioned(lambda: page_of(service, query))

    @blueprint.post("/search", responses={200: SearchDocument, **BAD_FILE})
    def search_with_files(query: SearchQuery, form: AskedFiles) -> Response:
        """Find moments that look like a picture or a clip.

        The file is decoded in a process of its own, with limits on bytes, pixels and time, and is not kept. Words and
        tags in the address narrow or mix with it as those of a question do.
        """
        with upload_place():
            vectors = encode_files(service, form, query.q)
        return jsonify(page_of(service, query, **vectors))

    @blueprint.get("/similar/<int(max=9223372036854775807):clip_id>", responses={200: SearchDocument, 304: None})
    def similar(path: ClipId, query: SimilarQuery) -> Response:
        """Find moments that look like one that is in the library; its own are left out."""
        tags = tuple(parse_tag(tag) for tag in query.tag)
        return versioned(lambda: _document(service.similar(path.clip_id, query.k, tags)))

    @blueprint.get("/facets", responses={200: FacetsDocument, 304: None})
    def facets(query: Narrowing) -> Response:
        """Count the tags of the clips that a question leaves."""
        asked = query.to_request()
        return versioned(lambda: {"schema": 1, "facets": [facet_document(found) for found in service.facets(asked)]})

    return blueprint


def page_of(service: SearchService, query: SearchQuery, **vectors: Any) -> dict[str, Any]:
    """The document of one page of an answer; `vectors` are what `encode_files` gives."""
    about = query.model_dump_json(exclude={"k", "cursor", "explain"})
    skip, generation, newest = read_cursor(query.cursor, about, 3) if query.cursor else (0, None, None)
    asked = replace(
        query.to_request(),
        k=query.k,
        skip=skip,
        newest_clip=newest,
        group=query.group,
        sort=query.sort,
        explain=query.explain,
        **vectors,
    )
    answer = service.search(asked)
    reached = skip + len(answer.hits)
    more = len(answer.hits) == query.k and reached != answer.total and reached <= MOST_RESULTS
    return _document(
        answer,
        next_page=write_cursor(about, reached, answer.generation, answer.newest_clip) if more else None,
        changed=generation not in (None, answer.generation),
    )


def _document(answer: SearchAnswer, *, next_page: str | None = None, changed: bool = False) -> dict[str, Any]:
    return {**answer.to_document(), "next": next_page, "changed": changed}
