"""For tests of the indexing service: an encoder that the worker's process knows too, and waiting with an end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.choosing import Chosen, remember
from search.library import Library, open_library
from tests.fakes import FakeEncoder

AT_START = """
import ctypes, os, time
from pathlib import Path
from search.encoders import registry
from tests.fakes import FakeEncoder

class SlowEncoder(FakeEncoder):
    def encode_clips(self, clips):
        if (hung := Path(os.environ["HANGS_ONCE"])).name and not hung.exists():
            hung.touch()
            ctypes.PyDLL(None).sleep(600)  # native code that keeps Python's lock: no thread runs, no signal is heard
        time.sleep(float(os.environ["SECONDS_A_CLIP"]) * len(clips))
        return super().encode_clips(clips)

registry.register("fake", lambda settings: SlowEncoder())
"""
"""Run by every Python that a test starts."""


def slow_encoder_in_children(folder: Path, monkeypatch: pytest.MonkeyPatch, seconds_a_clip: float = 0.0) -> None:
    """Processes that are started from now on know the encoder `fake`, which takes so long for each clip.

    Where `HANGS_ONCE` in the environment names a file that is not there, it makes that file and hangs.
    """
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(AT_START)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("SECONDS_A_CLIP", str(seconds_a_clip))
    monkeypatch.setenv("HANGS_ONCE", "")


def library_for_service(place: Path) -> Library:
    """A new library that looks for nothing in its films."""
    library = open_library(place, encoder=FakeEncoder(), create=True)
    remember(library.catalog, Chosen(names=()))
    return library


def wait_until(true: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
