"""Jobs: pieces of indexing work that somebody asked for, and how far they are.

Short transactions, which go on while somebody indexes. A worker that has lost its job (it was put back, and another
took it up) can say nothing about it any more: what it says holds only for its own attempt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase, now
from search.catalog.models import JobRow
from search.errors import NotFound, UsageError, VsearchError

KEPT = 500
"""Jobs that are remembered; older ones that have ended are forgotten."""


class JobKind(StrEnum):
    INDEX = "index"
    RESCAN = "rescan"
    """Look at whole roots again."""
    RETAG = "retag"
    RETRY = "retry"
    """Try files again that failed, wholly or in part."""
    FORGET = "forget"
    DRAW = "draw"
    """Draw films to try everything on, and index them."""
    GROUP = "group"
    """Put similar frames of all films into groups, so that characters can be named."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class WrongState(UsageError):
    """What was asked of a job cannot be done in the state it is in."""

    code = "wrong-state"
    http_status = 409


@dataclass(frozen=True, slots=True)
class Job:
    """A job. Times are seconds since the epoch."""

    id: int
    kind: JobKind
    about: tuple[str, ...]
    """Absolute paths (none: all roots); of a retag, changes of rules as `vsearch retag --rule` takes them."""
    state: JobState
    cancel_asked: bool
    """While it runs: it will stop after the current transaction."""
    attempts: int
    """How often a worker has taken it up."""
    share: float | None
    """0..1 of its work; None while that cannot be told."""
    words: str
    """What it is at while it runs."""
    counts: Mapping[str, int]
    """When it is done: how many videos, by what became of them."""
    code: str
    reason: str
    cure: str
    """Why it failed, for programs and for people, and what to do about it."""
    created_at: float
    started_at: float | None
    ended_at: float | None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Jobs(CatalogBase):
    """The part of the catalog that knows jobs."""

    def queue_job(self, kind: JobKind, about: Sequence[str]) -> Job:
        """A new job; or the one that is waiting to do the same."""
        written = json.dumps(list(about))
        with self.writing() as session:
            same = select(JobRow).where(JobRow.state == JobState.QUEUED, JobRow.kind == kind, JobRow.about == written)
            row = session.scalars(same).first()
            if row is None:
                row = JobRow(kind=kind, about=written, state=JobState.QUEUED, created_at=now())
                session.add(row)
                session.flush()
                session.execute(delete(JobRow).where(JobRow.id <= row.id - KEPT, JobRow.state.in_(ENDED)))
            return _record(row)

    def jobs(self, limit: int = 100) -> list[Job]:
        """Those that have not ended, then those that have; the newest first."""
        query = select(JobRow).order_by(JobRow.state.in_(ENDED), JobRow.id.desc()).limit(limit)
        with self.reading() as session:
            return [_record(row) for row in session.scalars(query)]

    def job(self, job_id: int) -> Job:
        """Raises NotFound."""
        with self.reading() as session:
            return _record(_row(session, job_id))

    def jobs_in(self, state: JobState) -> list[Job]:
        """The oldest first."""
        with self.reading() as session:
            return [
                _record(row)
                for row in session.scalars(select(JobRow).where(JobRow.state == state).order_by(JobRow.id))
            ]

    def widen_job(self, job_id: int, about: Sequence[str]) -> bool:
        """Gives a job that is still waiting other paths. Whether it was."""
        waiting = update(JobRow).where(JobRow.id == job_id, JobRow.state == JobState.QUEUED)
        return self._changed(waiting.values(about=json.dumps(list(about))))

    def claim_job(self) -> Job | None:
        """The job that has waited longest, running from now on; None where none waits."""
        oldest = select(func.min(JobRow.id)).where(JobRow.state == JobState.QUEUED)
        with self.reading() as session:
            if session.scalar(oldest) is None:
                return None
        with self.writing() as session:
            row = session.get(JobRow, session.scalar(oldest))
            if row is None:
                return None
            row.state, row.started_at, row.attempts = JobState.RUNNING, now(), row.attempts + 1
            return _record(row)

    def tell_job(self, job: Job, share: float | None, words: str) -> bool:
        """Says how far a running job is. Whether it is still wanted."""
        with self.writing() as session:
            told = session.execute(_own(job).values(share=share, words=words).returning(JobRow.cancel_asked))
            row = told.first()
        return row is not None and not row.cancel_asked

    def finish_job(self, job: Job, counts: Mapping[str, int]) -> bool:
        """Whether the job was still this worker's."""
        return self._end(job, JobState.DONE, share=1.0, counts=json.dumps(dict(counts)))

    def fail_job(self, job: Job, error: VsearchError) -> bool:
        """Whether the job was still this worker's."""
        return self._end(job, JobState.FAILED, code=error.code, reason=error.message, cure=error.cure)

    def drop_job(self, job: Job) -> bool:
        """A running job is cancelled. Whether it was still this worker's."""
        return self._end(job, JobState.CANCELLED)

    def put_back_job(self, job: Job, *, attempts: int) -> bool:
        """A running job waits again. Whether it was still this worker's."""
        queued = _own(job).values(state=JobState.QUEUED, started_at=None, share=None, words="", attempts=attempts)
        return self._changed(queued)

    def cancel_job(self, job_id: int) -> Job:
        """A job that waits is cancelled at once, a running one as soon as it can stop.

        Raises NotFound, and WrongState for one that has ended.
        """
        with self.writing() as session:
            row = _row(session, job_id)
            if row.state == JobState.QUEUED:
                row.state, row.ended_at = JobState.CANCELLED, now()
            elif row.state == JobState.RUNNING:
                row.cancel_asked = True
            else:
                raise WrongState(
                    f"Job {job_id} has ended already: it is {row.state}.", "`vsearch jobs list` names those that run."
                )
            return _record(row)

    def retry_job(self, job_id: int) -> Job:
        """A new job that does what a failed or cancelled one did not. Raises NotFound and WrongState."""
        job = self.job(job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise WrongState(
                f"Job {job_id} is {job.state}; only jobs that failed or were cancelled can be tried again.",
                "`vsearch jobs list` names them.",
            )
        return self.queue_job(job.kind, job.about)

    def _end(self, job: Job, state: JobState, **values: Any) -> bool:
        return self._changed(_own(job).values(state=state, ended_at=now(), words="", **values))

    def _changed(self, statement: Update) -> bool:
        with self.writing() as session:
            return session.execute(statement.returning(JobRow.id)).first() is not None


def _own(job: Job) -> Update:
    """Changes the row of a running job while it is the same attempt."""
    return update(JobRow).where(
        JobRow.id == job.id, JobRow.state == JobState.RUNNING, JobRow.attempts == job.attempts
    )


def _row(session: Session, job_id: int) -> JobRow:
    row = session.get(JobRow, job_id)
    if row is None:
        raise NotFound(f"There is no job {job_id}.", "`vsearch jobs list` names them.")
    return row


def _record(row: JobRow) -> Job:
    return Job(
        id=row.id,
        kind=JobKind(row.kind),
        about=tuple(json.loads(row.about)),
        state=JobState(row.state),
        cancel_asked=row.cancel_asked,
        attempts=row.attempts,
        share=row.share,
        words=row.words,
        counts=json.loads(row.counts),
        code=row.code,
        reason=row.reason,
        cure=row.cure,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
