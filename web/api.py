"""The JSON API, version 1: DESIGN §6."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from search.answer import facet_document
from search.errors import BadQuery, VsearchError
from search.query import SearchRequest, parse_tag
from search.service import SearchService


def read_request(args: MultiDict[str, str], k: int) -> SearchRequest:
    """The question that a query string asks; `k` results when it does not say. Raises BadQuery."""
    asked = args.get("k", str(k))
    if not re.fullmatch(r"-?[0-9]{1,12}", asked):
        raise BadQuery(f"k must be a whole number, not {asked[:20]!r}.", "Ask for example for k=10.")
    seconds = args.get("min_seconds", "0")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{0,9})?", seconds):
        raise BadQuery(f"min_seconds must be a number, not {seconds[:20]!r}.", "Ask for example for min_seconds=2.5.")
    return SearchRequest(
        args.get("q", ""),
        int(asked),
        tuple(parse_tag(tag) for tag in args.getlist("tag")),
        any_of=args.get("any", "0") not in ("", "0"),
        min_seconds=float(seconds),
    )


def error_response(error: VsearchError) -> Response:
    """An error as every path under `/api` answers it."""
    response = jsonify(schema=1, error={"code": error.code, "message": error.message, "cure": error.cure})
    response.status_code = error.http_status
    return response


def api(service: SearchService) -> Blueprint:
    """`/api/search`, `/api/facets` and `/api/health`."""
    blueprint = Blueprint("api", __name__, url_prefix="/api")

    @blueprint.get("/search")
    def search() -> Response:
        return jsonify(service.search(read_request(request.args, k=10)).to_document())

    @blueprint.get("/facets")
    def facets() -> Response:
        found = service.facets(read_request(request.args, k=1))
        return jsonify(schema=1, facets=[facet_document(facet) for facet in found])

    @blueprint.get("/health")
    def health() -> Response:
        return jsonify(schema=1, live=True, ready=service.ready)

    @blueprint.after_request
    def never_stale(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
