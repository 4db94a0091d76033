from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.clip_tracks import even_track
from search.catalog.records import Track


def track(*scores: float) -> Track:
    return Track("hue", ("red",), "f", 9.0, 9.0, np.array(scores, np.float32)[:, None])


def rows(made: Track) -> list[float]:
    return [round(score, 3) for score in made.scores[:, 0].tolist()]


def test_a_row_says_what_is_said_of_the_clip_that_shows_its_middle() -> None:
    made = even_track(track(0.1, 0.9), [(0.0, 1.6), (1.6, 3.0)], 0.5)
    assert (made.step, made.span) == (0.5, 0.5)
    assert rows(made) == [0.1, 0.1, 0.1, 0.9, 0.9, 0.9]


def test_clips_that_overlap_are_averaged() -> None:
    assert rows(even_track(track(0.2, 0.4), [(0.0, 3.0), (1.0, 4.0)], 1.0)) == [0.2, 0.3, 0.3, 0.4]


def test_a_clip_shorter_than_a_row_counts_and_the_last_row_is_never_empty() -> None:
    assert rows(even_track(track(0.5), [(0.0, 0.1)], 1.0)) == [0.5]
    assert rows(even_track(track(0.5, 0.1), [(0.0, 2.0), (2.0, 2.2)], 1.0)) == [0.5, 0.5, 0.1]
    assert rows(even_track(track(0.5), [(0.0, 2.2)], 1.0)) == [0.5, 0.5, 0.5]


def test_no_clips_no_rows() -> None:
    assert len(even_track(track(), [], 1.0).scores) == 0


@given(st.lists(st.floats(0.05, 9.0), min_size=1, max_size=40), st.sampled_from([0.2, 0.8, 3.0]), st.data())
def test_rows_cover_the_film_and_every_clip_is_heard(lengths: list[float], step: float, data: st.DataObject) -> None:
    spans = list(pairwise(accumulate(lengths, initial=0.0)))
    one = data.draw(st.integers(0, len(spans) - 1))
    made = even_track(track(*(float(number == one) for number in range(len(spans)))), spans, step)
    assert spans[-1][1] <= len(made.scores) * step + 1e-3
    assert 0 < made.scores.max() <= 1
    assert made.scores.min() >= 0
