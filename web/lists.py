"""Lists of moments as files for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from flask import Response

from search.outputs.registry import writer
from search.outputs.span import Span
from web.media import named

MOST_MOMENTS = 500
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "edl": "text/plain",
    "otio": "application/json",
    "m3u": "audio/x-mpegurl",
    "vtt": "text/vtt",
}
"""By the name of a format."""


def list_response(
    kind: str, stem: str, document: Callable[[], object], spans: Callable[[], Sequence[Span]], question: str = ""
) -> Response:
    """A file `stem.kind`: the document where `kind` is `json`, else the moments as that format writes them."""
    if kind == "json":
        text = json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = writer(kind)(spans(), question)
    response = Response(text.encode("utf-8", "surrogateescape"), content_type=f"{MEDIA_TYPES[kind]}; charset=utf-8")
    return named(response, f"{stem}.{kind}")
