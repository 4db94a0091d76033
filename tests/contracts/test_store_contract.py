"""What every store of a catalog promises (search/catalog/stores/base.py)."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from search.catalog.records import Segment
from search.catalog.schema import HEAD, revision_of
from search.catalog.store import open_catalog
from search.catalog.stores.base import Store
from search.catalog.stores.registry import store_at
from search.errors import LibraryLocked, LibraryMissing, NewerSchema, UsageError
from search.library import Library, open_library
from search.settings import read_settings
from tests.fakes import FakeEncoder
from tests.library_fixtures import add_film
from tests.postgresql_server import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where no library is yet."""
    return tmp_path / "library" if request.param == "sqlite" else new_database()


@pytest.fixture
def library(place: Path | str) -> Iterator[Library]:
    with open_library(place, encoder=FakeEncoder(), create=True) as made:
        yield made


def test_a_library_is_there_once_it_is_made(place: Path | str) -> None:
    with pytest.raises(LibraryMissing, match="There is no library in"):
        open_library(place)
    open_library(place, encoder=FakeEncoder(), create=True).close()
    with open_library(place) as library:
        assert library.spec.name == "fake"
        assert library.writable
        assert revision_of(library.catalog.store.reading) == HEAD
        assert library.catalog.complaints() == []


def _make_half(store: Store) -> None:
    with store.making() as fresh:
        open_catalog(fresh)
        raise KeyboardInterrupt


def test_one_that_is_half_made_is_made_anew(place: Path | str) -> None:
    store = store_at(read_settings().locate(place))
    if isinstance(place, Path):
        place.mkdir()
    with pytest.raises(KeyboardInterrupt):
        _make_half(store)
    assert not store.holds_library()
    store.close()
    with open_library(place, encoder=FakeEncoder(), create=True) as library:
        assert library.spec.name == "fake"


def test_its_folder_alone_names_it(library: Library) -> None:
    add_film(library, "x.mp4", ["red"])
    with open_library(library.path) as again:
        assert again.name == library.name
        assert [video.title for video in again.catalog.videos()] == ["x.mp4"]


def test_a_reader_sees_one_state_while_others_write(library: Library) -> None:
    add_film(library, "x.mp4", ["red"])
    with library.catalog.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM video"))
        writer = threading.Thread(target=add_film, args=(library, "y.mp4", ["blue"]))
        writer.start()
        writer.join(10)
        assert session.scalar(text("SELECT count(*) FROM video")) == before
    assert len(library.catalog.videos()) == 2


def test_writers_come_one_after_the_other(library: Library) -> None:
    before = library.catalog.generation()

    def write() -> None:
        for _ in range(5):
            with library.catalog.writing() as session:
                library.catalog.bump(session)
                time.sleep(0.01)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert library.catalog.generation() == before + 20


def test_text_is_of_any_length_and_sorts_by_its_bytes(library: Library) -> None:
    labels = ["a", "B", "c" * 1000, "é", "Z", "_", "10", "9"]
    add_film(library, "x.mp4", ["red"], segments=[Segment("character", label, 0, 1, 0.9) for label in labels])
    assert [label for _, label in library.catalog.tags()] == sorted(labels)


def test_names_that_are_no_text_survive(library: Library) -> None:
    name = b"caf\xe9 \xff.mp4".decode("utf-8", "surrogateescape")
    video_id = add_film(library, name, ["red"])
    assert library.catalog.video(video_id).relpath == name


def test_a_second_indexer_is_told_who_holds_the_library(library: Library) -> None:
    with library.indexing(), open_library(library.path) as other:
        with pytest.raises(LibraryLocked, match=r"process \d+ on .* since \d\d:\d\d:\d\d"), other.indexing():
            pass
        with other.catalog.writing() as session:  # names, saved searches and jobs go on meanwhile
            other.catalog.bump(session)
    with library.indexing():
        pass


def test_a_second_indexer_can_wait(library: Library) -> None:
    order: list[str] = []

    def second() -> None:
        with library.indexing(wait=True):
            order.append("second")

    with library.indexing():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def _hold_for_ever(place: Path | str, held: Path) -> None:
    with open_library(place) as library, library.indexing():
        held.touch()
        time.sleep(60)


def test_a_killed_indexer_leaves_no_lock(library: Library, place: Path | str, tmp_path: Path) -> None:
    held = tmp_path / "held"
    holder = multiprocessing.get_context("spawn").Process(target=_hold_for_ever, args=(place, held))
    holder.start()
    try:
        while not held.exists():
            assert holder.is_alive()
            time.sleep(0.05)
        with pytest.raises(LibraryLocked, match=f"process {holder.pid}"), library.indexing():
            pass
    finally:
        holder.kill()
        holder.join()
    with library.indexing(wait=True):
        pass


def test_a_newer_schema_and_another_program_s_tables_are_refused(library: Library) -> None:
    with library.catalog.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="newer vsearch"):
        open_library(library.path)
    with library.catalog.writing() as session:
        session.execute(text("ALTER TABLE clip RENAME TO booking"))
    with pytest.raises(UsageError, match="another program"):
        open_library(library.path)
