"""The vector cache always answers as the catalog stands."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.library import Library, open_library
from search.upkeep import library_status, verify_library
from search.vectors.registry import EXACT, QUICK, index_class
from tests.fakes import FakeEncoder
from tests.library_fixtures import add_film, make_library


def best(library: Library, colour: str, k: int = 1) -> list[int]:
    query = FakeEncoder().encode_texts([colour])[0]
    return [int(clip_id) for clip_id in library.vectors.search(query, k).ids]


def caches(folder: Path) -> list[Path]:
    return sorted(folder.glob("vectors-*"))


def test_a_reader_sees_what_is_added_and_removed_while_it_is_open(tmp_path: Path) -> None:
    with make_library(tmp_path) as writer, open_library(tmp_path, encoder=FakeEncoder()) as reader:
        add_film(writer, "red.mp4", ["red"])
        [red] = best(reader, "red")
        blue_video = add_film(writer, "blue.mp4", ["blue"])
        [blue] = best(reader, "blue")
        assert blue != red
        writer.catalog.forget_videos([blue_video])
        assert best(reader, "blue", 5) == [red]


def test_the_vectors_of_clips_that_are_there_are_found_without_sorting_all_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_library(tmp_path) as library:
        ids = np.array([99, 3, 1], np.int64)
        assert library.vectors.vectors(ids)[0].tolist() == []
        add_film(library, "red.mp4", ["red", "green", "blue"])
        library.vectors.vectors(ids)
        monkeypatch.setattr(index_class(EXACT), "ids", None)  # whoever sorts them again calls it
        there, vectors = library.vectors.vectors(ids)
        assert there.tolist() == [3, 1]
        assert vectors.argmax(axis=1).tolist() == [2, 0]  # blue and red, by their places in COLOURS


def test_a_folded_cache_is_read_and_its_tail_is_searched_beside_it(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "red.mp4", ["red"] * 3)
        library.fold()
        [cache] = caches(tmp_path)
        add_film(library, "blue.mp4", ["blue"])
    with open_library(tmp_path, encoder=FakeEncoder()) as library:
        assert len(library.vectors) == 4
        assert caches(tmp_path) == [cache]
        assert library.catalog.clips(best(library, "blue")).popitem()[1].title == "blue.mp4"


def test_a_damaged_cache_is_thrown_away_and_rebuilt(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "red.mp4", ["red", "blue"])
        library.fold()
    [cache] = caches(tmp_path)
    cache.write_bytes(b"nothing of use")
    with open_library(tmp_path, encoder=FakeEncoder()) as library:
        assert len(library.vectors) == 2
        assert library.vectors.complaints() == [f"{cache.name} cannot be read"]
        library.vectors.rebuild()
        assert library.vectors.complaints() == []


def test_a_cache_from_the_future_of_a_restored_catalog_is_not_believed(tmp_path: Path) -> None:
    with make_library(tmp_path / "library") as library:
        add_film(library, "red.mp4", ["red"])
    shutil.copytree(tmp_path / "library", tmp_path / "backup")
    with open_library(tmp_path / "library", encoder=FakeEncoder()) as library:
        add_film(library, "blue.mp4", ["blue"])
        library.vectors.rebuild()
    for cache in caches(tmp_path / "library"):
        shutil.copy(cache, tmp_path / "backup")
    with open_library(tmp_path / "backup", encoder=FakeEncoder()) as library:
        assert len(library.vectors) == 1
        assert "newer than the catalog" in library.vectors.complaints()[0]


def test_a_cache_with_other_vectors_is_found_out(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "red.mp4", ["red", "blue"])
        library.fold()
        [cache] = caches(tmp_path)
        index = index_class()(library.spec.dim)
        index.add(library.catalog.clip_ids(), np.zeros((2, library.spec.dim), np.float32))
        index.save(cache)
    with open_library(tmp_path, encoder=FakeEncoder()) as library:
        assert library.vectors.complaints() == ["2 cached vectors are not those of the catalog"]


def test_folding_waits_until_the_tail_has_grown(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "many.mp4", ["red"] * 100)
        assert library.vectors.fold()
        add_film(library, "one.mp4", ["blue"])
        assert not library.vectors.fold()
        add_film(library, "more.mp4", ["green"] * 10)
        assert library.vectors.fold()
        assert len(caches(tmp_path)) == 1


@pytest.fixture
def large_from_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.vectors.live.kind_for", lambda clips: QUICK if clips >= 10 else EXACT)


@pytest.mark.usefixtures("large_from_ten")
def test_a_library_that_has_grown_large_is_searched_by_the_quick_index(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "red.mp4", ["red"] * 9)
        library.fold()
        assert library.vectors.kind == EXACT
        video = add_film(library, "blue.mp4", ["blue"] * 9)
        assert library.vectors.fold()
        assert library.vectors.kind == QUICK
        assert [QUICK in cache.name for cache in caches(tmp_path)] == [True]
    with open_library(tmp_path, encoder=FakeEncoder()) as library:
        assert library.vectors.kind == QUICK
        assert library.catalog.clips(best(library, "blue")).popitem()[1].title == "blue.mp4"
        assert library.vectors.complaints() == []
        library.vectors.rebuild()
        assert library_status(library)["index"] == verify_library(library)["index"] == QUICK
        library.catalog.forget_videos([video])
        library.fold()
        assert library.vectors.kind == EXACT


@pytest.mark.usefixtures("large_from_ten")
def test_a_reader_takes_up_the_quick_index_that_another_process_has_written(tmp_path: Path) -> None:
    with make_library(tmp_path) as writer, open_library(tmp_path, encoder=FakeEncoder()) as reader:
        add_film(writer, "red.mp4", ["red"] * 12)
        [red] = best(reader, "red")
        assert reader.vectors.kind == EXACT
        writer.fold()
        query = FakeEncoder().encode_texts(["red"])[0]
        assert reader.vectors.search(query, 1, generation=reader.catalog.generation()).ids.tolist() == [red]
        assert reader.vectors.kind == QUICK
        add_film(writer, "blue.mp4", ["blue"])
        assert reader.catalog.clips(best(reader, "blue")).popitem()[1].title == "blue.mp4"


@pytest.mark.usefixtures("large_from_ten")
def test_a_quick_index_that_cannot_be_read_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_library(tmp_path) as writer, open_library(tmp_path, encoder=FakeEncoder()) as reader:
        add_film(writer, "red.mp4", ["red"] * 12)
        [red] = best(reader, "red")
        writer.fold()
        [cache] = caches(tmp_path)
        cache.write_bytes(b"nothing of use")
        assert best(reader, "red") == [red]
        monkeypatch.setattr(reader.catalog, "vectors_after", None)  # whoever begins anew reads all of them
        assert best(reader, "red") == [red]
        assert reader.vectors.kind == EXACT


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.booleans()), max_size=12))
def test_after_any_history_it_holds_exactly_the_catalogs_clips(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, int, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    with make_library(folder) as library:
        for name, clips, fold in history:
            video = add_film(library, f"{name}.mp4", ["red"] * clips)
            if clips == 0:
                library.catalog.forget_videos([video])
            if fold:
                library.vectors.fold(force=True)
            found = library.vectors.search(np.ones(library.spec.dim, np.float32), 1000)
            assert sorted(found.ids.tolist()) == library.catalog.clip_ids().tolist()
    with open_library(folder, encoder=FakeEncoder()) as library:
        assert len(library.vectors) == len(library.catalog.clip_ids())


@pytest.mark.slow
def test_many_threads_search_while_films_come_and_go(tmp_path: Path) -> None:
    with make_library(tmp_path) as writer, open_library(tmp_path, encoder=FakeEncoder()) as reader:
        add_film(writer, "red.mp4", ["red"] * 50)
        over = threading.Event()

        def keep_searching() -> int:
            searches = 0
            while not over.is_set():
                found = reader.vectors.search(np.ones(reader.spec.dim, np.float32), 200)
                assert len(found.ids) == len(found.vectors) == len(set(found.ids.tolist())) >= 50
                searches += 1
            return searches

        with ThreadPoolExecutor(4) as threads:
            counts = [threads.submit(keep_searching) for _ in range(4)]
            for number in range(15):
                video = add_film(writer, f"{number}.mp4", ["blue"] * 3)
                if number % 2:
                    writer.catalog.forget_videos([video])
            over.set()
            assert all(count.result() for count in counts)
        assert len(reader.vectors) == 50 + 8 * 3
