"""The JSON API, version 1: DESIGN §6."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI

from search.answer import printable
from search.errors import VsearchError
from search.service import SearchService
from web.api.openapi import api_blueprint, docs
from web.api.saved import saved_api
from web.api.schemas import HealthDocument
from web.api.search import search_api
from web.api.videos import videos_api


def error_response(error: VsearchError) -> Response:
    """An error as every path under `/api` answers it."""
    told = {"code": error.code, "message": printable(error.message), "cure": printable(error.cure)}
    response = jsonify(schema=1, error=told)
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
