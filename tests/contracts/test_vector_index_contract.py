"""What every registered vector index promises (search/contracts.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.contracts import VectorIndex
from search.errors import LibraryDamaged
from search.vectors.registry import INDEXES, index_class

DIM, MANY = 24, 500


@pytest.fixture(params=sorted(INDEXES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def vectors() -> NDArray[np.float32]:
    return np.random.default_rng(7).normal(size=(MANY, DIM)).astype(np.float16).astype(np.float32)


@pytest.fixture
def ids() -> NDArray[np.int64]:
    return np.random.default_rng(8).permutation(np.arange(10, 10 + 3 * MANY, 3)).astype(np.int64)


@pytest.fixture
def index(kind: str, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> VectorIndex:
    made: VectorIndex = index_class(kind)(DIM)
    made.add(ids, vectors)
    return made


def test_it_finds_what_comparing_all_would_find(
    index: VectorIndex, ids: NDArray[np.int64], vectors: NDArray[np.float32]
) -> None:
    for query in np.random.default_rng(9).normal(size=(20, DIM)).astype(np.float32):
        found, scores = index.search(query, 10)
        exact = vectors @ query
        assert found.tolist() == ids[np.argsort(-exact)[:10]].tolist()
        assert scores == pytest.approx(np.sort(exact)[::-1][:10], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("matches", [0, 1, 3, 40, MANY])
def test_a_filter_never_costs_results(index: VectorIndex, ids: NDArray[np.int64], matches: int) -> None:
    allowed = np.sort(ids[:matches])
    found, _ = index.search(np.ones(DIM, np.float32), 20, allowed)
    assert len(found) == min(20, matches)
    assert set(found.tolist()) <= set(allowed.tolist())


def test_allowed_ids_that_it_does_not_hold_are_no_matches(index: VectorIndex, ids: NDArray[np.int64]) -> None:
    allowed = np.array([0, 1, 2, int(ids.min()), 10**9], np.int64)
    assert index.search(np.ones(DIM, np.float32), 10, allowed)[0].tolist() == [int(ids.min())]


def test_more_results_than_there_are_gives_all(index: VectorIndex) -> None:
    assert len(index.search(np.ones(DIM, np.float32), 10**6)[0]) == MANY


def test_an_empty_index_finds_nothing(kind: str) -> None:
    empty = index_class(kind)(DIM)
    assert len(empty.search(np.ones(DIM, np.float32), 5)[0]) == 0
    assert len(empty.ids()) == 0


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_of_many_that_came_and_went_it_misses_hardly_any(kind: str, share: float) -> None:
    rng = np.random.default_rng(3)
    ids, vectors = np.arange(7, 4007), rng.normal(size=(4000, DIM)).astype(np.float16).astype(np.float32)
    index: VectorIndex = index_class(kind)(DIM)
    gone = rng.permutation(4000)[:500]
    for part in np.array_split(np.arange(4000), [5, 300, 2500]):
        index.add(ids[part], vectors[part])
        index.remove(ids[np.intersect1d(part, gone)])
    there = np.setdiff1d(np.arange(4000), gone)
    allowed = there if share == 1.0 else np.sort(rng.choice(there, int(share * len(there)), replace=False))
    found_share = []
    for query in rng.normal(size=(20, DIM)).astype(np.float32):
        found, scores = index.search(query, 100, None if share == 1.0 else ids[allowed])
        best = allowed[np.argsort(-(vectors[allowed] @ query))[:100]]
        assert scores == pytest.approx(vectors[found - 7] @ query, rel=1e-3, abs=1e-3)
        found_share.append(len(np.intersect1d(found, ids[best])) / 100)
    assert np.mean(found_share) >= 0.99


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), max_size=6), st.integers(1, 9))
def test_after_any_history_it_holds_what_was_added_and_not_removed(history: list[tuple[int, int]], dim: int) -> None:
    rng = np.random.default_rng(dim)
    for kind in INDEXES:
        index: VectorIndex = index_class(kind)(dim)
        held: dict[int, NDArray[np.float32]] = {}
        newest = 0
        for more, fewer in history:
            new, newest = np.arange(newest, newest + more), newest + more
            vectors = rng.normal(size=(more, dim)).astype(np.float16).astype(np.float32)
            index.add(new, vectors)
            held.update(zip(new.tolist(), vectors, strict=True))
            gone = rng.choice([*held, newest], min(fewer, len(held)), replace=False).astype(np.int64)
            index.remove(gone)
            held = {each: vector for each, vector in held.items() if each not in gone}
        assert index.ids().tolist() == sorted(held)
        assert sorted(index.search(np.ones(dim, np.float32), 10**6)[0].tolist()) == sorted(held)
        ids = np.array(sorted(held), np.int64)
        assert index.vectors(ids).tolist() == [held[each].tolist() for each in ids.tolist()]


def test_what_was_removed_is_not_found(index: VectorIndex, ids: NDArray[np.int64]) -> None:
    index.remove(np.append(ids[:100], 10**9))
    assert len(index) == MANY - 100
    assert not set(ids[:100].tolist()) & set(index.search(np.ones(DIM, np.float32), MANY)[0].tolist())


def test_it_gives_back_its_vectors_by_id(
    index: VectorIndex, ids: NDArray[np.int64], vectors: NDArray[np.float32]
) -> None:
    assert index.vectors(ids[5:9]) == pytest.approx(vectors[5:9], abs=1e-3)
    assert index.vectors(ids[:0]).shape == (0, DIM)


def test_it_is_the_same_after_saving_and_loading(index: VectorIndex, kind: str, tmp_path: Path) -> None:
    index.save(tmp_path / "saved")
    loaded = index_class(kind).load(tmp_path / "saved")
    query = np.ones(DIM, np.float32)
    assert loaded.search(query, 10)[0].tolist() == index.search(query, 10)[0].tolist()
    assert loaded.ids().tolist() == sorted(index.ids().tolist())


@pytest.mark.parametrize("content", [b"", b"words", b"\0" * 1000])
def test_a_damaged_file_is_refused(kind: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(LibraryDamaged):
        index_class(kind).load(tmp_path / "bad")
