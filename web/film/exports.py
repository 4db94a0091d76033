"""`/export`: a part of a film, or its moments, as a file to keep."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import BadQuery
from search.language.times import TIME_EXAMPLES, read_time
from search.outputs.span import Span, one_line, spans_of
from search.query import SearchRequest
from search.service import SearchService
from web.lists import MOST_MOMENTS, list_response
from web.media import file_response, named, open_film
from web.safety.refusals import Occupied
from web.safety.security import refuse_foreign

LONGEST = {"mp4": 120.0, "gif": 30.0, "slow": 3.0}
"""Seconds of film; all pictures of a GIF are in memory at once, for its palette."""
AT_ONCE = 2
"""Excerpts that are written; each keeps a core busy."""
LONGEST_MAKING = 600.0
"""Seconds that one may take."""
SLOWER = 4
SLOW_SIDE = 480
"""Pixels of the longest side."""
EXCERPTS = {"mp4": "video/mp4", "gif": "image/gif", "slow": "video/mp4"}
"""Media types by the name of a format."""
LISTS = ("csv", "json", "edl", "otio", "vtt")


def exports(service: SearchService) -> Blueprint:
    """`/export?video=&start=&end=&format=`, or with `q` instead of start and end."""
    blueprint = Blueprint("exports", __name__)
    catalog, free = service.library.catalog, threading.BoundedSemaphore(AT_ONCE)

    @blueprint.get("/export")
    def export() -> Response:
        refuse_foreign()  # cutting a film costs seconds of a processor
        film = catalog.video(request.args.get("video", 0, type=int))
        kind = request.args.get("format", "mp4")
        if kind in LISTS:
            return film_list(service, film, kind)
        if kind not in EXCERPTS:
            raise BadQuery(f"{kind[:20]!r} is no format.", f"Choose one of {', '.join([*EXCERPTS, *LISTS])}.")
        span = asked_span(request.args, film.facts.duration, LONGEST[kind])
        if not free.acquire(blocking=False):
            raise Occupied("Other parts of films are being cut.", "Try again in a few seconds.")
        try:
            return excerpt_response(film, span, kind)
        finally:
            free.release()

    return blueprint


def asked_span(asked: MultiDict[str, str], duration: float, longest: float) -> tuple[float, float]:
    """Start and end in seconds, inside the film. Raises BadQuery."""
    start, end = (read_time(asked.get(name, "").strip()) for name in ("start", "end"))
    if start is None or end is None:
        raise BadQuery("From when to when? That is no time.", f"Write times as {TIME_EXAMPLES}.")
    end = min(end, duration)
    if end <= start:
        raise BadQuery("Nothing of the film lies between these times.", "Choose a later end.")
    if end - start > longest:
        raise BadQuery(f"At most {longest:g} seconds can be made at once.", "Choose a shorter part.")
    return start, end


def excerpt_response(film: VideoRecord, span: tuple[float, float], kind: str) -> Response:
    """A part of a film as MP4 or GIF, or slowed down; the file that it is written to goes when it is sent."""
    open_film(film)[0].close()  # says where it is not what was indexed
    suffix = ".gif" if kind == "gif" else ".mp4"
    with TemporaryDirectory(prefix="vsearch-export-") as folder:
        path = Path(folder) / f"excerpt{suffix}"
        write_excerpt(film, span, kind, path)
        file = path.open("rb")  # it lasts as long as it is open
    response = file_response(file, os.fstat(file.fileno()), EXCERPTS[kind], film.title)
    return named(response, excerpt_title(film, span[0], suffix), inline=kind == "slow")


def write_excerpt(film: VideoRecord, span: tuple[float, float], kind: str, path: Path) -> None:
    """In a process of its own, as long as somebody waits for it. Raises as `make_excerpt` does."""
    from indexer.excerpts.child import ExcerptRequest
    from indexer.excerpts.process import make_excerpt

    slow = {"slower": SLOWER, "longest_side": SLOW_SIDE} if kind == "slow" else {}
    has_gone = request.environ.get("waitress.client_disconnected", lambda: False)
    make_excerpt(
        ExcerptRequest(str(film.path), str(path), *span, **slow),
        wanted=lambda: not has_gone(),
        longest=LONGEST_MAKING,
    )


def excerpt_title(film: VideoRecord, start: float, suffix: str) -> str:
    from indexer.excerpts.excerpt import Span as FilmSpan
    from indexer.excerpts.excerpt import excerpt_name

    return excerpt_name(FilmSpan(film.path, start, start), suffix)


def film_list(service: SearchService, film: VideoRecord, kind: str) -> Response:
    """The moments of a question in a film, or the part of it that is asked for, as a list for other programs."""
    line, stem = request.args.get("q", ""), Path(film.title).stem
    if line.strip():
        answer = service.search(SearchRequest(line, k=MOST_MOMENTS, facets=False, video_id=film.id))
        facts = {film.id: film.facts}
        return list_response(kind, stem, answer.to_document, lambda: spans_of(answer, facts), answer.understood)
    chosen = chosen_span(film, *asked_span(request.args, film.facts.duration, film.facts.duration))
    return list_response(kind, stem, lambda: span_document(chosen), lambda: [chosen])


def chosen_span(film: VideoRecord, start: float, end: float) -> Span:
    """A part of a film that a person chose."""
    return Span(
        path=film.path,
        title=one_line(film.title),
        start=start,
        end=end,
        rank=1,
        band="",
        score=None,
        clip_id=0,
        video_id=film.id,
        duration=film.facts.duration,
        fps=film.facts.fps,
    )


def span_document(span: Span) -> dict[str, object]:
    place = {"video_id": span.video_id, "title": span.title, "path": printable(str(span.path))}
    return {"schema": 1, **place, "start": round(span.start, 3), "end": round(span.end, 3)}
