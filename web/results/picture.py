"""Asking with a picture or a clip that a person uploads, drops or pastes: the search page answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from search.errors import VsearchError
from search.service import SearchService
from web.api.schemas_search import AskedFiles
from web.results.asked import MOST_SHOWN, Asked, read_asked
from web.results.page import SearchPage
from web.safety.uploads import LARGEST_UPLOAD, encode_files, upload_place
from web.words import inert


def picture_page(page: SearchPage) -> Callable[[], Response]:
    """Answers `POST /picture`: the part `picture` is a picture or a clip, `q` words beside it."""

    def answer() -> Response:
        request.max_content_length = LARGEST_UPLOAD
        asked, shown, error = Asked(), None, None
        file = request.files.get("picture")
        name = inert(file.filename or "a picture") if file else ""
        with upload_place():
            try:
                asked = replace(read_asked(request.form), skip=0, k=MOST_SHOWN)
                shown = page.answered(asked, replace(asked.to_request(), **_vectors(page.service, file, asked.line)))
            except VsearchError as refused:
                error = refused
        return page.page(asked, shown, error, name)

    return answer


def _vectors(service: SearchService, file: FileStorage | None, line: str) -> dict[str, Any]:
    is_film = file is not None and file.mimetype.startswith("video/")
    sent = [file] if file else []
    files = AskedFiles.model_construct(picture=[] if is_film else sent, clip=sent if is_film else [])
    return encode_files(service, files, line)
