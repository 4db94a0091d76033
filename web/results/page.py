"""The search page: the box, and below it the answer, why there is none, or how to begin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from flask import Response, jsonify, make_response, render_template, request

from search.asking.understanding import kinds_of
from search.bands import WEAK
from search.errors import VsearchError
from search.language.completion import complete
from search.language.errors import NotUnderstood
from search.language.tree import Question
from search.library import hidden_kinds
from search.query import LONGEST_TEXT, SearchRequest, Tag
from search.service import SearchService
from web.results.asked import PAGE, Asked, read_asked
from web.results.chips import chips_of, marked
from web.results.facet_counts import FacetCounts
from web.results.facets import FacetGroup, film_groups, tag_groups
from web.results.narrowing import Line

COMPLETIONS = 10
FIRST_FILMS = 12
"""Films that the page shows while nothing is asked."""
FIRST_TAGS = 8


@dataclass(frozen=True, slots=True)
class Known:
    """The tags of the library as they are now."""

    tags: tuple[tuple[str, str], ...]
    """Every kind and label that is shown."""
    kinds: frozenset[str]
    """What stands before a colon in a question and means a tag."""


class SearchPage:
    """Answers `/` and `/complete` for one library; safe to share between threads."""

    def __init__(self, service: SearchService) -> None:
        self.service = service
        self._counts = FacetCounts(service)
        self._tags = lru_cache(maxsize=2)(self._read_tags)
        self._first_films = lru_cache(maxsize=2)(self._find_first_films)

    def show(self) -> Response:
        """The page at an address."""
        asked, shown, error = Asked(request.args.get("q", "")), None, None
        try:
            asked = read_asked(request.args)
            if not asked.is_empty:
                shown = self.answered(asked, asked.to_request())
        except VsearchError as refused:
            error = refused
        return self.page(asked, shown, error)

    def answered(self, asked: Asked, wanted: SearchRequest) -> dict[str, Any]:
        """What the page shows of the document of `search`: weak moments are folded away below better ones.

        Raises what `SearchService.search` raises.
        """
        answer = self.service.search(replace(wanted, facets=False))
        document = answer.to_document()
        results = document["results"]
        better = [result for result in results if result["band"] != WEAK or result["cues"]]
        shown = better if better or not answer.nothing else results  # the nearest there is
        reached = asked.skip + len(results)
        by_file = wanted.embedding is not None or bool(wanted.pictures)  # which no address can hold
        more = len(results) == asked.k and reached != answer.total and not by_file
        facets, total = ([], None) if by_file else self._facets(asked, answer.question)
        return {
            "answer": document,
            "total": total,
            "better": shown,
            "weaker": [result for result in results if result not in shown],
            "open": not shown or not answer.question.look.text,  # without words, weaker ones are worth a look
            "films": None if more else len({result["video_id"] for result in shown}),
            "more": asked.address(skip=reached, newest_clip=answer.newest_clip) if more else None,
            "earlier": asked.address(skip=max(0, asked.skip - PAGE), newest_clip=answer.newest_clip)
            if asked.skip
            else None,
            "ranked": any(result["score"] is not None or result["cues"] for result in results),
            "facets": facets,
        }

    def page(
        self, asked: Asked, shown: dict[str, Any] | None, error: VsearchError | None, picture: str = ""
    ) -> Response:
        """The page as HTML; `picture` is the name of the file that was asked with."""
        known, found = self._known(), shown is not None and bool(shown["answer"]["results"])
        at = error.at if isinstance(error, NotUnderstood) else None
        page = render_template(
            "search.html",
            asked=asked,
            line=Line(asked.line, known.kinds),
            chips=chips_of(asked.line[:LONGEST_TEXT], known.kinds),
            picture_name=picture,
            shown=shown,
            error=error,
            wrong=marked(asked.line, at, known.kinds) if at is not None else None,
            begin=None if error or found else self._begin(known),
        )
        response = make_response(page, error.http_status if error else 200)
        response.headers["Cache-Control"] = "no-store"
        return response

    def complete(self) -> Response:
        """How the line may go on at the cursor: `/complete?line=&cursor=`."""
        line = request.args.get("line", "")[:LONGEST_TEXT]
        cursor = min(max(request.args.get("cursor", len(line), type=int), 0), len(line))
        found = complete(line, cursor, self._known().tags, self._counts.folders())
        ways = [
            {"text": one.text, "kind": one.kind, "meaning": one.meaning, "line": one.applied(line),
             "cursor": one.start + len(one.text)}
            for one in found[:COMPLETIONS]
        ]  # fmt: skip
        response = jsonify(schema=1, completions=ways)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _begin(self, known: Known) -> dict[str, Any]:
        """What there is in the library, while nothing is asked or found."""
        catalog = self.service.library.catalog
        return {
            "counts": catalog.counts(),
            "films": self._first_films(catalog.state().version),
            "tags": _mixed(known.tags)[:FIRST_TAGS],
            "saved": catalog.saved_searches(),
        }

    def _find_first_films(self, _version: object) -> list[dict[str, Any]]:
        """As results, in film order."""
        every = SearchRequest("longer:0s", FIRST_FILMS, group="video", facets=False)
        results: list[dict[str, Any]] = self.service.search(every).to_document()["results"]
        return results

    def _facets(self, asked: Asked, question: Question) -> tuple[list[FacetGroup], int]:
        """What the current result can be narrowed by, and how many results it has."""
        known = self._known()
        line = Line(asked.line, known.kinds)
        counts = self._counts.of(line, asked.group, [Tag(*tag) for tag in known.tags])
        groups = tag_groups(asked, line, known.tags, counts.tags)
        return [*groups, *film_groups(asked, line, question, counts)], counts.total

    def _known(self) -> Known:
        state = self.service.library.catalog.state()
        return self._tags(state.version, hidden_kinds(state))

    def _read_tags(self, _version: object, hidden: frozenset[str]) -> Known:
        tags = tuple(self.service.library.catalog.tags(hidden))
        return Known(tags, kinds_of(tags, hidden))


def _mixed(tags: Iterable[tuple[str, str]]) -> list[Tag]:
    """One label of each kind, then another of each, and so on."""
    by_kind: dict[str, list[Tag]] = {}
    for kind, label in tags:
        by_kind.setdefault(kind, []).append(Tag(kind, label))
    return [tag for row in zip_longest(*by_kind.values()) for tag in row if tag]
