"""`/api/saved`: questions under names."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import ResponseDict

from search.saved import add_saved, find_saved, new_moments, remove_saved, run_saved, saved_document
from search.service import SearchService
from web.api.openapi import api_blueprint
from web.api.schemas import ErrorAnswer
from web.api.schemas_saved import NewSaved, RemovedDocument, RunSaved, SavedDocument, SavedListDocument, SavedName
from web.api.schemas_search import SearchDocument
from web.freshness import compared
from web.safety.refusals import speaks_only

NOT_JSON: ResponseDict = {415: ErrorAnswer}


def saved_api(service: SearchService) -> APIBlueprint:
    blueprint = api_blueprint("api_saved", "saved searches")
    blueprint.before_request(speaks_only({"POST": "application/json"}))
    library = service.library

    @blueprint.get("/saved", responses={200: SavedListDocument, 304: None})
    def list_saved() -> Response:
        """Name the saved searches, with their questions."""
        found = library.catalog.saved_searches()
        return compared({"schema": 1, "saved": [saved_document(saved) for saved in found]})

    @blueprint.post("/saved", responses={201: SavedDocument, **NOT_JSON})
    def save_search(body: NewSaved) -> tuple[Response, int]:
        """Keep a question under a name."""
        saved = add_saved(library, body.name, body.question)
        return jsonify(schema=1, **saved_document(saved)), 201

    @blueprint.get("/saved/<path:name>", responses={200: SavedDocument, 304: None})
    def show_saved(path: SavedName) -> Response:
        """Tell one saved search."""
        return compared({"schema": 1, **saved_document(find_saved(library, path.name))})

    @blueprint.delete("/saved/<path:name>", responses={200: RemovedDocument})
    def forget_saved(path: SavedName) -> Response:
        """Remove a saved search."""
        remove_saved(library, path.name)
        return jsonify(schema=1, removed=path.name)

    @blueprint.post("/saved/<path:name>", responses={200: SearchDocument, **NOT_JSON})
    def ask_saved(path: SavedName, body: RunSaved) -> Response:
        """Ask a saved search; with `new_since_last`, only for what came since."""
        if not body.new_since_last:
            answer = run_saved(service, path.name, body.k)
        else:
            with new_moments(service, path.name, body.k) as answer:
                pass  # the answer is whole in memory: it counts as told
        return jsonify({**answer.to_document(), "next": None, "changed": False})

    return blueprint
