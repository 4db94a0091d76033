"""Cursors: opaque, bound to their question, harmless whatever is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadQuery
from web.cursors import read_cursor, write_cursor


@given(st.text(), st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=3))
def test_a_cursor_reads_as_it_was_written(about: str, place: list[int]) -> None:
    assert read_cursor(write_cursor(about, *place), about, len(place)) == tuple(place)


def test_a_cursor_is_for_its_own_question() -> None:
    with pytest.raises(BadQuery, match="another question"):
        read_cursor(write_cursor("dogs", 10, 1), "cats", 2)


@given(st.text(max_size=60), st.text(max_size=5))
def test_any_other_word_is_refused(cursor: str, about: str) -> None:
    with pytest.raises(BadQuery):
        read_cursor(cursor, about, 2)
    with pytest.raises(BadQuery):
        read_cursor(write_cursor(about, 1), about, 2)
