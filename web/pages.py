"""The pages a person sees: the search page, one film, and what went wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from search.answer import printable
from search.bands import WEAK
from search.errors import VsearchError
from search.query import SearchRequest, Tag
from search.service import SearchService
from web import words
from web.api import read_request

PAGE = 24
MOST_SHOWN = 4 * PAGE
"""Moments on one page; beyond these a better question helps more than another page."""


FACETS_SHOWN = 8
"""Of each kind, the most frequent."""


def address(asked: SearchRequest | str, k: int | None = None) -> str:
    """The address that asks a question (or its text alone): the whole state of the page."""
    if isinstance(asked, str):
        asked = SearchRequest(asked)
    tags = [f"{tag.kind}:{tag.label}" for tag in asked.tags]
    return url_for("pages.search", q=asked.text or None, tag=tags, k=k, **narrowing(asked))


def narrowing(asked: SearchRequest) -> dict[str, Any]:
    """How the tags of a question narrow it, as it is written in its address; only what is not usual."""
    if not asked.tags:
        return {}
    said = {"any": "1" if asked.any_of else "", "min_seconds": f"{asked.min_seconds:g}" if asked.min_seconds else ""}
    return {name: value for name, value in said.items() if value}


def narrowed(asked: SearchRequest, tag: dict[str, Any]) -> str:
    """The address that asks the same for moments with one more tag."""
    return address(replace(asked, tags=tuple(dict.fromkeys((*asked.tags, Tag(tag["kind"], tag["label"]))))))


def show(answer: dict[str, Any], asked: SearchRequest) -> dict[str, Any]:
    """What the page shows of the document of `search`: weak moments are folded away below better ones."""
    results = answer["results"]
    better = [result for result in results if result["band"] != WEAK]
    shown = better or results
    # Bands never rise with rank: below a weak moment there are only weak ones.
    more = len(better) == asked.k < MOST_SHOWN and answer["total"] != len(results)
    return {
        "answer": answer,
        "better": shown,
        "weaker": results[len(shown) :],
        "only_weak": bool(results) and not better,
        "films": len({result["video_id"] for result in shown}),
        "more": address(asked, min(asked.k + PAGE, MOST_SHOWN)) if more else None,
        "facets": facets(answer["facets"], asked),
    }


def filters(asked: SearchRequest) -> list[dict[str, Any]]:
    """The tags that were asked for, each with the address that asks without it."""
    return [
        {"tag": tag, "without": address(replace(asked, tags=tuple(other for other in asked.tags if other != tag)))}
        for tag in asked.tags
    ]


def facets(found: list[dict[str, Any]], asked: SearchRequest) -> dict[str, list[dict[str, Any]]]:
    """The most frequent tags that are not asked for yet, by kind."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for facet in found:
        if Tag(facet["kind"], facet["label"]) not in asked.tags:
            shown.setdefault(facet["kind"], []).append(facet)
    return {kind: of_kind[:FACETS_SHOWN] for kind, of_kind in shown.items()}


def error_page(error: VsearchError) -> Response:
    response = make_response(render_template("error.html", error=error), error.http_status)
    response.headers["Cache-Control"] = "no-store"
    return response


def search_page(service: SearchService) -> Response:
    """The box, and below it the answer, why there is none, or how to begin."""
    asked, shown, error = SearchRequest(request.args.get("q", "")), None, None
    try:
        asked = read_request(request.args, k=PAGE)
        asked = replace(asked, k=min(asked.k, MOST_SHOWN))
        if asked.text.strip() or asked.tags:
            shown = show(service.search(asked).to_document(), asked)
    except VsearchError as refused:
        error = refused
    catalog = service.library.catalog
    page = render_template(
        "search.html",
        asked=asked,
        text=asked.text[:500],
        filters=filters(asked),
        narrowing=narrowing(asked),
        shown=shown,
        error=error,
        counts=None if shown and shown["better"] else catalog.counts(),
        library_id=catalog.meta("id"),
    )
    response = make_response(page, error.http_status if error else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def pages(service: SearchService) -> Blueprint:
    """`/` and `/video/<video_id>`."""
    blueprint = Blueprint("pages", __name__)
    catalog = service.library.catalog
    for word in (words.clock, words.span, words.duration, words.amount, words.ticked):
        blueprint.add_app_template_filter(word)
    for link in (address, narrowed):
        blueprint.add_app_template_global(link)

    @blueprint.get("/")
    def search() -> Response:
        return search_page(service)

    @blueprint.get("/video/<int(max=9223372036854775807):video_id>")
    def video(video_id: int) -> str:
        film = catalog.video(video_id)
        return render_template(
            "video.html",
            film=film,
            title=printable(film.title),
            path=printable(str(film.path)),
            start=request.args.get("t", 0.0, type=float),
            text=request.args.get("q", "")[:500],
        )

    return blueprint
