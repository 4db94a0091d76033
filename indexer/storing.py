"""Films into the catalog, a transaction each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from classifiers.contracts import ClipVectorsNeeded
from indexer.clip_tracks import even_track
from indexer.cues.sidecars import WORDS, words_part
from indexer.decoding.outcome import DecodeOutcome
from indexer.film import Film
from indexer.finding.changes import Work
from indexer.making import Making
from indexer.recipe import SHOTS, with_parts
from indexer.reporting.progress import Progress
from indexer.reporting.report import Report
from indexer.retag import segments_of
from search.catalog.records import NewVideo
from search.library import Library

FOLD_EVERY = 60.0
"""Seconds after which a long run looks whether the vector cache has fallen behind."""

ROWS = 4
"""Of a track, for the seconds of a clip, where clips lie inside shots: so closely their ends are told."""


def storing(
    library: Library, work: Iterable[Work], making: Making, report: Report, progress: Progress
) -> Callable[[Film], None]:
    """A function that stores a film in one transaction and tells the report and the progress."""
    root_ids = {root: library.catalog.add_root(root).id for root in dict.fromkeys(it.root for it in work)}
    folded = time.monotonic()

    def store(film: Film) -> None:
        nonlocal folded
        _even_tracks(library, film, making)
        if film.outcome is not None and film.work.known is None:
            library.catalog.save_video(_new_video(film, film.outcome, root_ids[film.work.root], making))
        elif film.outcome is not None and not film.spoiled:
            _add_parts(library, film, making)
        report.take_film(film)
        progress.finished(film)
        if time.monotonic() - folded > FOLD_EVERY:
            library.fold()
            folded = time.monotonic()

    return store


def _even_tracks(library: Library, film: Film, making: Making) -> None:
    """Where clips lie inside shots, a row for each of them is no even track yet."""
    if not making.plan.shots or not film.tracks:
        return
    known = film.work.known
    spans = library.catalog.clip_spans(known.id) if known else [(clip.start, clip.end) for clip in film.clips]
    of_clips = {it.spec.kind for it in making.classifiers if isinstance(it.spec.needs, ClipVectorsNeeded)}
    step = making.plan.seconds / ROWS
    film.tracks = [even_track(track, spans, step) if track.kind in of_clips else track for track in film.tracks]


def _new_video(film: Film, outcome: DecodeOutcome, root_id: int, making: Making) -> NewVideo:
    return NewVideo(
        root_id=root_id,
        relpath=film.work.relpath,
        file=film.work.file,
        state=outcome.state,
        recipe=_recipe(film, making),
        code=outcome.code,
        reason=outcome.reason,
        facts=outcome.facts,
        clips=film.clips,
        tracks=film.tracks,
        segments=segments_of(film.tracks, making.rules, outcome.facts.duration),
        cuts=film.cuts,
        cues=list(film.words.cues),
    )


def _add_parts(library: Library, film: Film, making: Making) -> None:
    """Beside the clips that are there already, a transaction each: what a killed run has not stored stays stale."""
    video, parts, wanted = film.work.known, film.work.parts, _recipe(film, making)
    assert video is not None
    recipe = video.recipe
    if SHOTS in parts:
        recipe = with_parts(recipe, wanted, {SHOTS})
        library.catalog.save_cuts(video.id, recipe, film.cuts)
    if WORDS in parts:
        recipe = with_parts(recipe, wanted, {WORDS})
        library.catalog.save_cues(video.id, recipe, film.words.cues)
    if kinds := parts - {SHOTS, WORDS}:
        segments = segments_of(film.tracks, making.rules, video.facts.duration)
        library.catalog.save_tracks(video.id, with_parts(recipe, wanted, kinds), film.tracks, segments)


def _recipe(film: Film, making: Making) -> str:
    return f"{making.recipe} {words_part(film.work.sidecars)}"
