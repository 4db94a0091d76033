"""Heads on features that are given by hand: no backbone is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers.characters.evaluation import evaluate
from classifiers.characters.networks import DEEP, OURS, TUTORIAL
from classifiers.characters.training import Examples, Plan, Trainer, character_weights, train
from search.errors import UsageError

pytestmark = pytest.mark.slow  # TensorFlow


def examples(count: int, looks: int = 3, seed: int = 0) -> Examples:
    """Two characters; each shows in ten features of one look, wherever that is."""
    rng = np.random.default_rng(seed)
    there = rng.random((count, 2)) < 0.4
    features = rng.normal(0, 0.3, (count, looks, 20)).astype(np.float32)
    for row, column in np.argwhere(there):
        features[row, rng.integers(looks), 10 * column : 10 * column + 10] += 2
    return Examples(features, there.astype(np.float32))


def trained(folder: Path, plan: Plan, *, resume: bool = False) -> tuple[Trainer, list[dict[str, float]]]:
    looks = 1 if plan.head == TUTORIAL else 3
    trainer = Trainer(plan, examples(200, looks), examples(80, looks, seed=1))
    return trainer, train(trainer, folder, resume=resume, report=lambda _entry: None)


@pytest.mark.parametrize("head", [OURS, DEEP, TUTORIAL])
def test_each_character_is_found_by_itself(tmp_path: Path, head: str) -> None:
    trainer, entries = trained(tmp_path, Plan(head=head, epochs=25, rate=1e-3 if head == TUTORIAL else 1e-2))

    scores = trainer.network.predict(trainer.judge.features, verbose=0)
    figures = evaluate(scores, trainer.judge.there == 1, ["jerry", "tom"])
    assert figures["exact"] > 0.9
    assert len(entries) == 25


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    plan = Plan(epochs=4)
    whole, _ = trained(tmp_path, plan)
    (tmp_path / "halves").mkdir()
    interrupted = Trainer(plan, examples(200), examples(80, seed=1))
    with pytest.raises(KeyboardInterrupt):
        train(interrupted, tmp_path / "halves", resume=False, report=stop_after(2))

    resumed, entries = trained(tmp_path / "halves", plan, resume=True)

    assert len(entries) == 4
    for one, other in zip(whole.network.get_weights(), resumed.network.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_training_does_not_go_on_with_another_plan(tmp_path: Path) -> None:
    trained(tmp_path, Plan(epochs=1))

    with pytest.raises(UsageError, match="another plan"):
        trained(tmp_path, Plan(epochs=2), resume=True)


def test_what_is_not_known_does_not_count(tmp_path: Path) -> None:
    known = examples(60)
    half = Examples(known.features, np.where(np.arange(2) == 1, np.nan, known.there).astype(np.float32))

    trainer = Trainer(Plan(epochs=1), half, known)
    entry = trainer.run_epoch(0)

    assert np.isfinite(entry["loss"])
    assert all(np.isfinite(weight).all() for weight in trainer.network.get_weights())


def test_rare_characters_count_more_but_not_endlessly() -> None:
    there = np.zeros((100, 3), np.float32)
    there[:50, 0] = there[:25, 1] = there[:1, 2] = 1

    assert character_weights(there).tolist() == [1.0, 3.0, 4.0]


def stop_after(epochs: int) -> Any:
    def report(entry: dict[str, float]) -> None:
        if entry["epoch"] == epochs:
            raise KeyboardInterrupt

    return report
