"""Copies of films that every browser plays: they go with their films, and there is never too much of them."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import CannotGoOn
from search.library import Library
from search.proxies import LEFT_BEHIND, PART, ProxyFile, proxy_path, remove_proxies, superfluous
from search.upkeep import verify_library
from tests.command_line import CommandLine
from tests.library_fixtures import add_film, make_library
from web.film.proxies import Proxies

FILES = st.lists(
    st.builds(ProxyFile, st.sampled_from("abcdefgh"), st.integers(0, 50), st.floats(0, 100)),
    unique_by=lambda file: file.name,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "library") as library:
        for name in ("one.mp4", "two.mp4"):
            add_film(library, name, ["red"], root=tmp_path / "films")
        yield library


def make_proxy(library: Library, video_id: int, ending: str = "", age: float = 0.0) -> Path:
    path = proxy_path(library, library.catalog.video(video_id))
    path = path.with_name(path.name + ending)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bytes(100))
    os.utime(path, (time.time() - age,) * 2)
    return path


@given(FILES, st.sets(st.sampled_from("abcdefgh")), st.integers(0, 200))
def test_what_stays_is_wanted_fits_and_is_never_older_than_what_went_for_room(
    files: list[ProxyFile], wanted: set[str], most: int
) -> None:
    gone = superfluous(files, wanted, most, now=100.0)
    left = [file for file in files if file.name not in gone]
    assert {file.name for file in left} <= wanted
    assert sum(file.size for file in left) <= most
    if sum(file.size for file in files if file.name in wanted) <= most:
        assert {file.name for file in left} == {file.name for file in files} & wanted


def test_the_oldest_go_first(library: Library) -> None:
    old, new = make_proxy(library, 1, age=50), make_proxy(library, 2, age=10)
    assert remove_proxies(library, most_bytes=150) == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_one_that_is_being_written_stays_and_one_that_was_left_half_written_goes(library: Library) -> None:
    now, long_ago = make_proxy(library, 1, PART), make_proxy(library, 2, PART, age=LEFT_BEHIND + 60)
    remove_proxies(library)
    assert (now.exists(), long_ago.exists()) == (True, False)


def test_a_fault_that_nobody_foresaw_is_told_and_the_next_copy_can_be_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no process could be started")

    monkeypatch.setattr("indexer.excerpts.process.make_excerpt", fail)
    proxies, film = Proxies(library), library.catalog.video(1)
    proxies._making = film.id
    with pytest.raises(OSError, match="no process"):
        proxies._write(film)
    assert proxies._making is None
    assert proxies.state(film).state == "failed"
    assert "could not be made" in proxies.state(film).message


def test_where_no_thread_can_be_started_the_reason_is_said_and_the_next_copy_can_be_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    proxies, film = Proxies(library), library.catalog.video(1)
    monkeypatch.setattr("web.film.proxies.open_film", lambda _film: (io.BytesIO(), None))
    monkeypatch.setattr(threading.Thread, "start", full)

    for _ in range(2):
        with pytest.raises(CannotGoOn, match="can't start new thread"):
            proxies.make(film)
    assert proxies.state(film).state == "none"


def test_a_forgotten_film_takes_its_copy_along(library: Library, line: CommandLine) -> None:
    first, second = make_proxy(library, 1), make_proxy(library, 2)
    film = library.catalog.video(1).path
    assert line("--library", library.path, "forget", film).code == 0
    assert (first.exists(), second.exists()) == (False, True)


def test_verifying_finds_copies_of_films_that_are_gone(library: Library) -> None:
    left = make_proxy(library, 1)
    library.catalog.forget_videos([1])
    assert any("copies of films were removed" in words for words in verify_library(library)["mended"])
    assert not left.exists()


def test_a_library_without_copies_has_nothing_to_remove(library: Library) -> None:
    assert remove_proxies(library) == 0
    assert not any("copies" in words for words in verify_library(library)["mended"])
