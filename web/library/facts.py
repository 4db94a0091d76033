"""What the Library page says of roots, failures and jobs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.jobs.documents import job_line
from search.answer import printable
from search.catalog.jobs import Job, JobKind, JobState
from search.catalog.records import RootRecord, VideoRecord, VideoState

ENDED = 10
"""Jobs that have ended are shown so many at most."""
FAILURES = 25
"""Videos that failed for the same reason are shown so many at most."""


@dataclass(frozen=True, slots=True)
class RootFacts:
    """A root, and what is indexed below it."""

    id: int
    path: str
    missing: bool
    states: Mapping[str, int]
    """Videos by state; only states that some are in."""
    seconds: float
    clips: int

    @property
    def videos(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as a line with what can be done about it."""

    id: int
    line: str
    waiting: bool
    """It has not ended."""
    running: bool
    share: float | None
    """0..1 of its work; None while that cannot be told."""
    may_cancel: bool
    may_retry: bool
    may_undo: bool
    """What was forgotten can be indexed again."""


@dataclass(frozen=True, slots=True)
class JobLists:
    """The jobs in the order in which a person asks for them."""

    waiting: list[JobFacts]
    """The running one, then those that wait, in the order in which they will be done."""
    ended: list[JobFacts]
    """The last that have ended, the newest first."""
    ended_at: float
    """When the last one ended, seconds since the epoch; 0 where none has."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Videos that failed, wholly or in part, for the same reason."""

    reason: str
    """As the catalog has it."""
    state: str
    films: tuple[tuple[int, str], ...]
    """Id and path of those that are shown."""
    more: int
    """How many are not."""


def failure_groups(videos: Iterable[VideoRecord], at_most: int = FAILURES) -> list[FailureGroup]:
    """The most frequent reason first, with so many videos each at most."""
    alike: dict[tuple[str, str], list[VideoRecord]] = {}
    for video in videos:
        if video.code:
            alike.setdefault((video.reason, video.state.value), []).append(video)
    groups = sorted(alike.items(), key=lambda item: -len(item[1]))
    return [
        FailureGroup(
            reason,
            state,
            tuple((video.id, printable(str(video.path))) for video in failed[:at_most]),
            max(0, len(failed) - at_most),
        )
        for (reason, state), failed in groups
    ]


def root_facts(roots: Iterable[RootRecord], videos: Iterable[VideoRecord]) -> list[RootFacts]:
    """The roots as they come, each with its own among the videos."""
    below: dict[int, list[VideoRecord]] = {}
    for video in videos:
        below.setdefault(video.root_id, []).append(video)
    return [_root(root, below.get(root.id, [])) for root in roots]


def job_lists(jobs: Iterable[Job], roots: Collection[Path] = ()) -> JobLists:
    """`roots`: what is indexed now."""
    jobs = list(jobs)
    waiting = sorted((job for job in jobs if not job.ended), key=lambda job: (job.state != JobState.RUNNING, job.id))
    ended = sorted((job for job in jobs if job.ended), key=lambda job: (job.ended_at or 0.0, job.id), reverse=True)
    last = ended[0].ended_at if ended else None
    return JobLists(
        [job_facts(job, roots) for job in waiting], [job_facts(job, roots) for job in ended[:ENDED]], last or 0.0
    )


def job_facts(job: Job, roots: Collection[Path] = ()) -> JobFacts:
    """`roots`: what is indexed now."""
    return JobFacts(
        job.id,
        printable(job_line(job)),
        not job.ended,
        job.state is JobState.RUNNING,
        job.share,
        may_cancel=not (job.ended or job.cancel_asked),
        may_retry=job.state in (JobState.FAILED, JobState.CANCELLED),
        may_undo=may_index_again(job, roots),
    )


def may_index_again(job: Job, roots: Collection[Path]) -> bool:
    """Whether a job has forgotten folders that are not indexed now."""
    forgot = job.kind is JobKind.FORGET and job.state is JobState.DONE
    return forgot and not any(Path(path).is_relative_to(root) for path in job.about for root in roots)


def _root(root: RootRecord, videos: list[VideoRecord]) -> RootFacts:
    counts = Counter(video.state for video in videos)
    return RootFacts(
        root.id,
        printable(str(root.path)),
        root.missing,
        {state.value: counts[state] for state in VideoState if counts[state]},
        sum(video.facts.duration for video in videos),
        sum(video.clips for video in videos),
    )
