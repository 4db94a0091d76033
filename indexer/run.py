"""One run of indexing: look at the disk, compare with the catalog, do what is left to do.

from indexer.run import index

report = index([Path("~/Videos").expanduser()])
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.apply import apply_plan
from indexer.choosing import NO_WISHES, Chosen, Wishes, choose, read_chosen, remember
from indexer.cues.sidecars import look_beside
from indexer.finding.changes import Known, Plan, Work, plan_changes
from indexer.finding.discover import fingerprint
from indexer.finding.look import Look, is_gone, take_look
from indexer.interrupt import interruptible
from indexer.making import Making, open_making
from indexer.pipeline import index_films
from indexer.reporting.progress import Progress, Silence
from indexer.reporting.report import Report
from indexer.retag import forget_kinds, retag
from indexer.scoring import Scorer
from indexer.storing import storing
from search.contracts import Encoder
from search.errors import LibraryMissing
from search.library import Library, open_library
from search.naming import remove_pictures
from search.proxies import remove_proxies
from search.settings import EMOTION


@dataclass(frozen=True, slots=True)
class Options:
    """What a person can choose for a run."""

    encoder: str | Encoder = "auto"
    workers: int = 1
    """How many files are decoded at once; one decoder outpaces S3D on a processor several times over."""
    wishes: Wishes = NO_WISHES
    """What to look for in the films, and how clips lie; for the rest it stays as the library remembers it."""
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    dry_run: bool = False
    wait: bool = False
    """Wait for another indexer to end instead of raising LibraryLocked."""
    retry: bool = False
    """Decode files again that failed, wholly or in part, and have not changed since."""


def index(
    paths: Sequence[Path],
    location: Path | None = None,
    options: Options = Options(),
    progress: Progress | None = None,
) -> Report:
    """Brings the library at `location` up to date with the videos in `paths`; makes it if there is none.

    Files that fail are in the report. Raises UsageError for wishes that cannot be met, PathNotFound, LibraryLocked,
    LibraryReadOnly, EncoderMismatch, ModelUnavailable and DiskFull; what was stored before stays.
    """
    started = time.monotonic()
    progress = progress or Silence()
    known_roots, before = _remembered(location)
    chosen = choose(before, options.wishes)
    look = take_look(paths, known_roots, options.include, options.exclude)
    if options.dry_run:
        report = _foresee(location, look, options, chosen)
    elif not look.files and not known_roots:
        report = Report(look)
    else:
        with open_library(location, encoder=options.encoder, create=True) as library:
            if library.notice:
                progress.say(library.notice)
            with library.indexing(wait=options.wait):
                if options.wait:  # for long, perhaps
                    look = take_look(paths, _roots(library), options.include, options.exclude)
                    chosen = choose(read_chosen(library.catalog), options.wishes)
                report = _bring_up_to_date(library, look, options, chosen, progress)
    report.wall_seconds = time.monotonic() - started
    return report


def _remembered(location: Path | None) -> tuple[list[Path], Chosen]:
    try:
        with open_library(location) as library:
            return _roots(library), read_chosen(library.catalog)
    except LibraryMissing:
        return [], Chosen()


def _roots(library: Library) -> list[Path]:
    return [root.path for root in library.catalog.roots()]


def _foresee(location: Path | None, look: Look, options: Options, chosen: Chosen) -> Report:
    """What `index` would do, with nothing written."""
    try:
        with open_library(location) as library:
            making = open_making(library, chosen)
            plan = _compare(library, look, options, making)
            report = Report(look, library.path, library.spec, dry_run=True)
    except LibraryMissing:
        plan = plan_changes(look.files, look.asked, Known(), "", fingerprint=fingerprint, gone=is_gone)
        report = Report(look, dry_run=True)
    report.take_plan(plan)
    report.foresee(plan)
    return report


def _compare(library: Library, look: Look, options: Options, making: Making) -> Plan:
    return plan_changes(
        look.files,
        look.asked,
        Known(_roots(library), look.absent, library.catalog.videos()),
        making.recipe,
        fingerprint=fingerprint,
        gone=is_gone,
        beside=look_beside(),
        retry=options.retry,
    )


def _bring_up_to_date(library: Library, look: Look, options: Options, chosen: Chosen, progress: Progress) -> Report:
    library.renew()
    making = open_making(library, chosen)
    remember(library.catalog, chosen)
    report = Report(look, library.path, library.spec)
    with interruptible() as interrupted:
        if chosen.no_emotion:
            forget_kinds(library.catalog, {EMOTION}, interrupted=interrupted)
        report.retagged = retag(library.catalog, making.rules, interrupted=interrupted).videos
        report.interrupted = interrupted()
    plan = _compare(library, look, options, making)
    report.take_plan(plan)
    if report.interrupted:
        return report
    apply_plan(library.catalog, plan, look)
    if plan.work:
        _decode_and_store(library, plan.work, options, making, report, progress)
    if plan.work or plan.removed:
        library.fold()
        remove_proxies(library)
        remove_pictures(library)
    return report


def _decode_and_store(
    library: Library,
    work: Sequence[Work],
    options: Options,
    making: Making,
    report: Report,
    progress: Progress,
) -> None:
    store = storing(library, work, making, report, progress)
    scorer = Scorer(making.classifiers, making.plan, partial(library.catalog.vectors_of, dim=library.spec.dim))
    progress.begin(work, making.plan.stride / making.plan.fps)
    try:
        with interruptible() as interrupted:
            index_films(
                work,
                library.encoder,
                scorer,
                making.plan,
                store,
                workers=options.workers,
                interrupted=interrupted,
                notice=progress.decoding,
            )
            report.interrupted = interrupted() and report.decoded < len(work)
    finally:
        progress.end()
