"""What a run of `vsearch index` did: counted, and as the JSON document of the contract."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.film import Film
from indexer.finding.changes import Plan, Why
from indexer.finding.look import Look
from search.answer import printable
from search.catalog.records import VideoState
from search.contracts import EncoderSpec

COUNTED = (
    *("indexed", "partial", "unchanged", "updated", "moved", "removed", "missing", "failed"),
    *("stale", "retried", "growing"),
)
"""Every file is counted once, but `stale` and `retried` say how many of those decoded had that reason."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, why for programs (kebab-case) and why for people (one line)."""

    path: str
    code: str
    reason: str


@dataclass(slots=True)
class Report:
    """What a run did, or with `dry_run` would do."""

    look: Look
    library: Path | None = None
    encoder: EncoderSpec | None = None
    dry_run: bool = False
    foreseen: list[tuple[str, Path]] = field(default_factory=list)
    """With `dry_run`: what would happen to which file."""
    videos: Counter[str] = field(default_factory=Counter)
    clips: int = 0
    retagged: int = 0
    """Videos whose segments were made anew from their tracks, without decoding."""
    film_seconds: float = 0.0
    wall_seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    words_passed_over: list[tuple[Path, str]] = field(default_factory=list)
    """Videos, and for each a line about words that could not be read: which file and why."""
    to_decode: int = 0
    decoded: int = 0
    interrupted: bool = False

    def __post_init__(self) -> None:
        self.videos["growing"] += self.look.growing
        for unreadable in self.look.unreadable:
            self.fail(unreadable.path, "unreadable", f"cannot be read: {unreadable.reason}")

    @property
    def exit_code(self) -> int:
        return 130 if self.interrupted else 1 if self.failures else 0

    def take_plan(self, plan: Plan) -> None:
        """Counts what needs no decoding."""
        self.videos["unchanged"] += len(plan.unchanged)
        self.videos["moved"] += len(plan.moved)
        self.videos["removed"] += len(plan.removed)
        self.videos["missing"] += len(plan.missing)
        self.to_decode = len(plan.work)
        for video in plan.failed_before:
            self.fail(video.path, video.code, video.reason)
        for path, reason in plan.unreadable:
            self.fail(path, "unreadable", f"cannot be read: {reason}")

    def foresee(self, plan: Plan) -> None:
        """Counts what decoding would do if all went well, and names every change."""
        for work in plan.work:
            self._count_decoded(work.why, VideoState.INDEXED)
        self.foreseen += [(work.why.value, work.path) for work in plan.work]
        self.foreseen += [("moved", moved.root / moved.relpath) for moved in plan.moved]
        self.foreseen += [("removed", video.path) for video in plan.removed]
        self.foreseen += [("missing", video.path) for video in plan.missing]

    def take_film(self, film: Film) -> None:
        """Counts a film that came out of the pipeline."""
        self.decoded += 1
        if film.outcome is None:
            self.videos["growing"] += 1
            return
        self.clips += len(film.clips)
        self.words_passed_over += [(film.work.path, line) for line in film.words.passed_over]
        if film.outcome.frames_decoded:
            self.film_seconds += film.outcome.facts.duration
        if film.outcome.state is VideoState.FAILED or film.spoiled:
            self.fail(film.work.path, film.outcome.code, film.outcome.reason)
        else:
            self._count_decoded(film.work.why, film.outcome.state)

    def _count_decoded(self, why: Why, state: VideoState) -> None:
        if why in (Why.STALE, Why.RETRIED):
            self.videos[why.value] += 1
        if state is VideoState.PARTIAL:
            self.videos["partial"] += 1
        else:
            self.videos["indexed" if why is Why.NEW else "updated"] += 1

    def fail(self, path: Path, code: str, reason: str) -> None:
        self.videos["failed"] += 1
        self.failures.append(Failure(printable(str(path)), code, reason))


def document(report: Report) -> dict[str, Any]:
    """The JSON document of `vsearch index`."""
    return {
        "schema": 1,
        "dry_run": report.dry_run,
        "interrupted": report.interrupted,
        "paths": [printable(str(path)) for path in report.look.asked],
        "library": printable(str(report.library)) if report.library else None,
        "encoder": {"name": report.encoder.name, "fingerprint": report.encoder.fingerprint}
        if report.encoder
        else None,
        "videos": {name: report.videos[name] for name in COUNTED},
        "clips": report.clips,
        "retagged": report.retagged,
        "film_seconds": round(report.film_seconds, 3),
        "wall_seconds": round(report.wall_seconds, 3),
        "passed_over": report.look.passed_over,
        "unreadable_folders": [printable(str(folder)) for folder in report.look.unreadable_folders],
        "changes": [{"what": what, "path": printable(str(path))} for what, path in report.foreseen],
        "failures": [asdict(failure) for failure in report.failures],
        "words_passed_over": [
            {"path": printable(str(path)), "reason": printable(line)} for path, line in report.words_passed_over
        ],
    }
