from __future__ import annotations

import numpy as np

from search import runtime
from search.encoders.losses import distance, mil_nce


def mil_nce_by_hand(scores: np.ndarray, positives: np.ndarray) -> list[float]:
    """Equation 1 of arXiv 1912.06430 as its authors count it, one clip at a time."""
    losses = []
    for clip, own in enumerate(positives):
        matching = np.exp(scores[clip][own]).sum()
        of_the_clip = np.exp(scores[clip]).sum()
        of_its_sentences = np.exp(scores[:, own]).sum()
        losses.append(-np.log(matching / (of_the_clip + of_its_sentences)))
    return losses


def test_the_loss_is_that_of_the_paper() -> None:
    rng = np.random.default_rng(0)
    video, text = rng.normal(size=(3, 5)).astype("float32"), rng.normal(size=(7, 5)).astype("float32")
    positives = np.array([[1, 1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1, 0]], np.bool_)

    loss = runtime.keras().ops.convert_to_numpy(mil_nce(video, text, positives))

    np.testing.assert_allclose(loss, mil_nce_by_hand(video @ text.T, positives), rtol=1e-5)


def test_large_scores_stay_finite() -> None:
    video, text = np.full((2, 4), 10.0, "float32"), np.full((2, 4), 10.0, "float32")

    loss = runtime.keras().ops.convert_to_numpy(mil_nce(video, text, np.eye(2, dtype=np.bool_)))

    np.testing.assert_allclose(loss, np.log(4), rtol=1e-4)


def test_a_clip_without_a_sentence_costs_nothing() -> None:
    video, text = np.eye(2, 4, dtype="float32"), np.eye(3, 4, dtype="float32")
    positives = np.array([[1, 0, 0], [0, 0, 0]], "float32")

    loss = runtime.keras().ops.convert_to_numpy(mil_nce(video, text, positives))

    assert loss[0] > np.log(2)
    assert loss[1] == 0


def test_the_distance_to_a_target_is_that_of_their_directions() -> None:
    vectors = np.array([[2, 0], [0, 3], [1, 1]], "float32")
    targets = np.array([[5, 0], [1, 0], [0, 0]], "float32")

    np.testing.assert_allclose(runtime.keras().ops.convert_to_numpy(distance(vectors, targets)), [0, 1, 0], atol=1e-6)
