"""`/sprites/<video_id>.jpg`: pictures from all over a film on one sheet, shown while a person looks for a place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from flask import Blueprint, Response

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import NotFound
from search.service import SearchService
from web.media import thumbnail_response

COLUMNS = 10
MOST_CELLS = 100


def sprite_facts(film: VideoRecord) -> Mapping[str, int]:
    """What a page needs to cut a sheet: how many cells there are, and how many in a row."""
    cells = min(MOST_CELLS, film.clips)
    return {"cells": cells, "columns": COLUMNS, "rows": math.ceil(cells / COLUMNS)}


def sprites(service: SearchService) -> Blueprint:
    """Cell i of n shows the film from i/n of its length on."""
    blueprint = Blueprint("sprites", __name__)
    catalog = service.library.catalog

    @lru_cache(maxsize=16)
    def sheet(video_id: int, _fingerprint: str, cells: int, duration: float) -> bytes | None:
        from indexer.pictures.sprites import sprite_sheet

        jpegs = catalog.thumbnails_of(video_id, [duration * (i + 0.5) / cells for i in range(cells)])
        return sprite_sheet(jpegs, COLUMNS) if jpegs else None

    @blueprint.get("/sprites/<int(max=9223372036854775807):video_id>.jpg")
    def sprite(video_id: int) -> Response:
        film = catalog.video(video_id)
        cells = sprite_facts(film)["cells"]
        jpeg = sheet(video_id, film.file.fingerprint, cells, film.facts.duration) if cells else None
        if jpeg is None:
            raise NotFound(f"{printable(film.title)} has no thumbnails.", "Run `vsearch index` on its folder again.")
        return thumbnail_response(jpeg, forever=False)

    return blueprint
