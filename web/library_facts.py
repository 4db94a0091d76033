"""What the Library page says of roots and jobs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.jobs.documents import job_line
from search.answer import printable
from search.catalog.jobs import Job, JobState
from search.catalog.records import RootRecord, VideoRecord, VideoState

ENDED = 10
"""Jobs that have ended are shown so many at most."""


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
    running: bool
    share: float | None
    """0..1 of its work; None while that cannot be told."""
    may_cancel: bool
    may_retry: bool


@dataclass(frozen=True, slots=True)
class JobLists:
    """The jobs in the order in which a person asks for them."""

    waiting: list[JobFacts]
    """The running one, then those that wait, in the order in which they will be done."""
    ended: list[JobFacts]
    """The last that have ended, the newest first."""
    ended_at: float
    """When the last one ended, seconds since the epoch; 0 where none has."""


def root_facts(roots: Iterable[RootRecord], videos: Iterable[VideoRecord]) -> list[RootFacts]:
    """The roots as they come, each with its own among the videos."""
    below: dict[int, list[VideoRecord]] = {}
    for video in videos:
        below.setdefault(video.root_id, []).append(video)
    return [_root(root, below.get(root.id, [])) for root in roots]


def job_lists(jobs: Iterable[Job]) -> JobLists:
    jobs = list(jobs)
    waiting = sorted((job for job in jobs if not job.ended), key=lambda job: (job.state != JobState.RUNNING, job.id))
    ended = sorted((job for job in jobs if job.ended), key=lambda job: (job.ended_at or 0.0, job.id), reverse=True)
    last = ended[0].ended_at if ended else None
    return JobLists([_job(job) for job in waiting], [_job(job) for job in ended[:ENDED]], last or 0.0)


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


def _job(job: Job) -> JobFacts:
    return JobFacts(
        job.id,
        printable(job_line(job)),
        job.state is JobState.RUNNING,
        job.share,
        may_cancel=not (job.ended or job.cancel_asked),
        may_retry=job.state in (JobState.FAILED, JobState.CANCELLED),
    )
