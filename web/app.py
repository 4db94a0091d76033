"""The site as one Flask application."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from search.errors import TooLarge, VsearchError
from search.runtime import verbose
from search.service import SearchService
from web.api import api, error_response
from web.media import media
from web.pages import error_page, pages
from web.security import secure

MAX_QUERY_STRING = 65_536
"""Bytes of an address after the `?`; more is refused before it is read."""

logger = logging.getLogger("vsearch.web")


def create_app(service: SearchService) -> Flask:
    """The search page, the JSON API and the media of one open library."""
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(refuse_long_addresses)
    secure(app)
    for part in (api(service), pages(service), media(service)):
        app.register_blueprint(part)
    app.register_error_handler(Exception, answer_error)
    return app


def refuse_long_addresses() -> None:
    if len(request.query_string) > MAX_QUERY_STRING:
        raise TooLarge("The question is far too long.", "Ask with a sentence.")


def answer_error(error: Exception) -> Response:
    """The one place where errors become HTTP: JSON under `/api`, a page everywhere else."""
    known = _translate(error)
    response = error_response(known) if f"{request.path}/".startswith("/api/") else error_page(known)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    return response


def _translate(error: Exception) -> VsearchError:
    if isinstance(error, VsearchError):
        return error
    if isinstance(error, HTTPException):
        known = VsearchError(
            f"Nothing at {request.path[:100]} answers this: {error.name.lower()}.",
            "The search page is at /, the search API at /api/search.",
        )
        known.code, known.http_status = error.name.lower().replace(" ", "-"), error.code or 500
        return known
    logger.error("%s %s: %r", request.method, request.path, error, exc_info=verbose())
    return VsearchError("Something broke inside vsearch.", "Run it with -v to see what, and tell its makers.")
