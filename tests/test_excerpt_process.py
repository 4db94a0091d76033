"""Excerpts that a process of its own writes: what a film does to it harms nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from indexer.excerpts import process
from indexer.excerpts.child import ExcerptRequest
from indexer.excerpts.process import NotWanted, UnusableFilm, make_excerpt
from search.errors import CannotGoOn, PathNotFound, UsageError
from tests.films import draw_film

pytestmark = pytest.mark.slow  # a process each


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_film(tmp_path_factory.mktemp("films") / "naïve\n\u202e.mp4", "red", "green", "blue", seconds=4)


def request_for(film: Path, output: Path, **more: float) -> ExcerptRequest:
    return ExcerptRequest(str(film), str(output), **more)  # type: ignore[arg-type]


def test_it_is_written_and_how_far_it_is_is_told(film: Path, tmp_path: Path) -> None:
    told: list[float] = []

    make_excerpt(request_for(film, tmp_path / "out.mp4", start=1.0, end=3.0), told.append)

    with av.open(str(tmp_path / "out.mp4")) as container:
        assert float(container.duration or 0) / av.time_base == pytest.approx(2.0, abs=0.1)
    assert told
    assert told[-1] <= 2.0
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_slow_motion_and_small_moving_pictures_come_from_there_too(film: Path, tmp_path: Path) -> None:
    make_excerpt(request_for(film, tmp_path / "slow.mp4", start=1.0, end=1.5, slower=4))
    make_excerpt(request_for(film, tmp_path / "small.gif", start=1.0, end=1.5))

    with av.open(str(tmp_path / "slow.mp4")) as container:
        assert float(container.duration or 0) / av.time_base > 1.5
    assert (tmp_path / "small.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("absent.mp4", PathNotFound, "There is no file"),
        ("words.mp4", UsageError, "not a video"),
        ("cut.mp4", UsageError, "cut.mp4"),
    ],
)
def test_what_is_no_film_is_refused_in_words_and_leaves_nothing(
    film: Path, tmp_path: Path, name: str, error: type[Exception], words: str
) -> None:
    (tmp_path / "words.mp4").write_text("no film at all, only words")
    (tmp_path / "cut.mp4").write_bytes(film.read_bytes()[:600])
    out = tmp_path / "out"
    out.mkdir()

    with pytest.raises(error, match=words):
        make_excerpt(request_for(tmp_path / name, out / "out.mp4"))

    assert list(out.iterdir()) == []


def test_a_file_that_grows_too_large_is_given_up(film: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="too large"):
        make_excerpt(request_for(film, tmp_path / "out.mp4", most_bytes=500))
    assert list(tmp_path.iterdir()) == []


def test_a_crash_is_an_error_with_a_name(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 11)"
    monkeypatch.setattr(process, "COMMAND", crash)

    with pytest.raises(UnusableFilm, match="SIGSEGV"):
        make_excerpt(request_for(film, tmp_path / "out.mp4"))


def test_one_that_hangs_is_ended_and_what_it_has_half_written_goes(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = (
        "import json, signal, sys, time; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "open(json.loads(sys.stdin.readline())['output'] + '.part', 'w'); time.sleep(600)"
    )
    monkeypatch.setattr(process, "COMMAND", hang)
    monkeypatch.setattr(process, "PATIENCE", 2.0)
    monkeypatch.setattr(process, "TIDYING", 0.2)
    began = time.monotonic()

    with pytest.raises(CannotGoOn, match="too long"):
        make_excerpt(request_for(film, tmp_path / "out.mp4"))

    assert time.monotonic() - began < 20
    assert list(tmp_path.iterdir()) == []


def test_it_ends_when_nobody_waits_for_it_any_more(film: Path, tmp_path: Path) -> None:
    looks = iter([True, True])

    with pytest.raises(NotWanted):
        make_excerpt(request_for(film, tmp_path / "out.mp4", slower=64), wanted=lambda: next(looks, False))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_ends_when_its_parent_is_killed(film: Path, tmp_path: Path) -> None:
    made = (
        "import sys; from indexer.excerpts.process import make_excerpt; from indexer.excerpts.child import *; "
        "make_excerpt(ExcerptRequest(sys.argv[1], sys.argv[2], slower=64), lambda until: print(until, flush=True))"
    )
    command = [sys.executable, "-c", made, str(film), str(tmp_path / "out.mp4")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()  # its child is at work
        os.kill(parent.pid, signal.SIGKILL)
    for _ in range(100):
        if not list(tmp_path.iterdir()):
            return
        time.sleep(0.1)
    pytest.fail("the process goes on writing")
