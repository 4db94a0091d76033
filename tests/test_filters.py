"""Which videos are in scope: folders, names, lengths and days."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.catalog.filters import VideoInScope, in_scope
from search.language.tree import Scope

VIDEO = VideoInScope(PurePath("/films/Été 2026/on the beach/IMG_1 [raw].MP4"), 60.0, date(2026, 5, 3))


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("films", True),
        ("films/", True),
        ("/films/été 2026/", True),
        ("Été 2026/On The Beach", True),
        (unicodedata.normalize("NFD", "été 2026"), True),
        ("beach", False),
        ("films/on the beach", False),
        ("img_1 [raw].mp4", False),
    ],
)
def test_a_folder_is_named_from_any_level_on(folder: str, inside: bool) -> None:
    assert in_scope(Scope(folders=(folder,)), VIDEO) is inside
    assert in_scope(Scope(folders=("nowhere", folder)), VIDEO) is inside


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("img", True),
        ("[RAW]", True),
        ("*.mp4", True),
        ("img_? *", True),
        ("img_?", False),
        ("*.mov", False),
        ("beach", False),
    ],
)
def test_a_name_is_a_part_or_a_pattern(name: str, fits: bool) -> None:
    assert in_scope(Scope(names=(name,)), VIDEO) is fits


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        (Scope(longer=60), True),
        (Scope(longer=60.1), False),
        (Scope(shorter=60), True),
        (Scope(shorter=59), False),
        (Scope(since=date(2026, 5, 3)), True),
        (Scope(since=date(2026, 5, 4)), False),
        (Scope(until=date(2026, 5, 4)), True),
        (Scope(until=date(2026, 5, 3)), False),
        (Scope(longer=10, folders=("nowhere",)), False),
    ],
)
def test_lengths_and_days_bound(scope: Scope, fits: bool) -> None:
    assert in_scope(scope, VIDEO) is fits


@given(st.text(min_size=1), st.text(min_size=1).filter(lambda name: "/" not in name and name not in (".", "..")))
def test_any_pattern_is_harmless_and_a_whole_name_fits_itself(pattern: str, name: str) -> None:
    video = VideoInScope(PurePath("/films", name), 1.0, date(2026, 1, 1))
    in_scope(Scope(names=(pattern,), folders=(pattern,)), video)
    assert in_scope(Scope(names=(name,)), video)
