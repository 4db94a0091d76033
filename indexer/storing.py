"""Films into the catalog, a transaction each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from indexer.changes import Work
from indexer.film import Film
from indexer.making import Making
from indexer.outcome import DecodeOutcome
from indexer.progress import Progress
from indexer.recipe import with_parts
from indexer.report import Report
from indexer.retag import segments_of
from search.catalog.records import NewVideo
from search.library import Library

FOLD_EVERY = 60.0
"""Seconds after which a long run looks whether the vector cache has fallen behind."""


def storing(
    library: Library, work: Iterable[Work], making: Making, report: Report, progress: Progress
) -> Callable[[Film], None]:
    """A function that stores a film in one transaction and tells the report and the progress."""
    root_ids = {root: library.catalog.add_root(root).id for root in dict.fromkeys(it.root for it in work)}
    folded = time.monotonic()

    def store(film: Film) -> None:
        nonlocal folded
        if film.outcome is not None and film.work.known is None:
            library.catalog.save_video(_new_video(film, film.outcome, root_ids[film.work.root], making))
        elif film.outcome is not None and not film.spoiled:
            _add_tracks(library, film, making)
        report.take_film(film)
        progress.finished(film)
        if time.monotonic() - folded > FOLD_EVERY:
            library.fold()
            folded = time.monotonic()

    return store


def _new_video(film: Film, outcome: DecodeOutcome, root_id: int, making: Making) -> NewVideo:
    return NewVideo(
        root_id=root_id,
        relpath=film.work.relpath,
        file=film.work.file,
        state=outcome.state,
        recipe=making.recipe,
        code=outcome.code,
        reason=outcome.reason,
        facts=outcome.facts,
        clips=film.clips,
        tracks=film.tracks,
        segments=segments_of(film.tracks, making.rules, outcome.facts.duration),
    )


def _add_tracks(library: Library, film: Film, making: Making) -> None:
    """Beside the clips that are there already."""
    video = film.work.known
    assert video is not None
    segments = segments_of(film.tracks, making.rules, video.facts.duration)
    recipe = with_parts(video.recipe, making.recipe, film.work.parts)
    library.catalog.save_tracks(video.id, recipe, film.tracks, segments)
