"""Indexing in a process of its own, ended in every way there is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

import vsearch
from search.errors import LibraryMissing
from search.library import open_library
from search.settings import read_settings
from search.upkeep import verify_library
from tests.command_line import CommandLine
from tests.fakes import FAKE_SPEC
from tests.films import draw_film

pytestmark = pytest.mark.slow

FILMS = 12
QUICK = ["--encoder", "fake", "--classifiers", "none"]
SCRIPT = """
import sys, time
from search.encoders import registry
from tests.fakes import FakeEncoder
import vsearch

class SlowEncoder(FakeEncoder):
    def encode_clips(self, clips):
        time.sleep(seconds_a_clip * len(clips))
        return super().encode_clips(clips)

seconds_a_clip = float(sys.argv.pop(1))
registry.register("fake", lambda settings: SlowEncoder())
vsearch.main()
"""


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Twelve films of four clips."""
    folder = tmp_path / "films"
    first = draw_film(folder / "0.mp4", "red", "green", "blue", "white", seconds=FAKE_SPEC.frames / FAKE_SPEC.fps)
    for number in range(1, FILMS):
        (folder / f"{number}.mp4").write_bytes(first.read_bytes() + bytes(number))
        os.utime(folder / f"{number}.mp4", (0, 0))
    return folder


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(0.2, films)` runs `vsearch index films` with an encoder that takes 0.2 s a clip."""
    running: list[subprocess.Popen[str]] = []

    def start(seconds_a_clip: float, *words: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                SCRIPT,
                str(seconds_a_clip),
                "index",
                *map(str, words),
                *["--encoder", "fake", "--classifiers", "none"],
            ],
            cwd=Path(vsearch.__file__).parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def stored() -> int:
    """How many videos the library holds at this moment."""
    try:
        with open_library() as library:
            return len(library.catalog.videos())
    except LibraryMissing:
        return 0


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_when_interrupted_what_is_done_is_kept_and_the_same_command_goes_on(
    start: Start, films: Path, line: CommandLine, number: signal.Signals
) -> None:
    process = start(0.2, films, "--json")
    wait_until(lambda: stored() > 0)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    done = stored()
    assert 0 < done < FILMS
    document = json.loads(out)
    assert document["interrupted"]
    assert document["videos"]["indexed"] == done
    videos = line("index", films, "--encoder", "fake", "--json").document["videos"]
    assert (videos["unchanged"], videos["indexed"]) == (done, FILMS - done)


def test_ctrl_c_says_how_much_is_done(start: Start, films: Path) -> None:
    process = start(0.2, films)
    wait_until(lambda: stored() > 0)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert f"interrupted: {stored()} of {FILMS} videos done; run the same command to go on" in out


def test_a_second_ctrl_c_ends_at_once_and_leaves_no_process_behind(start: Start, films: Path) -> None:
    process = start(600.0, films)
    wait_until(lambda: read_settings().library.exists() and bool(psutil.Process(process.pid).children()))
    decoders = psutil.Process(process.pid).children()
    time.sleep(1.0)  # into the encoder, which will not be back for minutes
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 130
    assert not psutil.wait_procs(decoders, 5)[1]


def test_kill_9_loses_at_most_the_video_in_work(start: Start, films: Path, line: CommandLine) -> None:
    process = start(0.2, films)
    wait_until(lambda: stored() >= 2)
    decoders = psutil.Process(process.pid).children()
    process.kill()
    process.wait(10)
    assert not psutil.wait_procs(decoders, 5)[1]
    with open_library() as library:
        assert verify_library(library)["ok"]
        kept = {video.relpath: video.clips for video in library.catalog.videos()}
    assert set(kept.values()) == {4}
    videos = line("index", films, "--encoder", "fake", "--json").document["videos"]
    assert (videos["unchanged"], videos["indexed"]) == (len(kept), FILMS - len(kept))


def test_a_second_indexer_is_refused_or_waits_and_then_finds_the_work_done(start: Start, films: Path) -> None:
    first = start(0.2, films, "--json")
    wait_until(lambda: stored() > 0)
    refused = start(0.0, films)
    waiting = start(0.0, films, "--wait", "--json")
    _, err = refused.communicate(timeout=60)
    assert refused.returncode == 3
    assert str(first.pid) in err
    assert len(err.splitlines()) == 2  # what, and the cure
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, err
    assert json.loads(out)["videos"]["unchanged"] == FILMS
    assert first.wait(60) == 0
