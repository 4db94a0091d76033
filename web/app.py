"""The site as one Flask application."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from search.errors import TooLarge, VsearchError
from search.naming import Naming
from search.runtime import verbose
from search.service import SearchService
from web.api.openapi import open_app
from web.api.routes import error_response, register_api
from web.film.exports import exports
from web.film.page import film_page
from web.film.proxies import Proxies, proxies
from web.film.sprites import sprites
from web.library.page import library_page
from web.live import live
from web.media import media
from web.metrics import measure
from web.naming.page import naming_page
from web.pages import error_page, pages
from web.safety.access import Access, TokenNeeded, guard
from web.safety.refusals import Occupied, TooBusy, refuse_request
from web.safety.security import secure
from web.safety.uploads import limit_uploads

MAX_QUERY_STRING = 65_536
"""Bytes of an address after the `?`; more is refused before it is read."""

MAX_BODY = 1 << 20
"""Bytes of a request's body, where the path allows no more."""
RETRY_AFTER, TOO_FAST = 2, 60
"""Seconds until there may be a place again, and until who asks too fast may go on."""

logger = logging.getLogger("vsearch.web")


def create_app(service: SearchService, cameras: Sequence[int] = (), access: Access | None = None) -> Flask:
    """The search page, the JSON API and the media of one open library; `cameras` may be looked through live.

    With `access` every request must carry its token.
    """
    app = open_app(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's own provider
    measure(app, service)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(refuse_long_addresses)
    secure(app, access.answers_to if access else lambda _name: False)
    if access:
        guard(app, access)
    limit_uploads(app)
    register_api(app, service)
    made = Proxies(service.library)
    film_parts = film_page(service, made), proxies(service, made), sprites(service), exports(service)
    naming = naming_page(service.library, Naming(service.library))
    library = library_page(service, guarded=access is not None)
    for part in (pages(service), library, naming, media(service), live(service, cameras), *film_parts):
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
    if isinstance(known, TokenNeeded):
        response.headers["WWW-Authenticate"] = 'Bearer realm="vsearch"'
    if isinstance(known, TooBusy | Occupied):
        response.headers["Retry-After"] = str(TOO_FAST if isinstance(error, HTTPException) else RETRY_AFTER)
    return response


def _translate(error: Exception) -> VsearchError:
    if isinstance(error, VsearchError):
        return error
    if isinstance(error, HTTPException):
        return refuse_request(error)
    logger.error("%s %s: %r", request.method, request.path, error, exc_info=verbose())
    return VsearchError("Something broke inside vsearch.", "Run it with -v to see what, and tell its makers.")
