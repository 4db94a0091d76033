"""Saved searches on the pages: a question is kept under a name, and let go again."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from search.saved import add_saved, remove_saved
from search.service import SearchService
from web.results.asked import Asked


def saved_pages(service: SearchService) -> Blueprint:
    """`POST /saved` and `POST /saved/remove`; forms of this site alone may send them (`web/safety/security.py`)."""
    blueprint = Blueprint("saved", __name__)

    @blueprint.post("/saved")
    def keep() -> Response:
        """Keeps the question `q` under `name`, and goes back to it."""
        saved = add_saved(service.library, request.form.get("name", "").strip(), request.form.get("q", ""))
        return redirect(Asked(saved.question).address(), 303)

    @blueprint.post("/saved/remove")
    def let_go() -> Response:
        remove_saved(service.library, request.form.get("name", ""))
        return redirect(url_for("pages.search"), 303)

    return blueprint
