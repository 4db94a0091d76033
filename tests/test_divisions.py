"""The clips of a library by tag, by folder and by the length of their films."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.asking.clip_table import ClipTable
from search.asking.divisions import Film, LiveDivisions, divide, rows_by_tag
from search.catalog.tags import TagSpans
from search.query import Tag
from tests.library_fixtures import add_film, make_library

TABLE = ClipTable(
    1,
    ids=np.array([3, 5, 8, 9]),
    videos=np.array([1, 1, 2, 3]),
    spans=np.array([(0.0, 4.0), (4.0, 8.0), (0.0, 4.0), (0.0, 3.0)]),
)
NO_TAGS = TagSpans((), np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 2)))
FILMS = [
    Film(1, "sea/", "/films/sea/", 30.0),
    Film(2, "sea/deep/", "/films/sea/deep/", 300.0),
    Film(3, "", "/films/", 3000.0),
]


def test_a_folder_holds_what_lies_below_it_and_a_length_the_films_between_its_bounds() -> None:
    parts = divide(TABLE, NO_TAGS, FILMS)
    assert {name: rows.tolist() for name, rows in parts.folders.items()} == {"sea/": [0, 1, 2], "sea/deep/": [2]}
    assert {length.name: rows.tolist() for length, rows in parts.lengths.items()} == {
        "under 1 min": [0, 1],
        "1 – 10 min": [2],
        "over 10 min": [3],
    }


SEGMENTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.floats(0, 9), st.floats(0.01, 9)), max_size=8
)
CLIPS = st.lists(st.tuples(st.integers(1, 3), st.floats(0, 9), st.floats(0.1, 5)), max_size=12)


@given(CLIPS, SEGMENTS)
def test_a_clip_has_the_tags_of_the_segments_that_it_meets(
    clips: list[tuple[int, float, float]], segments: list[tuple[str, int, float, float]]
) -> None:
    table = ClipTable(
        1,
        ids=np.arange(len(clips)),
        videos=np.array([video for video, *_ in clips], np.int64),
        spans=np.array([(start, start + length) for _, start, length in clips]).reshape(-1, 2),
    )
    spans = TagSpans(
        (("kind", "a"), ("kind", "b")),
        tags=np.array(["ab".index(label) for label, *_ in segments], np.int64),
        videos=np.array([video for _, video, *_ in segments], np.int64),
        spans=np.array([(start, start + length) for *_, start, length in segments]).reshape(-1, 2),
    )
    for at, label in enumerate("ab"):
        met = [
            row
            for row, (video, start, length) in enumerate(clips)
            if any(
                (label, video) == (own, other) and start < begin + lasting and start + length > begin
                for own, other, begin, lasting in segments
            )
        ]
        assert rows_by_tag(table, spans)[Tag("kind", label)].tolist() == met, at


def test_with_several_roots_a_folder_has_the_name_of_its_root(tmp_path: Path) -> None:
    with make_library(tmp_path) as library:
        add_film(library, "a.mp4", ["red"], root=Path("/disk/2025"))
        add_film(library, "sea/b.mp4", ["red"], root=Path("/disk/2026"))
        assert LiveDivisions(library).folders() == ("2025/", "2026/sea/")
