"""`/video/<id>`: one film, with all that is known of it on one axis of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classifiers.screen_time import union
from search.answer import SearchAnswer, printable
from search.asking.film_curve import Curve
from search.bands import WEAK
from search.catalog.records import Cue, VideoRecord
from search.errors import NotFound, VsearchError
from search.library import hidden_kinds
from search.query import SearchRequest
from search.service import SearchService
from web.film.appearances import Appearances, appearances, next_start, previous_start
from web.film.exports import LISTS, LONGEST
from web.film.proxies import Proxies, is_played
from web.film.sprites import sprite_facts
from web.film.timeline import Band, Timeline, lay_out
from web.film.transcript import transcript
from web.words import duration as lasting

LONGEST_LINE = 500
"""Characters of a question that a film page keeps."""
MOMENTS = 12
LANES = 8
"""Of one kind; the table has them all."""
FROM_HERE = 5.0
"""Seconds that are chosen for an export at first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds in one film."""

    answer: SearchAnswer | None = None
    curve: Curve | None = None
    error: VsearchError | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog says of one film."""

    kinds: Sequence[Appearances]
    cuts: Sequence[float]
    cues: Sequence[Cue]


def film_page(service: SearchService, made: Proxies) -> Blueprint:
    """`/video/<video_id>`; below it `words`, a part of the transcript, and `similar`, what looks like a moment."""
    blueprint = Blueprint("film", __name__)
    catalog = service.library.catalog
    blueprint.add_app_template_global(next_start)
    blueprint.add_app_template_global(previous_start)
    blueprint.add_app_template_filter(exact)
    blueprint.add_app_template_filter(brief)

    @lru_cache(maxsize=8)
    def known_now(video_id: int, _version: object, hidden: frozenset[str]) -> Known:
        return know(service, catalog.video(video_id), hidden)

    def known_of(video_id: int) -> Known:
        state = catalog.state()
        return known_now(video_id, state.version, hidden_kinds(state))

    @blueprint.get("/video/<int(max=9223372036854775807):video_id>")
    def page(video_id: int) -> str:
        film, line, second = catalog.video(video_id), asked_line(), asked_second()
        known = known_of(video_id)
        return render_template(
            "video.html",
            **told_of(film, second, made),
            **seen_in(film, known, ask(service, film, line)),
            **said_in(known.cues, second),
            text=line,
            list_formats=LISTS,
            longest=LONGEST,
            library_id=catalog.meta("id"),
        )

    @blueprint.get("/video/<int(max=9223372036854775807):video_id>/words")
    def words(video_id: int) -> str:
        return render_template("transcript.html", **said_in(known_of(video_id).cues, asked_second()))

    @blueprint.get("/video/<int(max=9223372036854775807):video_id>/similar")
    def similar(video_id: int) -> ResponseReturnValue:
        clip_id = catalog.clip_at(catalog.video(video_id).id, asked_second())
        if clip_id is None:
            raise NotFound("There is no clip in this film.", "Run `vsearch index` on its folder again.")
        return redirect(url_for("pages.search", q=f"like:{clip_id}"))

    return blueprint


def asked_line() -> str:
    return request.args.get("q", "")[:LONGEST_LINE]


def asked_second() -> float:
    """Where the player begins; what is no second of a film is its beginning."""
    second = request.args.get("t", 0.0, type=float)
    return max(0.0, second) if isfinite(second) else 0.0


def exact(second: float) -> str:
    """A time that can be typed and read back, to a tenth of a second: `1:02.5`."""
    minutes, tenths = divmod(round(second * 10), 600)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{tenths / 10:04.1f}" if hours else f"{minutes}:{tenths / 10:04.1f}"


def brief(seconds: float) -> str:
    """How long somebody is seen; below ten seconds to a tenth: `0.5 s`, `3 s`, `12 s`, `2 min 5 s`."""
    return f"{round(seconds, 1):g} s" if seconds < 9.95 else lasting(seconds)


def ask(service: SearchService, film: VideoRecord, line: str) -> Found:
    """The moments of a question in a film, or why there are none."""
    if not line.strip() or not film.clips:
        return Found()
    try:
        answer = service.search(SearchRequest(line, k=MOMENTS, facets=False, video_id=film.id))
        return Found(answer, service.curve(film.id, line))
    except VsearchError as error:
        return Found(error=error)


def told_of(film: VideoRecord, second: float, made: Proxies) -> dict[str, Any]:
    """What the page says of the film itself."""
    end = min(film.facts.duration, second + FROM_HERE)
    return {
        "film": film,
        "title": printable(film.title),
        "path": printable(str(film.path)),
        "start": second,
        "chosen": (second, end) if second < end else (0.0, min(FROM_HERE, film.facts.duration)),
        "proxy": made.state(film),
        "played": is_played(film),
        "sprite": sprite_facts(film),
    }


def know(service: SearchService, film: VideoRecord, hidden: Collection[str]) -> Known:
    """What the catalog says of a film; `hidden` are kinds of tags that are not shown."""
    catalog, duration = service.library.catalog, film.facts.duration
    segments = [one for one in catalog.segments(film.id) if one.kind not in hidden]
    kinds = appearances(segments, duration) if duration > 0 else []
    return Known(kinds, catalog.cuts([film.id])[film.id], catalog.cues(film.id))


def seen_in(film: VideoRecord, known: Known, found: Found) -> dict[str, Any]:
    """The timeline with its table, and the moments that were asked for."""
    duration, hits = film.facts.duration, found.answer.hits if found.answer else ()
    return {
        "hits": hits,
        "nothing": bool(hits) and all(hit.band == WEAK for hit in hits),
        "error": found.error,
        "kinds": known.kinds,
        "times": {(of.kind, one.label): one for of in known.kinds for one in of.labels},
        "timeline": timeline_of(duration, known, found.curve) if duration > 0 else None,
    }


def timeline_of(duration: float, known: Known, curve: Curve | None) -> Timeline:
    """The longest seen of each kind, by kind, and when something is said."""
    bands = [Band(of.kind, one.label, one.ranges) for of in known.kinds for one in of.labels[:LANES]]
    said = union((max(0.0, cue.start), min(duration, cue.end)) for cue in known.cues)
    if said:
        bands.append(Band("words", "", said))
    return lay_out(duration, bands, known.cuts, curve)


def said_in(cues: Sequence[Cue], second: float) -> dict[str, Any]:
    return {"said": transcript(cues, second), "printable": printable}
