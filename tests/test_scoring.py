from __future__ import annotations

from pathlib import Path

import numpy as np

from classifiers.contracts import ClipVectorsNeeded, FramesNeeded
from indexer.decoding.clips import ClipPlan
from indexer.decoding.takers import NeededFrames
from indexer.film import Film
from indexer.finding.changes import Why, Work
from indexer.scoring import BATCH_ROWS, Scorer
from search.catalog.records import FileFacts, NewClip, VideoFacts, VideoRecord, VideoState
from search.contracts import Float32, UInt8
from tests.fake_classifiers import FakeClassifier, VectorClassifier
from tests.fakes import COLOURS, FAKE_SPEC

NEEDS = FramesNeeded(fps=2.0, width=8, height=8, fit="inside")
PLAN = ClipPlan(FAKE_SPEC.frames, FAKE_SPEC.fps, FAKE_SPEC.size, overlap=0.5)
MOOD, DEED, HUE = FakeClassifier("mood", NEEDS), FakeClassifier("deed", NEEDS), VectorClassifier("hue")
FILE = FileFacts(1, 1, "f")


def no_vectors(_video_id: int) -> Float32:
    raise AssertionError("nothing is to be read from the catalog")


def new_film(name: str = "a.mp4") -> Film:
    return Film(Work(Path("/films"), name, FILE, Why.NEW))


def known_film(*parts: str) -> Film:
    video = VideoRecord(
        7, 1, Path("/films"), "k.mp4", FILE, VideoState.INDEXED, "", "", "clips:1", VideoFacts(duration=3.0), 2
    )
    return Film(Work(Path("/films"), "k.mp4", FILE, Why.STALE, video, frozenset(parts)))


def frames(*colours: str, size: int = 8, repeats: int = 1) -> NeededFrames:
    rows: list[UInt8] = [np.full((size, size, 3), COLOURS[colour], np.uint8) for colour in colours]
    return NeededFrames(NEEDS, tuple(rows), (repeats,) * len(rows))


def test_films_that_share_a_batch_keep_their_own_scores_in_order() -> None:
    scorer, one, two = Scorer([MOOD], PLAN, no_vectors), new_film(), new_film("b.mp4")
    small = frames("blue", "red", size=6)
    scorer.score([(one, frames("red", "green")), (two, small), (one, frames("blue"))])
    scorer.score([(one, frames("red")), (two, small)])
    (track,), (other,) = scorer.finish(one), scorer.finish(two)
    assert track.scores.argmax(axis=1).tolist() == [0, 1, 2, 0]
    assert other.scores.argmax(axis=1).tolist() == [2, 0, 2, 0]
    assert (track.step, track.span, track.fingerprint) == (0.5, 0.5, MOOD.spec.fingerprint)


def test_a_row_that_stands_for_several_is_asked_once() -> None:
    FakeClassifier.seen.clear()
    scorer, film = Scorer([MOOD], PLAN, no_vectors), new_film()
    scorer.score([(film, frames("red", "black", repeats=3))])
    (track,) = scorer.finish(film)
    assert FakeClassifier.seen == [2]
    assert len(track.scores) == 6
    assert np.isnan(track.scores[3:]).all()


def test_no_batch_is_larger_than_it_may_be() -> None:
    FakeClassifier.seen.clear()
    scorer, film = Scorer([MOOD], PLAN, no_vectors), new_film()
    scorer.score([(film, frames(*["red"] * 15))] * 5)
    assert sum(FakeClassifier.seen) == 75
    assert max(FakeClassifier.seen) <= BATCH_ROWS


def test_only_the_parts_that_a_film_lacks_are_made() -> None:
    scorer, film = Scorer([MOOD, DEED], PLAN, no_vectors), known_film("deed")
    assert scorer.needs(film.work) == [NEEDS]
    assert scorer.needs(known_film("hue").work) == []
    scorer.score([(film, frames("red"))])
    assert [track.kind for track in scorer.finish(film)] == ["deed"]


def test_vectors_of_clips_come_from_the_film_or_if_it_is_known_from_the_catalog() -> None:
    assert isinstance(HUE.spec.needs, ClipVectorsNeeded)
    vector = np.zeros(FAKE_SPEC.dim, np.float32)
    vector[list(COLOURS).index("blue")] = 0.9
    film = new_film()
    film.clips = [NewClip(0.0, 1.6, vector)]
    (track,) = Scorer([HUE], PLAN, no_vectors).finish(film)
    assert (track.step, track.span) == (0.8, 1.6)
    (again,) = Scorer([HUE], PLAN, lambda video_id: vector.astype(np.float16).astype(np.float32)[None]).finish(
        known_film("hue")
    )
    np.testing.assert_array_equal(track.scores, again.scores)


def test_a_film_without_frames_or_clips_has_empty_tracks() -> None:
    tracks = Scorer([MOOD], PLAN, no_vectors).finish(new_film())
    assert [track.scores.shape for track in tracks] == [(0, 3)]
