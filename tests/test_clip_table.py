"""The table of clips is the catalog's, and finds clips by id, video, filter and what is said in them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.asking.clip_set import ClipSet
from search.asking.clip_table import ClipTable, LiveClips
from search.asking.film_order import moment_of, runs_of
from search.asking.spoken import by_clip, clips_with
from search.catalog.cues import FoundCue
from search.catalog.records import Cue
from tests.library_fixtures import add_film, make_library

TABLE = ClipTable(
    generation=1,
    ids=np.array([3, 4, 5, 9, 10, 11], np.int64),
    videos=np.array([7, 7, 7, 2, 2, 2], np.int64),
    spans=np.array([[0, 2], [2, 4], [4, 6], [0, 2], [2, 4], [8, 10]], np.float64),
)
FILMS = np.array([2, 5, 7], np.int64)
"""Film order: video 2 comes before video 7."""


def ids(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)


def said(video_id: int, start: float, end: float, words: str = "hello") -> FoundCue:
    return FoundCue(video_id, Cue(start, end, words, "x.srt"), 1.0, ())


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_after_any_history_it_holds_exactly_the_catalogs_clips(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, int]]
) -> None:
    with make_library(tmp_path_factory.mktemp("history")) as library:
        live = LiveClips(library.catalog)
        for name, clips in history:
            video = add_film(library, f"{name}.mp4", ["red"] * clips)
            if clips == 0:
                library.catalog.forget_videos([video])
            table = live.table(library.catalog.generation())
            known = library.catalog.clips(library.catalog.clip_ids().tolist())
            assert table.ids.tolist() == sorted(known)
            rows = zip(table.ids.tolist(), table.videos.tolist(), table.spans.tolist(), strict=True)
            for clip_id, video_id, (start, end) in rows:
                clip = known[clip_id]
                assert (video_id, start, end) == (clip.video_id, clip.start, clip.end)


def test_clips_that_are_gone_have_no_row_and_no_place_in_a_ranking() -> None:
    rows, known = TABLE.rows_of(ids([10, 99, 1, 3]))
    assert (rows.tolist(), known.tolist()) == ([4, 0], [True, False, False, True])
    scored = TABLE.scored(ids([10, 99, 3]), np.array([0.9, 0.8, 0.7]))
    assert [(clip.clip_id, clip.video_id, clip.start, clip.score) for clip in scored] == [
        (10, 2, 2.0, 0.9),
        (3, 7, 0.0, 0.7),
    ]


def test_a_video_has_its_clips_by_time_and_one_that_is_gone_none() -> None:
    assert TABLE.ids[TABLE.clips_of(2)].tolist() == [9, 10, 11]
    assert TABLE.clips_of(5).tolist() == []


def test_a_mask_of_no_rows_in_particular_is_of_all() -> None:
    assert TABLE.mask_of(None).all()
    assert not TABLE.mask_of(ids([])).any()
    assert np.flatnonzero(TABLE.mask_of(ids([4, 0]))).tolist() == [0, 4]


@given(st.sets(st.sampled_from(TABLE.ids.tolist())), st.sets(st.sampled_from([*TABLE.ids.tolist(), 99])))
def test_sets_of_clips_narrow_as_sets_do(chosen: set[int], others: set[int]) -> None:
    narrowed = ClipSet(TABLE, ids(sorted(chosen))).among(ids(sorted(others)))
    wanted = sorted(chosen & others)
    assert TABLE.ids[narrowed.rows].tolist() == TABLE.ids[narrowed.mask].tolist() == wanted
    assert len(ClipSet(TABLE).among(ids(sorted(others)))) == len(others - {99})
    in_video = ClipSet(TABLE, ids(sorted(chosen))).in_videos({7})
    assert TABLE.ids[in_video.rows].tolist() == sorted(chosen & {3, 4, 5})


def test_film_order_is_by_film_and_time_with_neighbours_together() -> None:
    runs = [TABLE.ids[run].tolist() for run in runs_of(ClipSet(TABLE), FILMS)]
    assert runs == [[9, 10], [11], [3, 4, 5]]
    assert [TABLE.ids[run].tolist() for run in runs_of(ClipSet(TABLE, ids([3, 5, 11])), FILMS)] == [[11], [3], [5]]
    assert runs_of(ClipSet(TABLE, ids([])), FILMS) == []
    moment = moment_of(TABLE, runs_of(ClipSet(TABLE), FILMS)[0])
    assert (moment.video_id, moment.peak.clip_id, moment.start, moment.end, moment.clip_ids) == (2, 9, 0, 4, (9, 10))


def test_what_is_said_belongs_to_the_clip_that_shares_most_time_with_it() -> None:
    cues = [said(7, 3.5, 5.5), said(7, 1.0, 2.1), said(2, 20.0, 21.0), said(5, 0.0, 1.0)]
    assert clips_with(cues, TABLE).tolist() == [3, 4, 5]
    assert {clip: len(own) for clip, own in by_clip(cues, ClipSet(TABLE)).items()} == {5: 1, 3: 1}
    assert list(by_clip(cues, ClipSet(TABLE, ids([4])))) == [4]
    assert clips_with([], TABLE).tolist() == []


def test_the_same_words_are_told_once() -> None:
    [own] = by_clip([said(7, 0.0, 1.0), said(7, 0.0, 1.0), said(7, 1.0, 2.0)], ClipSet(TABLE)).values()
    assert [found.cue.start for found in own] == [0.0, 1.0]
