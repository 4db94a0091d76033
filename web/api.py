"""The JSON API, version 1: DESIGN §6."""

from __future__ import annotations

import re

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI
from werkzeug.datastructures import MultiDict

from search.errors import BadQuery, VsearchError
from search.query import SearchRequest, parse_tag
from search.service import SearchService
from web.api_saved import saved_api
from web.api_search import search_api
from web.api_videos import videos_api
from web.openapi import api_blueprint, docs
from web.schemas import HealthDocument


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
    response.headers["Cache-Control"] = "no-store"
    return response


def register_api(app: OpenAPI, service: SearchService) -> None:
    """Every path under `/api`, with its description."""
    for part in (search_api, videos_api, saved_api, health_api):
        blueprint = part(service)
        blueprint.after_request(never_stale)
        app.register_api(blueprint)
    app.register_blueprint(docs(app))


def health_api(service: SearchService) -> APIBlueprint:
    blueprint = api_blueprint("api_health", "server")

    @blueprint.get("/health", responses={200: HealthDocument})
    def health() -> Response:
        """Say whether the server is there and ready."""
        return jsonify(schema=1, live=True, ready=service.ready)

    return blueprint


def never_stale(response: Response) -> Response:
    """Answers that do not say how they may be kept are not kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
