"""`/export`: a part of a film, or its moments, as a file to keep."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from search.answer import printable
from search.catalog.records import VideoRecord
from search.errors import BadQuery
from search.language.times import TIME_EXAMPLES, read_time
from search.outputs.registry import writer
from search.outputs.span import Span, one_line, spans_of
from search.query import SearchRequest
from search.service import SearchService
from web.media import open_film
from web.refusals import TooBusy
from web.security import ForeignOriginError, is_foreign

LONGEST = 120.0
"""Seconds of an excerpt."""
LONGEST_SLOW = 3.0
"""Seconds of film that are slowed down."""
SLOWER = 4
SLOW_SIDE = 480
"""Pixels of the longest side."""
MOST_MOMENTS = 500
PIECE = 1 << 16
"""Bytes sent at once."""
EXCERPTS = {"mp4": "video/mp4", "gif": "image/gif", "slow": "video/mp4"}
LISTS = {
    "csv": "text/csv",
    "json": "application/json",
    "edl": "text/plain",
    "otio": "application/json",
    "vtt": "text/vtt",
}
"""Media types by the name of a format."""


def exports(service: SearchService) -> Blueprint:
    """`/export?video=&start=&end=&format=`, or with `q` instead of start and end."""
    blueprint = Blueprint("exports", __name__)
    catalog, one_at_a_time = service.library.catalog, threading.Lock()

    @blueprint.get("/export")
    def export() -> Response:
        refuse_foreign()
        film = catalog.video(request.args.get("video", 0, type=int))
        kind = request.args.get("format", "mp4")
        if kind in LISTS:
            return list_response(service, film, kind)
        if kind not in EXCERPTS:
            raise BadQuery(f"{kind[:20]!r} is no format.", f"Choose one of {', '.join([*EXCERPTS, *LISTS])}.")
        span = asked_span(request.args, film.facts.duration, LONGEST_SLOW if kind == "slow" else LONGEST)
        if not one_at_a_time.acquire(blocking=False):
            raise TooBusy("Another part of a film is being cut.", "Try again in a few seconds.")
        try:
            return excerpt_response(film, span, kind)
        finally:
            one_at_a_time.release()

    return blueprint


def refuse_foreign() -> None:
    """Cutting a film costs seconds of a processor: pages of other sites may not ask for it, not even with a link."""
    headers = request.headers
    if is_foreign(headers.get("Origin"), headers.get("Sec-Fetch-Site"), headers.get("Host", "")):
        raise ForeignOriginError("A page of another site may not ask for this.", "Open the page of the film.")


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
    """A part of a film as MP4 or GIF, or slowed down; the file it is written to goes when it is sent."""
    open_film(film)[0].close()  # says where it is not what was indexed
    folder = TemporaryDirectory(prefix="vsearch-export-")
    try:
        path = Path(folder.name) / f"excerpt.{'gif' if kind == 'gif' else 'mp4'}"
        (write_slowly if kind == "slow" else write_plain)(film, span, path)
    except BaseException:
        folder.cleanup()
        raise
    response = Response(pieces(path, folder), mimetype=EXCERPTS[kind])
    response.content_length = path.stat().st_size
    return named(response, excerpt_title(film, span[0], path.suffix), inline=kind == "slow")


def pieces(path: Path, folder: TemporaryDirectory[str]) -> Iterator[bytes]:
    """A file piece by piece, and then its folder goes."""
    with folder, path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def write_plain(film: VideoRecord, span: tuple[float, float], path: Path) -> None:
    from indexer.excerpts.excerpt import Span as FilmSpan
    from indexer.excerpts.excerpt import write_excerpt

    write_excerpt(FilmSpan(film.path, *span), path)


def write_slowly(film: VideoRecord, span: tuple[float, float], path: Path) -> None:
    from indexer.excerpts.writing import write_moving
    from indexer.tweening.flow import between
    from indexer.tweening.making import slow_motion

    write_moving(path, slow_motion(film.path, span, SLOWER, between, SLOW_SIDE))


def excerpt_title(film: VideoRecord, start: float, suffix: str) -> str:
    from indexer.excerpts.excerpt import Span as FilmSpan
    from indexer.excerpts.excerpt import excerpt_name

    return excerpt_name(FilmSpan(film.path, start, start), suffix)


def list_response(service: SearchService, film: VideoRecord, kind: str) -> Response:
    """The moments of a question in a film, or the part of it that is asked for, as a list for other programs."""
    line = request.args.get("q", "")
    if line.strip():
        asked = SearchRequest(line, k=MOST_MOMENTS, facets=False, video_id=film.id)
        answer = service.search(asked)
        document: Callable[[], object] = answer.to_document
        spans: Sequence[Span] = spans_of(answer, {film.id: film.facts})
        question = answer.understood
    else:
        chosen = chosen_span(film, *asked_span(request.args, film.facts.duration, film.facts.duration))
        document, spans, question = (lambda: span_document(chosen)), [chosen], ""
    if kind == "json":
        text = json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = writer(kind)(spans, question)
    response = Response(text.encode("utf-8", "surrogateescape"), content_type=f"{LISTS[kind]}; charset=utf-8")
    return named(response, f"{Path(film.title).stem}.{kind}")


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


def named(response: Response, name: str, *, inline: bool = False) -> Response:
    """A file to keep under a name, or `inline` to be shown; never from a cache."""
    way = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(printable(name), safe='')}"
    response.headers["Cache-Control"] = "no-store"
    return response
