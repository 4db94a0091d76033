"""A library belongs to one encoder. (What its store promises: tests/contracts/test_store_contract.py.)"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from search.errors import EncoderMismatch, LibraryMissing
from search.library import open_library
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
