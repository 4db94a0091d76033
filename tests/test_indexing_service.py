"""The indexing service, on real folders with drawn films and a worker in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from indexer import own_process
from indexer.jobs import worker
from indexer.jobs.asking import ask_for
from indexer.jobs.service import Following, Service, start_service
from search.catalog.jobs import Job, JobKind, JobState
from search.catalog.records import VideoState
from search.errors import PathNotFound, UsageError
from search.library import Library
from tests.films import draw_film
from tests.indexing_service import library_for_service, slow_encoder_in_children, wait_until

pytestmark = pytest.mark.slow

SETTLED = 0.4
Start = Callable[..., Service]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with two films."""
    draw_film(tmp_path / "films" / "red.mp4", "red")
    draw_film(tmp_path / "films" / "sub" / "blue.mp4", "blue")
    return tmp_path / "films"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    slow_encoder_in_children(tmp_path / "at-start", monkeypatch)
    with library_for_service(tmp_path / "library") as library:
        yield library


@pytest.fixture
def start(library: Library) -> Iterator[Start]:
    """`start(films)` follows a folder for the library; the service ends with the test."""
    running: list[Service] = []

    def start(*paths: Path, **following: float) -> Service:
        running.append(start_service(library.path, paths, Following(**{"settled": SETTLED, **following})))
        return running[-1]

    yield start
    for service in running:
        service.stop()


def states(library: Library) -> dict[str, str]:
    """What the library holds: the state of every video by its path inside its root."""
    return {video.relpath: video.state.value for video in library.catalog.videos()}


def holds(library: Library, *names: str) -> Callable[[], bool]:
    return lambda: set(states(library)) == set(names) and not library.catalog.jobs_in(JobState.RUNNING)


def ended(library: Library, job: Job) -> Callable[[], bool]:
    return lambda: library.catalog.job(job.id).ended


def test_what_is_added_changed_moved_and_removed_is_followed(start: Start, library: Library, films: Path) -> None:
    start(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    draw_film(films / "new" / "green.mp4", "green")
    wait_until(holds(library, "red.mp4", "sub/blue.mp4", "new/green.mp4"))
    ids = {video.relpath: video.id for video in library.catalog.videos()}
    (films / "sub").rename(films / "other")
    wait_until(holds(library, "red.mp4", "other/blue.mp4", "new/green.mp4"))
    assert {video.relpath: video.id for video in library.catalog.videos()}["other/blue.mp4"] == ids["sub/blue.mp4"]
    draw_film(films / "red.mp4", "white", "white", "white")
    wait_until(lambda: any(video.facts.duration > 2.5 for video in library.catalog.videos()))
    (films / "new" / "green.mp4").unlink()
    wait_until(holds(library, "red.mp4", "other/blue.mp4"))


def test_a_file_is_waited_for_while_it_is_being_written(start: Start, library: Library, films: Path) -> None:
    whole = (films / "red.mp4").read_bytes()
    start(films, settled=1.5)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    with (films / "slow.mp4").open("wb", buffering=0) as file:
        for part in range(8):
            file.write(whole[part * len(whole) // 8 : (part + 1) * len(whole) // 8])
            assert "slow.mp4" not in states(library)
            time.sleep(0.4)
    wait_until(lambda: states(library).get("slow.mp4") == "indexed")
    assert [job.counts.get("failed", 0) for job in library.catalog.jobs()] == [0, 0]


def test_a_disk_that_is_unmounted_loses_nothing_and_its_return_is_taken_up(
    start: Start, library: Library, films: Path
) -> None:
    start(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    films.rename(films.with_name("away"))
    wait_until(lambda: set(states(library).values()) == {VideoState.MISSING.value})
    draw_film(films.with_name("away") / "green.mp4", "green")
    films.with_name("away").rename(films)
    wait_until(lambda: list(states(library).values()) == ["indexed"] * 3)
    draw_film(films / "white.mp4", "white")  # and it is followed again
    wait_until(lambda: list(states(library).values()) == ["indexed"] * 4)


def test_a_root_that_is_not_there_at_the_start_is_waited_for(start: Start, library: Library, films: Path) -> None:
    before = start(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    before.stop()
    films.rename(films.with_name("away"))
    start(films)
    wait_until(lambda: set(states(library).values()) == {VideoState.MISSING.value})
    films.with_name("away").rename(films)
    wait_until(lambda: list(states(library).values()) == ["indexed"] * 2)


def test_where_the_disk_tells_nothing_files_are_looked_for(start: Start, library: Library, films: Path) -> None:
    start(films, poll=0.3)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    draw_film(films / "green.mp4", "green")
    wait_until(holds(library, "red.mp4", "sub/blue.mp4", "green.mp4"))
    (films / "red.mp4").unlink()
    wait_until(holds(library, "sub/blue.mp4", "green.mp4"))


def test_an_empty_folder_is_followed_and_becomes_the_root_of_what_comes(
    start: Start, library: Library, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    start(empty)
    time.sleep(1.0)
    draw_film(empty / "2026" / "red.mp4", "red")
    wait_until(holds(library, "2026/red.mp4"))
    assert [root.path for root in library.catalog.roots()] == [empty]


def test_a_folder_inside_another_is_followed_once(start: Start, films: Path) -> None:
    assert start(films / "sub", films, films).folders == [films]


def test_what_cannot_be_followed_is_refused(start: Start, films: Path) -> None:
    with pytest.raises(PathNotFound, match="no-such"):
        start(films / "no-such")
    with pytest.raises(UsageError, match=r"red\.mp4 is no folder"):
        start(films / "red.mp4")


def slow_films(folder: Path, count: int = 8) -> Path:
    """Films that differ in their last bytes."""
    first = draw_film(folder / "0.mp4", "red", "green", "blue", "white", seconds=1.6)
    for number in range(1, count):
        (folder / f"{number}.mp4").write_bytes(first.read_bytes() + bytes(number))
        os.utime(folder / f"{number}.mp4", (0, 0))
    return folder


def test_a_job_says_how_far_it_is_and_can_be_cancelled_and_tried_again(
    start: Start, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDS_A_CLIP", "0.3")
    start()
    job = ask_for(library.catalog, JobKind.INDEX, [slow_films(tmp_path / "many")])
    wait_until(lambda: 0 < (library.catalog.job(job.id).share or 0) < 1)
    assert ".mp4" in library.catalog.job(job.id).words
    library.catalog.cancel_job(job.id)
    wait_until(ended(library, job))
    assert library.catalog.job(job.id).state is JobState.CANCELLED
    done = len(library.catalog.videos())
    assert 0 < done < 8
    monkeypatch.setenv("SECONDS_A_CLIP", "0")
    again = library.catalog.retry_job(job.id)
    wait_until(ended(library, again))
    assert library.catalog.job(again.id).counts == {"unchanged": done, "indexed": 8 - done, "clips": (8 - done) * 4}


def worker_process() -> psutil.Process:
    found: list[psutil.Process] = []

    def find() -> bool:
        found[:] = [
            child for child in psutil.Process().children() if "indexer.jobs.child" in " ".join(child.cmdline())
        ]
        return bool(found)

    wait_until(find)
    return found[0]


def test_a_crash_of_the_worker_fails_its_job_alone(
    start: Start, library: Library, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDS_A_CLIP", "0.3")
    service = start()
    first = ask_for(library.catalog, JobKind.INDEX, [slow_films(tmp_path / "many")])
    second = ask_for(library.catalog, JobKind.INDEX, [films])
    wait_until(lambda: len(library.catalog.videos()) > 0)
    worker_process().kill()
    wait_until(ended(library, second))
    assert library.catalog.job(second.id).state is JobState.DONE
    failed = library.catalog.job(first.id)
    assert (failed.state, failed.code) == (JobState.FAILED, "worker-lost")
    assert "SIGKILL" in failed.reason
    assert f"vsearch jobs retry {first.id}" in failed.cure
    assert service.running


def test_a_job_that_hangs_where_no_interrupt_is_heard_can_be_cancelled(
    start: Start, library: Library, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung = tmp_path / "hung"
    monkeypatch.setenv("HANGS_ONCE", str(hung))
    monkeypatch.setattr(worker, "STUCK", 1.0)
    service = start()
    job = ask_for(library.catalog, JobKind.INDEX, [films])
    wait_until(hung.exists)
    process = worker_process()
    library.catalog.cancel_job(job.id)
    wait_until(ended(library, job), 20)
    assert library.catalog.job(job.id).state is JobState.CANCELLED
    assert not process.is_running()
    assert states(library) == {}
    assert library.catalog.complaints() == []
    again = library.catalog.retry_job(job.id)
    wait_until(ended(library, again))
    assert set(states(library)) == {"red.mp4", "sub/blue.mp4"}
    assert service.running


def test_a_worker_that_has_nothing_to_do_ends_as_one_that_succeeded(library: Library) -> None:
    words = f"from indexer.jobs import child; child.IDLE = 0; raise SystemExit(child.main({str(library.path)!r}))"
    with own_process.start(words, stdin=subprocess.PIPE) as process:
        assert process.wait(60) == 0


def test_stopping_puts_the_job_back_and_the_next_start_goes_on(
    start: Start, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDS_A_CLIP", "0.3")
    service = start()
    job = ask_for(library.catalog, JobKind.INDEX, [slow_films(tmp_path / "many")])
    wait_until(lambda: len(library.catalog.videos()) > 0)
    process = worker_process()
    service.stop()
    assert not process.is_running()
    waiting = library.catalog.job(job.id)
    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
    monkeypatch.setenv("SECONDS_A_CLIP", "0")
    start()
    wait_until(ended(library, job))
    assert library.catalog.job(job.id).state is JobState.DONE


def test_a_job_of_a_killed_program_is_taken_up_once_more(library: Library) -> None:
    job = ask_for(library.catalog, JobKind.RESCAN)
    for state in (JobState.QUEUED, JobState.FAILED):
        assert library.catalog.claim_job() is not None
        worker.take_up_left_behind(library.catalog)
        assert library.catalog.job(job.id).state is state
    assert "killed" in library.catalog.job(job.id).reason


def test_of_two_services_on_one_library_one_works_and_the_other_takes_over(
    start: Start, library: Library, films: Path
) -> None:
    first, second = start(films), start(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    assert len([child for child in psutil.Process().children() if "jobs.child" in " ".join(child.cmdline())]) == 1
    first.stop()
    draw_film(films / "green.mp4", "green")
    wait_until(holds(library, "red.mp4", "sub/blue.mp4", "green.mp4"))
    assert second.running


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["in front", "in the background"])
def _run(request: pytest.FixtureRequest) -> Iterator[None]:
    """A shell lets those that it starts in the background ignore SIGINT."""
    before = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_run")
def test_a_job_waits_for_another_indexer_and_says_so(start: Start, library: Library, films: Path) -> None:
    with library.indexing():
        start()
        tired = ask_for(library.catalog, JobKind.RESCAN)
        job = ask_for(library.catalog, JobKind.INDEX, [films])
        wait_until(lambda: "is being indexed by process" in library.catalog.job(tired.id).words)
        library.catalog.cancel_job(tired.id)
        wait_until(lambda: "is being indexed by process" in library.catalog.job(job.id).words)
        assert states(library) == {}
        assert library.catalog.job(tired.id).state is JobState.CANCELLED
    wait_until(ended(library, job))
    assert set(states(library)) == {"red.mp4", "sub/blue.mp4"}


def test_every_kind_of_job_does_its_work(start: Start, library: Library, films: Path) -> None:
    (films / "broken.mp4").write_bytes(b"no film")
    os.utime(films / "broken.mp4", (0, 0))
    start()

    def counts(kind: JobKind, *about: str | Path) -> dict[str, int]:
        job = ask_for(library.catalog, kind, about)
        wait_until(ended(library, job))
        assert library.catalog.job(job.id).state is JobState.DONE, library.catalog.job(job.id).reason
        return dict(library.catalog.job(job.id).counts)

    assert counts(JobKind.INDEX, films) == {"indexed": 2, "failed": 1, "clips": 2}
    assert counts(JobKind.RESCAN) == {"unchanged": 2, "failed": 1}
    assert counts(JobKind.RETRY)["failed"] == 1
    assert counts(JobKind.RETAG, "emotion.enter=0.6") == {"retagged": 0, "tags": 0}
    assert counts(JobKind.FORGET, films / "sub") == {"forgotten": 1}
    bad = ask_for(library.catalog, JobKind.RETAG, ["emotion.colour=1"])
    wait_until(ended(library, bad))
    assert library.catalog.job(bad.id).reason == "There is no part of a rule 'colour'."


def test_a_job_for_a_file_that_has_gone_meanwhile_looks_at_its_folder(
    start: Start, library: Library, films: Path
) -> None:
    start(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    job = library.catalog.queue_job(JobKind.INDEX, [str(films / "sub" / "gone.mp4"), str(films / "red.mp4")])
    wait_until(ended(library, job))
    assert library.catalog.job(job.id).counts == {"unchanged": 2}


@pytest.fixture
def watch(library: Library) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`watch(films)` runs `vsearch watch films` with an encoder that takes 0.3 s a clip."""
    running: list[subprocess.Popen[str]] = []

    def watch(*words: object) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "vsearch", "--library", str(library.path), "watch", *map(str, words)],
                env=os.environ | {"SECONDS_A_CLIP": "0.3", "PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return running[-1]

    yield watch
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_watching_ends_cleanly_and_says_what_was_done(
    watch: Callable[..., subprocess.Popen[str]], library: Library, films: Path, number: signal.Signals, code: int
) -> None:
    process = watch(films)
    wait_until(holds(library, "red.mp4", "sub/blue.mp4"))
    wait_until(lambda: library.catalog.jobs()[0].ended)
    time.sleep(1.0)  # its line is printed
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert out == ""
    assert err.splitlines() == [
        f"Following {films} for the library {library.path} (Ctrl-C ends it)",
        f"job 1, index {films}: done, 2 indexed, 2 clips",
    ]


def test_a_killed_program_leaves_no_process_behind_and_the_next_takes_up_its_job(
    watch: Callable[..., subprocess.Popen[str]], start: Start, library: Library, tmp_path: Path
) -> None:
    program = watch(slow_films(tmp_path / "many"))
    wait_until(lambda: len(library.catalog.videos()) > 0)
    family = psutil.Process(program.pid).children(recursive=True)
    program.send_signal(signal.SIGKILL)
    program.communicate(timeout=10)
    assert family
    assert not psutil.wait_procs(family, 20)[1]
    [job] = library.catalog.jobs_in(JobState.RUNNING)
    start()
    wait_until(ended(library, job))
    assert library.catalog.job(job.id).counts["indexed"] < 8
    assert len(library.catalog.videos()) == 8
