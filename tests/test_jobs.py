"""Jobs in the catalog, asked for, changed, shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from indexer.jobs import telling, worker
from indexer.jobs.asking import ask_for
from indexer.jobs.documents import job_events, job_line
from indexer.jobs.worker import has_worker, worker_lock
from search.catalog import jobs
from search.catalog.jobs import Job, JobKind, JobState, WrongState
from search.catalog.store import Catalog
from search.errors import CannotGoOn, DiskFull, NotFound, PathNotFound, UsageError
from search.library import Library
from search.settings import read_settings
from tests.command_line import CommandLine
from tests.indexing_service import wait_until
from tests.library_fixtures import add_film, make_library


@pytest.fixture
def library() -> Iterator[Library]:
    with make_library(read_settings().library) as library:
        yield library


@pytest.fixture
def catalog(library: Library) -> Catalog:
    return library.catalog


def claimed(catalog: Catalog) -> Job:
    job = catalog.claim_job()
    assert job is not None
    return job


def test_jobs_are_taken_up_in_the_order_in_which_they_were_asked_for(catalog: Catalog) -> None:
    asked = [catalog.queue_job(JobKind.INDEX, [f"/films/{number}"]).id for number in range(3)]
    assert [claimed(catalog).id for _ in asked] == asked
    assert catalog.claim_job() is None


def test_what_waits_already_is_not_asked_for_twice_but_what_runs_is(catalog: Catalog) -> None:
    first = catalog.queue_job(JobKind.INDEX, ["/films"])
    assert catalog.queue_job(JobKind.INDEX, ["/films"]) == first
    assert catalog.queue_job(JobKind.FORGET, ["/films"]).id != first.id
    claimed(catalog)
    assert catalog.queue_job(JobKind.INDEX, ["/films"]).id != first.id


def test_a_running_job_says_how_far_it_is_and_hears_that_it_is_not_wanted(catalog: Catalog) -> None:
    catalog.queue_job(JobKind.RESCAN, [])
    job = claimed(catalog)
    assert catalog.tell_job(job, 0.25, "film.mp4")
    told = catalog.job(job.id)
    assert (told.share, told.words) == (0.25, "film.mp4")
    assert catalog.cancel_job(job.id).state is JobState.RUNNING
    assert not catalog.tell_job(job, 0.5, "")
    assert catalog.drop_job(job)
    assert catalog.job(job.id).state is JobState.CANCELLED


def test_what_a_job_says_of_itself_stands_in_the_catalog(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "EVERY", 0.01)
    catalog.queue_job(JobKind.GROUP, [])
    with telling.Telling(catalog, claimed(catalog)) as said:
        said.say("Looking at one.mp4, film 1 of 2.", 0.25)
        wait_until(lambda: catalog.jobs()[0].share is not None)
        assert job_line(catalog.jobs()[0]).endswith("running 25%. Looking at one.mp4, film 1 of 2.")


def test_a_worker_that_lost_its_job_can_say_nothing_about_it(catalog: Catalog) -> None:
    catalog.queue_job(JobKind.RESCAN, [])
    lost = claimed(catalog)
    assert catalog.put_back_job(lost, attempts=lost.attempts)
    now = claimed(catalog)
    assert now.attempts == 2
    assert not catalog.tell_job(lost, 0.9, "late")
    assert not catalog.finish_job(lost, {"indexed": 7})
    assert catalog.finish_job(now, {"indexed": 1})
    assert catalog.job(now.id).counts == {"indexed": 1}


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_ended_is_not(catalog: Catalog) -> None:
    job = catalog.queue_job(JobKind.RESCAN, [])
    assert catalog.cancel_job(job.id).state is JobState.CANCELLED
    with pytest.raises(WrongState, match="has ended already: it is cancelled"):
        catalog.cancel_job(job.id)
    with pytest.raises(NotFound, match="no job 99"):
        catalog.cancel_job(99)
    assert catalog.claim_job() is None


def test_only_what_failed_or_was_cancelled_is_tried_again(catalog: Catalog) -> None:
    job = catalog.queue_job(JobKind.INDEX, ["/films"])
    with pytest.raises(WrongState):
        catalog.retry_job(job.id)
    catalog.fail_job(claimed(catalog), DiskFull("The disk is full.", "Free some space."))
    failed = catalog.job(job.id)
    assert (failed.code, failed.reason, failed.cure) == ("disk-full", "The disk is full.", "Free some space.")
    again = catalog.retry_job(job.id)
    assert again.id != job.id
    assert (again.state, again.about) == (JobState.QUEUED, job.about)


def test_paths_that_are_no_utf8_survive(catalog: Catalog) -> None:
    name = os.fsdecode(b"/films/\xff.mp4")
    assert catalog.job(catalog.queue_job(JobKind.INDEX, [name]).id).about == (name,)


def test_old_jobs_are_forgotten_but_none_that_waits(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEPT", 3)
    waiting = catalog.queue_job(JobKind.INDEX, ["/waits"])
    for number in range(6):
        catalog.cancel_job(catalog.queue_job(JobKind.INDEX, [f"/films/{number}"]).id)
    catalog.queue_job(JobKind.RESCAN, [])
    assert [job.id for job in catalog.jobs()] == [8, waiting.id, 7, 6]


def test_what_can_be_seen_to_be_wrong_is_refused_before_it_waits(library: Library, tmp_path: Path) -> None:
    add_film(library, "red.mp4", ["red"], root=tmp_path / "films")
    with pytest.raises(PathNotFound, match="no-such"):
        ask_for(library.catalog, JobKind.INDEX, [tmp_path / "no-such"])
    with pytest.raises(NotFound, match="not an indexed folder"):
        ask_for(library.catalog, JobKind.RESCAN, [tmp_path])
    with pytest.raises(UsageError, match="without a path"):
        ask_for(library.catalog, JobKind.FORGET)
    assert library.catalog.jobs() == []
    absent = ask_for(library.catalog, JobKind.INDEX, [tmp_path / "films"])  # a disk that is not there
    assert absent.about == (str(tmp_path / "films"),)


def test_events_give_all_jobs_and_then_those_that_change(catalog: Catalog) -> None:
    first = catalog.queue_job(JobKind.INDEX, ["/films"])
    events = job_events(catalog, every=0.0, heartbeat=0.0)
    assert next(events) == [first]
    assert next(events) == []
    second = catalog.queue_job(JobKind.RESCAN, [])
    assert next(events) == [second]
    running = claimed(catalog)
    assert next(events) == [running]


def test_a_line_says_what_became_of_a_job(catalog: Catalog) -> None:
    catalog.queue_job(JobKind.INDEX, ["/films/a\nb", "/b", "/c", "/d"])
    job = claimed(catalog)
    catalog.tell_job(job, 0.5, "[1/2] red.mp4")
    assert job_line(catalog.job(job.id)).endswith("b and 3 more: running 50%. [1/2] red.mp4")
    assert "\n" not in job_line(job)
    catalog.finish_job(job, {"indexed": 1200, "clips": 0})
    assert job_line(catalog.job(job.id)).endswith(": done, 1,200 indexed")
    catalog.queue_job(JobKind.RESCAN, [])
    catalog.fail_job(claimed(catalog), DiskFull("The disk is full.", "Free some space."))
    assert job_line(catalog.jobs()[0]) == "job 2, rescan all roots: failed. The disk is full. Free some space."


def test_jobs_are_listed_cancelled_and_tried_again_on_the_command_line(library: Library, line: CommandLine) -> None:
    job = library.catalog.queue_job(JobKind.RESCAN, [])
    listed = line("jobs", "list")
    assert listed.out == "job 1, rescan all roots: queued\n"
    assert "vsearch watch" in listed.err
    assert line("jobs", "list", "--json").document["jobs"][0]["state"] == "queued"
    assert line("jobs", "cancel", job.id, "--json").document["job"]["state"] == "cancelled"
    assert line("jobs", "retry", job.id).out == "job 2, rescan all roots: queued\n"
    again = line("jobs", "cancel", job.id)
    assert (again.code, again.err.count("\n")) == (2, 2)


def test_there_is_one_worker_at_a_time(library: Library) -> None:
    stopped = Event()
    assert not has_worker(library.catalog)
    with worker_lock(library.catalog, Event()) as ours:
        assert ours
        assert has_worker(library.catalog)
        stopped.set()
        with worker_lock(library.catalog, stopped) as second:
            assert not second
    assert not has_worker(library.catalog)


def test_a_worker_that_does_not_start_is_no_endless_loop(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "EVERY", 0.01)
    monkeypatch.setattr(worker, "run_process", lambda *_: 1)
    library.catalog.queue_job(JobKind.RESCAN, [])
    with pytest.raises(CannotGoOn, match="does not start"):
        worker.work(library.path, library.catalog, Event())
    assert library.catalog.jobs()[0].state is JobState.QUEUED


def test_a_worker_whose_process_breaks_when_its_jobs_are_done_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, stop = library.catalog, Event()

    def breaks_afterwards(*_: object) -> int:
        catalog.finish_job(claimed(catalog), {})
        if not catalog.jobs_in(JobState.QUEUED):
            stop.set()
        return -6

    monkeypatch.setattr(worker, "EVERY", 0.01)
    monkeypatch.setattr(worker, "run_process", breaks_afterwards)
    for number in range(worker.FALSE_STARTS + 1):
        catalog.queue_job(JobKind.RESCAN, [f"/films/{number}"])
    worker.work(library.path, catalog, stop)
    assert all(job.state is JobState.DONE for job in catalog.jobs())
