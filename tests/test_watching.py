"""Following folders: what is reported, what is waited for, and what has to be looked at."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watchfiles import watch
from watchfiles.main import FileChange

from indexer.finding import watching
from indexer.finding.gathering import SLACK, Gathering
from indexer.finding.mounts import is_silent
from indexer.finding.watching import FolderWatch
from indexer.jobs.following import Follower
from indexer.jobs.places import gathered, is_passed_over, place_of, without_nested
from indexer.jobs.service import folders_to_follow
from search.errors import PathNotFound, UsageError
from search.library import Library
from tests.films import draw_film
from tests.indexing_service import library_for_service, wait_until

ROOT = Path("/films")
names = st.lists(st.sampled_from("abc"), max_size=4)
paths = st.lists(names.map(lambda parts: ROOT.joinpath(*parts)), max_size=12)


@given(paths)
def test_nested_places_are_left_out_and_everything_stays_covered(places: list[Path]) -> None:
    kept = without_nested(places)
    assert all(any(place.is_relative_to(one) for one in kept) for place in places)
    assert not any(one != other and one.is_relative_to(other) for one in kept for other in kept)


@given(paths, st.integers(1, 4))
def test_many_places_become_their_folders_and_never_leave_the_root(places: list[Path], at_most: int) -> None:
    found = gathered(places, {ROOT}, at_most)
    assert len(found) <= at_most
    assert all(place.is_relative_to(ROOT) for place in found)
    assert all(any(place.is_relative_to(one) for one in found) for place in places)


def test_a_folder_beside_one_with_a_longer_name_is_no_part_of_it() -> None:
    assert without_nested([Path("/films-2"), ROOT, ROOT / "a"]) == [ROOT, Path("/films-2")]


def test_what_indexing_passes_over_by_name_is_passed_over() -> None:
    passed = {name: is_passed_over(ROOT / name, ROOT) for name in ("a.mp4", ".a.mp4", ".x/a.mp4", "a.mp4.part", "a")}
    assert [name for name, over in passed.items() if not over] == ["a.mp4", "a"]
    assert not is_passed_over(Path("/home/.films/a.mp4"), Path("/home/.films"))


def test_the_smallest_place_shows_what_became_of_a_path(tmp_path: Path) -> None:
    film = draw_film(tmp_path / "sub" / "red.mp4", "red")
    odd = film.rename(film.with_suffix(".odd"))
    (tmp_path / "sub" / "red.srt").write_text("words")
    (tmp_path / "sub" / "notes.txt").write_text("words")
    assert place_of(odd, tmp_path) == odd
    assert place_of(tmp_path / "sub", tmp_path) == tmp_path / "sub"
    assert place_of(tmp_path / "sub" / "red.srt", tmp_path) == tmp_path / "sub"
    assert place_of(tmp_path / "sub" / "notes.txt", tmp_path) is None
    (tmp_path / "sub" / "Subs").mkdir()
    (tmp_path / "sub" / "Subs" / "red.en.srt").write_text("words")
    assert place_of(tmp_path / "sub" / "Subs" / "red.en.srt", tmp_path) == tmp_path / "sub"
    assert place_of(tmp_path / "sub" / "Subs" / "gone.srt", tmp_path) == tmp_path / "sub"
    assert place_of(tmp_path / "sub" / "gone" / "film.mp4", tmp_path) == tmp_path / "sub"
    assert place_of(tmp_path / "no" / "root" / "film.mp4", tmp_path / "no" / "root") == tmp_path / "no" / "root"


def test_a_path_is_taken_when_nothing_has_happened_to_it_for_long_enough() -> None:
    gathering = Gathering(3.0, lambda _path: (1, 1))
    gathering.touch(ROOT / "a", 0.0)
    gathering.touch(ROOT / "b", 2.0)
    gathering.touch(ROOT / "a", 2.2)
    assert gathering.take(5.3) == []  # at rest, but what comes with it may not be yet
    assert set(gathering.take(2.2 + 3.0 + SLACK)) == {ROOT / "a", ROOT / "b"}
    assert gathering.take(99.0) == []


def test_a_file_that_grows_unannounced_is_waited_for() -> None:
    sizes = {ROOT / "a": (1, 1)}
    gathering = Gathering(1.0, sizes.get)
    gathering.touch(ROOT / "a", 0.0)
    sizes[ROOT / "a"] = (2, 2)
    assert gathering.take(9.0) == []
    assert gathering.take(9.0 + 1.0 + SLACK) == [ROOT / "a"]


def test_what_need_not_be_waited_for_is_taken_at_once() -> None:
    gathering = Gathering(60.0, lambda _path: None)
    gathering.settle(ROOT)
    assert gathering.take(0.0) == [ROOT]


MOUNTED = r"""
/dev/sda1 / ext4 rw 0 0
server:/films /mnt/the\040films nfs4 rw 0 0
/dev/sdb1 /mnt/the\040films/disk ext4 rw 0 0
user@host: /mnt/ssh fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "silent"),
    [
        ("/home/films", False),
        ("/mnt/the films", True),
        ("/mnt/the films/a/b", True),
        ("/mnt/the films/disk/a", False),
        ("/mnt/ssh", True),
    ],
)
def test_network_disks_tell_nothing(folder: str, silent: bool) -> None:
    assert is_silent(Path(folder), MOUNTED) is silent


def test_folders_to_follow_are_there_or_known(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    assert folders_to_follow([tmp_path / "a" / "b", tmp_path / "a"], []) == [tmp_path / "a"]
    assert folders_to_follow([tmp_path / "away"], [tmp_path / "away"]) == [tmp_path / "away"]
    with pytest.raises(PathNotFound):
        folders_to_follow([tmp_path / "away"], [tmp_path / "a"])
    with pytest.raises(UsageError):
        folders_to_follow([tmp_path / "file"], [])


Run = Callable[[Callable[[threading.Event], None]], None]


@pytest.fixture
def run() -> Iterator[Run]:
    """`run(part)` calls it in a thread; all end with the test."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def run(part: Callable[[threading.Event], None]) -> None:
        threads.append(threading.Thread(target=part, args=(stop,), daemon=True))
        threads[-1].start()

    yield run
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.slow
@pytest.mark.parametrize("poll", [None, 0.1])
def test_a_folder_is_reported_when_watching_begins_and_whenever_it_goes_or_comes_back(
    run: Run, tmp_path: Path, poll: float | None
) -> None:
    reported: list[Path] = []

    def hears(path: Path) -> None:
        wait_until(lambda: path in reported, 20)
        reported.clear()

    root = tmp_path / "films"
    (root / "sub").mkdir(parents=True)
    run(FolderWatch(root, reported.append, print, poll).run)
    hears(root)
    (root / "sub" / "a.mp4").write_text("a")
    hears(root / "sub" / "a.mp4")
    root.rename(tmp_path / "away")
    hears(root)
    (tmp_path / "away").rename(root)
    hears(root)
    (root / "sub" / "a.mp4").unlink()
    hears(root / "sub" / "a.mp4")


@pytest.mark.slow
def test_a_folder_that_cannot_be_followed_is_looked_through(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First a folder inside may not be read, then the system can follow no more."""
    asked: list[tuple[bool, bool]] = []

    def limited(*paths: Path, **options: Any) -> Iterator[set[FileChange]]:
        asked.append((options["ignore_permission_denied"], options["force_polling"]))
        if len(asked) < 3:
            raise [PermissionError("denied"), OSError("Limit reached. about this and that")][len(asked) - 1]
        return watch(*paths, **options)

    monkeypatch.setattr(watching, "watch", limited)
    said: list[str] = []
    reported: list[Path] = []
    run(FolderWatch(tmp_path, reported.append, said.append).run)
    wait_until(lambda: reported, 20)
    assert asked == [(False, False), (True, False), (True, True)]
    assert said == [f"{tmp_path} is looked through every 10 s: Limit reached."]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library inside the folder that it is about, which it knows."""
    with library_for_service(tmp_path / "films" / "library") as library:
        library.catalog.add_root(tmp_path / "films")
        yield library


@pytest.mark.slow
def test_changes_become_jobs_for_what_changed_alone_and_wait_together(
    run: Run, library: Library, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    follower = Follower(library, [films], settled=0.2)
    run(follower.run)
    red = draw_film(films / "sub" / "red.mp4", "red")
    follower.changes.put(red)
    wait_until(lambda: [job.about for job in library.catalog.jobs()] == [(str(red),)], 10)
    blue = draw_film(films / "blue.mp4", "blue")
    follower.changes.put(blue)
    wait_until(lambda: [job.about for job in library.catalog.jobs()] == [(str(blue), str(red))], 10)


@pytest.mark.slow
def test_a_library_inside_a_followed_folder_and_what_is_passed_over_make_no_job(
    run: Run, library: Library, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    follower = Follower(library, [films], settled=0.1)
    run(follower.run)
    for name in (".hidden.mp4", "film.mp4.part", "notes.txt"):
        (films / name).write_bytes(b"words")
        follower.changes.put(films / name)
    follower.changes.put(library.path / "catalog.db-wal")
    time.sleep(0.1 + SLACK + 1.0)
    assert library.catalog.jobs() == []


@pytest.mark.slow
def test_a_file_that_was_still_growing_when_its_job_looked_is_looked_at_again(
    run: Run, library: Library, tmp_path: Path
) -> None:
    film = draw_film(tmp_path / "films" / "red.mp4", "red")
    os.utime(film)
    follower = Follower(library, [tmp_path / "films"], settled=0.1)
    run(follower.run)
    follower.changes.put(film)
    wait_until(library.catalog.jobs, 10)
    job = library.catalog.claim_job()
    assert job is not None
    library.catalog.finish_job(job, {"growing": 1})
    wait_until(lambda: len(library.catalog.jobs()) == 2, 10)
    assert library.catalog.jobs()[0].about == job.about
