"""A library belongs to one encoder and to one indexer at a time."""

from __future__ import annotations

import dataclasses
import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from search.errors import EncoderMismatch, LibraryLocked, LibraryMissing
from search.library import open_library
from search.lock import indexing_lock
from tests.fakes import FAKE_SPEC, FakeEncoder
from tests.library_fixtures import add_film, make_library


def test_a_library_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing) as caught:
        open_library(tmp_path / "nothing")
    assert "vsearch index" in caught.value.cure
    assert not (tmp_path / "nothing").exists()


def test_it_remembers_its_encoder(tmp_path: Path) -> None:
    make_library(tmp_path).close()
    with open_library(tmp_path) as library:
        assert library.spec == FAKE_SPEC


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    make_library(tmp_path).close()
    with pytest.raises(EncoderMismatch, match="fake"):
        open_library(tmp_path, encoder="mini", create=True)


def test_upgraded_weights_are_refused_for_asking_and_taken_over_for_indexing(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "x.mp4", ["red"])
    upgraded = FakeEncoder(dataclasses.replace(FAKE_SPEC, fingerprint="beef" * 16))
    with open_library(tmp_path, encoder=upgraded) as library:
        with pytest.raises(EncoderMismatch, match="changed"):
            _ = library.encoder
        assert library.renew()
        assert library.encoder is upgraded
        assert library.catalog.clip_ids().size == 0
        assert library.catalog.videos()[0].recipe == ""
        assert not library.renew()


def test_a_second_indexer_is_told_who_holds_the_library(tmp_path: Path) -> None:
    with (
        make_library(tmp_path) as library,
        library.indexing(),
        pytest.raises(LibraryLocked, match=r"process \d+ on .* since"),
        indexing_lock(tmp_path, wait=False),
    ):
        pass


def test_a_second_indexer_can_wait(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with indexing_lock(tmp_path, wait=True):
            order.append("second")

    with indexing_lock(tmp_path, wait=False):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def _hold_for_ever(folder: Path) -> None:
    with indexing_lock(folder, wait=False):
        (folder / "held").touch()
        time.sleep(60)


def test_a_killed_indexer_leaves_no_lock(tmp_path: Path) -> None:
    holder = multiprocessing.get_context("spawn").Process(target=_hold_for_ever, args=(tmp_path,))
    holder.start()
    try:
        while not (tmp_path / "held").exists():
            assert holder.is_alive()
            time.sleep(0.05)
        with pytest.raises(LibraryLocked, match=f"process {holder.pid}"), indexing_lock(tmp_path, wait=False):
            pass
    finally:
        holder.kill()
        holder.join()
    with indexing_lock(tmp_path, wait=False):
        pass
