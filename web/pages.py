"""The pages a person sees: searching, and what went wrong."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from search.answer import printable
from search.errors import VsearchError
from search.language.keys import KEYS
from search.service import SearchService
from web import words
from web.results.asked import Asked, film_address
from web.results.lists import LISTS, asked_list
from web.results.page import SearchPage
from web.results.picture import picture_page
from web.results.saved import saved_pages


def error_page(error: VsearchError) -> Response:
    response = make_response(printable(render_template("error.html", error=error)), error.http_status)
    response.headers["Cache-Control"] = "no-store"
    return response


def pages(service: SearchService) -> Blueprint:
    """`/`, `/picture`, `/complete`, `/list` and `/saved`."""
    blueprint = Blueprint("pages", __name__)
    for word in (words.clock, words.span, words.duration, words.amount, words.ticked, words.inert, words.marked):
        blueprint.add_app_template_filter(word)
    blueprint.add_app_template_global(film_address)
    blueprint.add_app_template_global(lambda line: Asked(line).address(), "address")
    page = SearchPage(service)
    blueprint.add_url_rule("/", "search", page.show)
    blueprint.add_url_rule("/complete", "complete", page.complete)
    blueprint.add_url_rule("/picture", "picture", picture_page(page), methods=["POST"])
    blueprint.add_url_rule("/list", "as_list", lambda: asked_list(service))
    blueprint.register_blueprint(saved_pages(service))

    library_id = service.library.catalog.meta("id")

    @blueprint.app_template_global()
    def kept(thumbnail: str) -> str:
        """The address of a thumbnail that a browser may keep: another library has other pictures there."""
        return f"{thumbnail}?library={library_id}"

    @blueprint.app_context_processor
    def everywhere() -> dict[str, Any]:
        return {"keys": KEYS.values(), "lists": LISTS}

    return blueprint
