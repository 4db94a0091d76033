from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.samples.script import random_film
from indexer.training import checkpoint, loop
from indexer.training.batches import make_batch, vary
from indexer.training.checkpoint import Checkpoint
from indexer.training.drawn import DrawnFilms, shot_times
from indexer.training.mixture import Mixture
from indexer.training.pool import ExamplePool, held_out_examples
from indexer.training.sources import Example
from indexer.training.trainer import TrainingPlan, learning_rate
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.s3d import S3DConfig
from search.encoders.saved_model import SavedModelEncoder
from search.errors import CannotGoOn, PathNotFound, UsageError
from tests.command_line import CommandLine

TINY = S3DConfig("tiny", 8, 5.0, 32, 16, 0.125, "space_to_depth", word_dim=8, hidden=16, max_words=16)


def example(*captions: str, brightness: int = 100) -> Example:
    return Example(np.full((2, 4, 4, 3), brightness, np.uint8), captions)


def test_an_example_is_a_clip_with_captions_that_a_random_generator_decides() -> None:
    source = DrawnFilms(TINY)

    first, again, other = (source.example(np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first.frames.shape == (8, 32, 32, 3)
    assert first.captions == again.captions
    assert (first.frames == again.frames).all()
    assert (first.frames != other.frames).any()


def test_times_across_a_cut_fall_into_both_shots() -> None:
    film = random_film(np.random.default_rng(0))
    cut = film.spans()[0][1]

    pieces = shot_times(film, np.array([cut - 0.2, cut - 0.1, cut, cut + 0.1]))

    assert [shot for shot, _ in pieces] == list(film.shots[:2])
    np.testing.assert_allclose(
        np.concatenate([times for _, times in pieces]), [cut - 0.2, cut - 0.1, 0, 0.1], atol=1e-9
    )


def test_another_light_keeps_the_range_and_the_shape() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)

    varied = vary(frames, 4, np.random.default_rng(1))

    assert varied.dtype == np.float32
    assert varied.shape == (2, 4, 4, 3)
    assert 0 <= varied.min() <= varied.max() <= 1


def test_a_batch_says_which_sentences_belong_to_which_clip() -> None:
    vocabulary = Vocabulary(["cat", "dog", "frog"], max_words=2)

    batch = make_batch(
        [example("dog", "a dog"), example("cat")], ["frog"], vocabulary, size=4, dim=4, rng=np.random.default_rng(0)
    )

    assert batch.tokens[:, 0].tolist() == [2, 2, 1, 3]
    assert batch.positives.tolist() == [[1, 1, 0, 0], [0, 0, 1, 0]]


def test_the_learning_rate_rises_then_falls_to_nothing() -> None:
    plan = TrainingPlan(warm_up=10)

    assert learning_rate(plan, 0, 0.0) < learning_rate(plan, 9, 0.01)
    assert learning_rate(plan, 500, 0.5) == pytest.approx(plan.learning_rate / 2)
    assert learning_rate(plan, 1000, 1.0) == pytest.approx(0)


def test_held_out_clips_are_none_that_training_draws() -> None:
    held_out = next(held_out_examples(TINY, 1, 1))
    with ExamplePool(Mixture(TINY), 1, size=2, workers=1) as pool:
        pool.fill(2)
        drawn = pool.sample(np.random.default_rng(0), 2)

    assert all((held_out.frames != other.frames).any() for other in drawn)


@pytest.mark.slow
def test_a_pool_goes_on_after_the_clips_already_drawn() -> None:
    with ExamplePool(Mixture(TINY), 1, size=4, workers=2) as pool:
        pool.fill(4)
        first = pool.sample(np.random.default_rng(0), 4)
        assert pool.drawn == 4
    with ExamplePool(Mixture(TINY), 1, size=1, workers=1, first=4) as pool:
        pool.fill(1)
        assert all((pool.sample(np.random.default_rng(0), 1)[0].frames != seen.frames).any() for seen in first)


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    arrays = [np.arange(3.0), np.ones((2, 2), np.float32)]
    kept = Checkpoint(["a", "dog"], 7, 12.5, 99, arrays, arrays[:1], arrays[1:])

    checkpoint.save(kept, tmp_path)
    loaded = checkpoint.load(tmp_path)

    assert (loaded.words, loaded.step, loaded.seconds, loaded.drawn) == (["a", "dog"], 7, 12.5, 99)
    assert [len(loaded.weights), len(loaded.average), len(loaded.optimizer)] == [2, 1, 1]
    np.testing.assert_array_equal(loaded.weights[1], arrays[1])


def test_a_damaged_or_missing_checkpoint_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        checkpoint.load(tmp_path)
    (tmp_path / "checkpoint.npz").write_bytes(b"not an archive")
    with pytest.raises(CannotGoOn):
        checkpoint.load(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_interrupted_training_goes_on_and_ends_with_a_model_that_opens(tmp_path: Path) -> None:
    plan = TrainingPlan(
        epochs=1, clips_per_epoch=8, batch=4, other_sentences=4, pool=8, workers=1, held_out=4, warm_up=1
    )
    steps: list[float] = []

    def run(config: S3DConfig, *, resume: bool, interrupt: bool = False) -> loop.Measurement:
        def on_step(done: float, loss: float) -> None:
            steps.append(done)
            if interrupt:
                raise KeyboardInterrupt

        return loop.train(config, plan, tmp_path, resume=resume, report=lambda entry: None, on_step=on_step)

    with pytest.raises(KeyboardInterrupt):
        run(TINY, resume=False, interrupt=True)
    with pytest.raises(UsageError, match="holds a training already"):
        run(TINY, resume=False)
    with pytest.raises(UsageError, match="another configuration"):
        run(replace(TINY, dim=8), resume=True)
    last = run(TINY, resume=True)

    assert steps == [0.5, 1.0]
    assert last["step"] == 2
    assert {"card.md", "curve.svg", "model.json", "saved_model.pb"} <= {path.name for path in tmp_path.iterdir()}
    encoder = SavedModelEncoder(tmp_path)
    assert encoder.encode_clips(np.zeros((1, 8, 32, 32, 3), np.uint8)).shape == (1, 16)
    assert encoder.unknown_words("a dog on a zeppelin") == ["zeppelin"]


def test_training_into_a_file_is_refused(tmp_path: Path, line: CommandLine) -> None:
    (tmp_path / "file").write_text("")

    done = line("train", "encoder", "--out", tmp_path / "file", "--epochs", 1)

    assert done.code == 2
    assert "cannot be written" in done.err


def test_resuming_nothing_is_a_clear_line(tmp_path: Path, line: CommandLine) -> None:
    done = line("train", "encoder", "--out", tmp_path, "--resume", "--json")

    assert done.code == 2
    assert done.out == ""
    assert json.dumps(str(tmp_path))[1:-1] in done.err
