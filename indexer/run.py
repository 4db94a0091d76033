"""One run of indexing: look at the disk, compare with the catalog, do what is left to do.

from indexer.run import index

report = index([Path("~/Videos").expanduser()])
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.apply import apply_plan
from indexer.changes import Known, Plan, Work, plan_changes
from indexer.clips import ClipPlan
from indexer.discover import fingerprint
from indexer.interrupt import interruptible
from indexer.look import Look, is_gone, take_look
from indexer.outcome import DecodeOutcome
from indexer.pipeline import Film, index_films
from indexer.progress import Progress, Silence
from indexer.recipe import clips_recipe
from indexer.report import Report
from search.catalog.records import NewVideo
from search.contracts import Encoder, EncoderSpec
from search.errors import LibraryMissing
from search.library import Library, open_library

FOLD_EVERY = 60.0
"""Seconds after which a long run looks whether the vector cache has fallen behind."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person can choose for a run."""

    encoder: str | Encoder = "auto"
    workers: int = 1
    """How many files are decoded at once; one decoder outpaces S3D on a processor several times over."""
    overlap: float = 0.0
    fit: Literal["crop", "pad"] = "crop"
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = False
    """Wait for another indexer to end instead of raising LibraryLocked."""
    retry: bool = False
    """Decode files again that failed, wholly or in part, and have not changed since."""

    def clip_plan(self, spec: EncoderSpec) -> ClipPlan:
        return ClipPlan(spec.frames, spec.fps, spec.size, self.overlap, self.fit)


def index(
    paths: Sequence[Path],
    location: Path | None = None,
    options: Options = Options(),
    progress: Progress | None = None,
) -> Report:
    """Brings the library at `location` up to date with the videos in `paths`; makes it if there is none.

    Files that fail are in the report. Raises PathNotFound, LibraryLocked, LibraryReadOnly, EncoderMismatch,
    ModelUnavailable and DiskFull; what was stored before stays.
    """
    started = time.monotonic()
    progress = progress or Silence()
    known_roots = _known_roots(location)
    look = take_look(paths, known_roots, options.include, options.exclude)
    if options.dry_run:
        report = _foresee(location, look, options)
    elif not look.files and not known_roots:
        report = Report(look)
    else:
        with open_library(location, encoder=options.encoder, create=True) as library:
            if library.notice:
                progress.say(library.notice)
            with library.indexing(wait=options.wait):
                if options.wait:  # for long, perhaps
                    look = take_look(paths, _roots(library), options.include, options.exclude)
                report = _bring_up_to_date(library, look, options, progress)
    report.wall_seconds = time.monotonic() - started
    return report


def _known_roots(location: Path | None) -> list[Path]:
    try:
        with open_library(location) as library:
            return _roots(library)
    except LibraryMissing:
        return []


def _roots(library: Library) -> list[Path]:
    return [root.path for root in library.catalog.roots()]


def _foresee(location: Path | None, look: Look, options: Options) -> Report:
    """What `index` would do, with nothing written and no encoder opened."""
    try:
        with open_library(location) as library:
            plan = _compare(library, look, options)
            report = Report(look, library.path, library.spec, dry_run=True)
    except LibraryMissing:
        plan = plan_changes(look.files, look.asked, Known(), "", fingerprint=fingerprint, gone=is_gone)
        report = Report(look, dry_run=True)
    report.take_plan(plan)
    report.foresee(plan)
    return report


def _compare(library: Library, look: Look, options: Options) -> Plan:
    return plan_changes(
        look.files,
        look.asked,
        Known(_roots(library), look.absent, library.catalog.videos()),
        clips_recipe(library.spec, options.clip_plan(library.spec)),
        fingerprint=fingerprint,
        gone=is_gone,
        retry=options.retry,
    )


def _bring_up_to_date(library: Library, look: Look, options: Options, progress: Progress) -> Report:
    library.renew()
    plan = _compare(library, look, options)
    report = Report(look, library.path, library.spec)
    report.take_plan(plan)
    apply_plan(library.catalog, plan, look)
    if plan.work:
        _decode_and_store(library, plan.work, options, report, progress)
    if plan.work or plan.removed:
        library.fold()
    return report


def _decode_and_store(
    library: Library, work: Sequence[Work], options: Options, report: Report, progress: Progress
) -> None:
    encoder, clip_plan = library.encoder, options.clip_plan(library.spec)
    store = _storing(library, work, clips_recipe(library.spec, clip_plan), report, progress)
    progress.begin(work, clip_plan.stride / clip_plan.fps)
    try:
        with interruptible() as interrupted:
            index_films(
                work,
                encoder,
                clip_plan,
                store,
                workers=options.workers,
                interrupted=interrupted,
                notice=progress.decoding,
            )
            report.interrupted = interrupted() and report.decoded < len(work)
    finally:
        progress.end()


def _storing(
    library: Library, work: Sequence[Work], recipe: str, report: Report, progress: Progress
) -> Callable[[Film], None]:
    """Stores a film in one transaction and tells the report and the progress."""
    root_ids = {root: library.catalog.add_root(root).id for root in dict.fromkeys(it.root for it in work)}
    folded = time.monotonic()

    def store(film: Film) -> None:
        nonlocal folded
        if film.outcome is not None:
            root_id = root_ids[film.work.root]
            library.catalog.save_video(_new_video(film, film.outcome, root_id, recipe))
        report.take_film(film)
        progress.finished(film)
        if time.monotonic() - folded > FOLD_EVERY:
            library.fold()
            folded = time.monotonic()

    return store


def _new_video(film: Film, outcome: DecodeOutcome, root_id: int, recipe: str) -> NewVideo:
    return NewVideo(
        root_id=root_id,
        relpath=film.work.relpath,
        file=film.work.file,
        state=outcome.state,
        recipe=recipe,
        code=outcome.code,
        reason=outcome.reason,
        facts=outcome.facts,
        clips=film.clips,
    )
