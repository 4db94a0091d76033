from __future__ import annotations

from dataclasses import replace

import numpy as np

from indexer.samples.script import PACELESS, held_out, random_shot
from indexer.training.drawn import DrawnFilms
from indexer.training.sources import Example
from indexer.training.twins import knows_sides, mirrored, motion_twins, with_twins
from search.encoders.s3d import S3DConfig

TINY = S3DConfig("tiny", 8, 5.0, 32, 4, 0.125, "space_to_depth", word_dim=8, hidden=16, max_words=16)


def example(*captions: str) -> Example:
    return Example(np.arange(2 * 1 * 3 * 3, dtype=np.uint8).reshape(2, 1, 3, 3), captions, ("it runs left",))


def test_a_mirror_exchanges_the_sides_of_picture_and_sentences() -> None:
    seen = mirrored(example("a dog rushes leftwards", "Right of the tree, a bright light", "an upright man"))

    assert (seen.frames == example().frames[:, :, ::-1]).all()
    assert seen.captions == ("a dog rushes rightwards", "left of the tree, a bright light", "an upright man")
    assert seen.false == ("it runs right",)


def test_only_sides_that_stand_as_words_count() -> None:
    assert knows_sides(example("a dog", "it runs rightward"))
    assert not knows_sides(example("an upright man in bright light"))


def test_twins_differ_in_motion_alone_and_are_not_kept_for_measuring() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        shot = random_shot(rng)
        twins = motion_twins(shot, rng)
        if twins is None:
            continue
        one, other = twins
        assert not held_out(one)
        assert not held_out(other)
        assert (one.activity, one.pace) != (other.activity, other.pace)
        assert replace(one, activity="", pace="") == replace(other, activity="", pace="")
        assert one.activity not in PACELESS or one.pace == other.pace


def test_a_batch_takes_each_clip_with_its_twin_and_no_more_than_it_may() -> None:
    drawn = replace(example("a ball bounces"), twin=example("a ball rolls"))
    sided, sideless = example("it runs right"), example("it sits")

    batch = with_twins([drawn, sided, sideless, sideless], 5)

    assert [it.captions[0] for it in batch] == [
        "a ball bounces", "a ball rolls", "it runs right", "it runs left", "it sits",
    ]  # fmt: skip


def test_a_mirror_that_is_kept_for_measuring_is_not_learnt_from() -> None:
    assert len(with_twins([replace(example("it runs right"), mirrors=False)], 4)) == 1


def test_some_drawn_clips_come_with_a_twin_of_other_frames_and_sentences() -> None:
    source = DrawnFilms(TINY)

    drawn = [source.example(np.random.default_rng(seed)) for seed in range(30)]
    pairs = [(it, it.twin) for it in drawn if it.twin]

    assert 3 <= len(pairs) <= 18
    for one, other in pairs:
        assert one.frames.shape == other.frames.shape
        assert (one.frames != other.frames).any()
        assert not set(one.captions) & set(other.captions)
