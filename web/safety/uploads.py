"""Files that people send as questions: how large they may be, how many are looked at together, and their vectors."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from search.contracts import Float32
from search.errors import BadQuery
from search.service import SearchService
from web.api.schemas_search import AskedFiles
from web.safety.refusals import TooBusy

LARGEST_UPLOAD = 64 << 20
"""Bytes of all files of a question."""
AT_ONCE = 2
"""Questions with files that are in work, from pages and programs together; each takes seconds of two cores."""
PLACES = "vsearch.uploads"
"""In the extensions of the app."""


def limit_uploads(app: Flask) -> None:
    """Gives an app its places for questions with files."""
    app.extensions[PLACES] = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def upload_place() -> Iterator[None]:
    """Takes one of the places of the app. Raises TooBusy when there is none."""
    free: threading.BoundedSemaphore = current_app.extensions[PLACES]
    if not free.acquire(blocking=False):
        raise TooBusy("Other files are being looked at.", "Try again in a few seconds.")
    try:
        yield
    finally:
        free.release()


def encode_files(service: SearchService, files: AskedFiles, text: str) -> dict[str, Any]:
    """The vectors of the files, under the names that SearchRequest has for them.

    A picture that the text names (`like:NAME`) is a part of the question, any other file is the question. Raises
    BadQuery where there is none, or more than one; and what `indexer.asking` raises.
    """
    from indexer.asking import encode_clip, encode_picture

    encoder = service.library.encoder
    looks = service.parse(text).looks if text.strip() else ()
    in_text = {like.picture for look in looks for like in look.like}
    named: dict[str, Float32] = {}
    alone: list[Float32] = []
    for file in files.picture:
        name = file.filename or "The picture"
        vector = encode_picture(file.read(), encoder, name=name)
        if name in in_text:
            named[name] = vector
        else:
            alone.append(vector)
    for file in files.clip:
        with tempfile.NamedTemporaryFile(prefix="vsearch-clip-") as copy:
            file.save(copy)
            copy.flush()
            alone.append(encode_clip(Path(copy.name), encoder, name=file.filename or "The clip"))
    if len(alone) > 1:
        raise BadQuery("One file can be the question, not several.", "Name pictures in the question: like:beach.jpg.")
    if not alone and not named:
        raise BadQuery("There is no file to ask with.", "Send it as the part `picture` or `clip` of the form.")
    return {"pictures": named, "embedding": alone[0] if alone else None}
