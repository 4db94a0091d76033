"""What a client may keep of an answer: it asks each time, and is told when nothing has changed (RFC 9110 §13)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from flask import Response, jsonify, request

from search.library import hidden_kinds
from search.service import SearchService

Document = dict[str, Any]


class Versioned:
    """Answers that change only when the clips or the tags of the library do, or vsearch itself."""

    def __init__(self, service: SearchService) -> None:
        self._catalog = service.library.catalog
        self._made_by = version("vsearch"), self._catalog.meta("id")

    def __call__(self, make: Callable[[], Document]) -> Response:
        """The document, or 304 without making it while the library is as it was when the client had it.

        The tag is weak: two answers may differ in the time they took.
        """
        state = self._catalog.state()
        told = [*self._made_by, *state.version, *sorted(hidden_kinds(state)), request.full_path]
        tag = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
        unchanged = request.if_none_match.contains_weak(tag)
        response = Response(status=304) if unchanged else jsonify(make())
        response.set_etag(tag, weak=True)
        return _kept(response)


def compared(document: Document) -> Response:
    """The document, or 304 where it is word for word what the client has."""
    response = jsonify(document)
    response.add_etag()
    response.make_conditional(request)
    return _kept(response)


def _kept(response: Response) -> Response:
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response
