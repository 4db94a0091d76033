"""In-between frames."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from indexer.excerpts.reading import read_span
from indexer.tweening.flow import between, blend
from indexer.tweening.hub import FRAMES, HANDLE, SIDE, middle_square
from indexer.tweening.making import slow_motion
from search import runtime
from search.contracts import UInt8
from search.encoders.hub import cache_key
from tests.command_line import CommandLine
from tests.films import draw_film
from tests.moving import RATE, ball_at, draw_moving


def psnr(one: UInt8, other: UInt8) -> float:
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


@pytest.mark.parametrize("time", [0.2, 0.5, 0.8])
def test_what_moves_is_where_it_would_be_and_better_than_blended(time: float) -> None:
    gap = 0.15  # seconds; nine pixels
    first, second, true = ball_at(0), ball_at(gap), ball_at(time * gap)

    (made,) = between(first, second, [time])

    assert (made.shape, made.dtype) == (first.shape, np.uint8)
    assert psnr(made, true) > psnr(blend(first, second, time), true) + 3
    assert psnr(made, true) > 30


def test_the_ends_are_the_frames_themselves() -> None:
    first, second = ball_at(0), ball_at(0.1)

    row = list(between(first, second, [0.0, 0.5, 1.0]))

    np.testing.assert_array_equal(row[0], first)
    np.testing.assert_array_equal(row[2], second)


def test_a_picture_that_stands_still_stays_as_it_is() -> None:
    picture = ball_at(0)

    (made,) = between(picture, picture, [0.5])

    assert np.abs(made.astype(int) - picture).max() <= 1


def test_nothing_is_dreamt_up_between_two_shots() -> None:
    rng = np.random.default_rng(3)
    first = cv2.resize(rng.integers(0, 60, (12, 16, 3), np.uint8), (160, 120))
    second = cv2.resize(rng.integers(150, 255, (12, 16, 3), np.uint8), (160, 120))

    early, late = between(np.asarray(first, np.uint8), np.asarray(second, np.uint8), [0.3, 0.7])

    np.testing.assert_array_equal(early, first)
    np.testing.assert_array_equal(late, second)


def test_tiny_pictures_are_blended_and_other_sizes_refused() -> None:
    first, second = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 100, np.uint8)

    assert next(between(first, second, [0.5])).mean() == 50
    with pytest.raises(ValueError, match="frames of"):
        next(between(first, np.zeros((4, 6, 3), np.uint8), [0.5]))


def test_slow_motion_lasts_so_many_times_as_long_and_shows_what_lies_between(tmp_path: Path) -> None:
    film = draw_moving(tmp_path / "film.mp4", 1, speed=80)

    slowed = list(slow_motion(film, (0.2, 0.6), 4, between, None))

    assert slowed[-1].until == pytest.approx(4 * 0.4)
    assert len(slowed) == 4 * (0.4 * RATE - 1) + 1
    assert all(one.until == pytest.approx(other.time) for one, other in pairwise(slowed))
    true = ball_at(0.2 + 2.5 / RATE, speed=80)
    assert psnr(slowed[10].picture, true) > 28


def test_a_row_of_frames_and_slow_motion_from_the_command_line(line: CommandLine, tmp_path: Path) -> None:
    film = draw_moving(tmp_path / "film.mp4", 2)

    row = line("tween", film, "--at", 0.5, "--gap", 0.2, "--frames", 6, "-o", tmp_path / "row.png", "--json")
    slow = line("tween", film, "--start", 0.5, "--end", 1, "--factor", 2, "-o", tmp_path / "slow.mp4", "--json")

    assert (row.code, row.document["frames"], row.document["seconds"]) == (0, 8, None)
    assert cv2.imread(str(tmp_path / "row.png")) is not None
    assert (slow.code, slow.document["seconds"]) == (0, 1.0)
    assert sum(1 for _ in read_span(tmp_path / "slow.mp4")) == slow.document["frames"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say what lies between"),
        (["--at", 1, "--start", 1, "--end", 2], "Say what lies between"),
        (["--start", 1], "a beginning and a later end"),
        (["--start", 2, "--end", 1], "a beginning and a later end"),
        (["--at", 0.95], "no other frame so soon"),
        (["--at", 99], "ends before 99 s"),
    ],
)
def test_what_makes_no_span_is_refused(line: CommandLine, tmp_path: Path, words: list[object], said: str) -> None:
    film = draw_film(tmp_path / "film.mp4", "red")

    done = line("tween", film, *words, "-o", tmp_path / "out.png")

    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "out.png").exists()


def save_twin(folder: Path, batch: int | None) -> None:
    """A SavedModel with the signature of tweening_conv3d_bair that mixes the two frames evenly."""
    tf = runtime.tensorflow()
    module = tf.Module()

    @tf.function(input_signature=[tf.TensorSpec((batch, 2, SIDE, SIDE, 3), tf.float32, "input_frames")])
    def run(input_frames: Any) -> dict[str, Any]:
        share = tf.reshape(tf.range(1, FRAMES + 1, dtype=tf.float32) / (FRAMES + 1), (1, FRAMES, 1, 1, 1))
        return {"default": (1 - share) * input_frames[:, :1] + share * input_frames[:, 1:]}

    tf.saved_model.save(module, str(folder), {"default": run})


@pytest.mark.slow
@pytest.mark.parametrize("batch", [16, None])
def test_the_network_of_tf_hub_gives_fourteen_small_frames(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int | None
) -> None:
    monkeypatch.setenv("VSEARCH_MODELS", str(tmp_path / "models"))
    save_twin(tmp_path / "models" / cache_key(HANDLE), batch)
    film = draw_moving(tmp_path / "film.mp4", 1)

    done = line("tween", film, "--at", 0.2, "--gap", 0.4, "--method", "hub", "-o", tmp_path / "row.mp4", "--json")

    assert (done.code, done.document["frames"]) == (0, 16)
    row = [frame.picture for frame in read_span(tmp_path / "row.mp4")]
    assert row[0].shape == (64, 64, 3)
    ends = [middle_square(next(read_span(film, seconds)).picture).astype(float) for seconds in (0.2, 0.6)]
    assert np.abs(row[5] - (10 * ends[0] + 5 * ends[1]) / 15).mean() < 6


def test_a_network_that_cannot_be_had_says_what_to_do(line: CommandLine, tmp_path: Path) -> None:
    film = draw_moving(tmp_path / "film.mp4", 1)

    done = line("tween", film, "--at", 0.2, "--method", "hub", "-o", tmp_path / "row.png")

    assert done.code == 3
    assert "--method flow" in done.err
