from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.samples.captions import tell_shot
from indexer.samples.script import held_out, random_shot
from indexer.training import drawn
from indexer.training.drawn import DrawnFilms, wrong_caption
from indexer.training.mixture import Mixture
from indexer.training.pictures import MovingPictures, moving_clip
from indexer.training.sources import MixedSources
from search.encoders.s3d import S3DConfig
from search.errors import UsageError

TINY = S3DConfig("tiny", 8, 5.0, 32, 4, 0.125, "space_to_depth", word_dim=8, hidden=16, max_words=16)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    across = np.broadcast_to(ramp[None, :, None], (64, 64, 3))
    np.save(tmp_path / "pixels.npy", np.stack([across, across.transpose(1, 0, 2), 255 - across]))
    (tmp_path / "captions.json").write_text(json.dumps([["brighter to the right"], [], ["darker"]]))
    np.save(tmp_path / "targets.npy", np.eye(3, 4, dtype=np.float16))
    return tmp_path


def test_training_never_draws_a_combination_that_is_kept_for_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(drawn, "caption_shot", lambda shot, rng: told.append(shot) or "said")
    source, rng = DrawnFilms(TINY), np.random.default_rng(0)

    for _ in range(150):
        source.caption(rng)
    for _ in range(5):
        source.example(rng)

    assert any(held_out(random_shot(np.random.default_rng(seed))) for seed in range(50))
    assert not any(map(held_out, told))


def test_a_wrong_caption_tells_one_thing_that_is_not_so() -> None:
    rng = np.random.default_rng(0)
    shot = replace(random_shot(rng), characters=("dog",), scene="beach", activity="running left", light="day")
    truth = {tell_shot(shot, rng, complete=True).text for _ in range(3000)}

    wrong = {wrong_caption(shot, rng) for _ in range(300)}

    assert len(wrong & truth) == 0
    assert sum("right" in caption for caption in wrong) > 5
    assert sum("dog" in caption or "pup" in caption or "hound" in caption for caption in wrong) > len(wrong) / 2


def test_a_clip_of_a_picture_shows_a_part_of_it_and_often_moves() -> None:
    ramp = np.broadcast_to(np.arange(0, 256, 2, dtype=np.uint8)[None, :, None], (128, 128, 3))

    clips = [moving_clip(ramp, TINY, np.random.default_rng(seed)) for seed in range(40)]

    assert all(clip.shape == (8, 32, 32, 3) for clip in clips)
    assert all((np.diff(clip[0, 16, :, 0].astype(int)) >= 0).all() for clip in clips)
    moving = sum(bool((clip[0] != clip[-1]).any()) for clip in clips)
    assert 20 <= moving <= 36


def test_pictures_bring_their_sentences_and_their_teacher_s_place(pictures: Path) -> None:
    source = MovingPictures(TINY, pictures)

    examples = [source.example(np.random.default_rng(seed)) for seed in range(30)]

    assert {example.captions[:1] for example in examples} == {("brighter to the right",), ("darker",), ()}
    for example in examples:
        assert example.target is not None
        assert int(example.target.argmax()) == [("brighter to the right",), (), ("darker",)].index(
            example.captions[:1]
        )
    assert source.caption(np.random.default_rng(0)) in {"brighter to the right", "darker"}


def test_a_folder_that_is_no_folder_of_pictures_is_a_clear_error(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of pictures"):
        Mixture(TINY, tmp_path / "nothing", 0.5).open()
    (pictures / "captions.json").write_text("[[]]")
    with pytest.raises(UsageError, match="same number"):
        Mixture(TINY, pictures, 0.5).open()


def test_each_source_has_its_share(pictures: Path) -> None:
    source = Mixture(TINY, pictures, 0.25).open()
    assert isinstance(source, MixedSources)

    rng = np.random.default_rng(0)
    of_pictures = sum(source.caption(rng) in {"brighter to the right", "darker"} for _ in range(400))

    assert 70 <= of_pictures <= 130
