"""OpenAPI 3.1, made from the code: the application that collects it, and the page on which a person reads it."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from flask import Blueprint, Response, make_response, render_template, send_from_directory
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from search.errors import NotFound
from web.api.schemas import ErrorAnswer
from web.freshness import compared
from web.safety.refusals import refuse_values
from web.safety.security import CONTENT_SECURITY_POLICY

DESCRIPTION = """Find moments in videos by describing them.

Times are seconds from the first shown frame. Every error has the same shape, whatever its status. Answers carry an
ETag: send it back in `If-None-Match` and nothing is sent again that has not changed."""
SWAGGER = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"
ASSETS = {"swagger-ui.css": "css", "swagger-ui-bundle.js": "js"}
"""Files of Swagger UI that the page needs, and the folder of each."""
REFUSED = (400, 403, 404, 405, 413, 503)


def open_app(import_name: str) -> OpenAPI:
    """A Flask application that knows what its API blueprints take and give."""
    return OpenAPI(
        import_name,
        info=Info(title="vsearch", version=version("vsearch"), description=DESCRIPTION),
        doc_ui=False,
        security_schemes={},
        validation_error_status=400,
        validation_error_model=ErrorAnswer,
        validation_error_callback=refuse,
    )


def refuse(error: ValidationError) -> NoReturn:
    raise refuse_values(error) from None


def api_blueprint(name: str, about: str) -> APIBlueprint:
    """A part of the API, under `/api`; `about` is what its operations have in common."""
    return APIBlueprint(
        name,
        __name__,
        url_prefix="/api",
        abp_tags=[Tag(name=about)],
        abp_responses=dict.fromkeys(REFUSED, ErrorAnswer),
        operation_id_callback=lambda *, name, **_: name,
    )


def docs(app: OpenAPI) -> Blueprint:
    """`/api/openapi.json`, and `/api/docs` to browse it; both from this machine alone."""
    blueprint = Blueprint("docs", __name__, url_prefix="/api")

    @blueprint.get("/openapi.json")
    def schema() -> Response:
        return compared(app.api_doc)

    @blueprint.get("/docs")
    def page() -> Response:
        response = make_response(render_template("api_docs.html"))
        # Its style sheet holds a few icons as data: pictures; nothing else of the policy is relaxed.
        policy = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:")
        response.headers["Content-Security-Policy"] = policy
        return response

    @blueprint.get("/docs/<name>")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            raise NotFound("There is no such page of the documentation.", "It begins at /api/docs.")
        return send_from_directory(SWAGGER / ASSETS[name], name, max_age=86_400)

    return blueprint
