"""What every registered classifier promises, on pictures drawn here and on vectors of `mini`."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from classifiers import registry
from classifiers.contracts import Choices, Classifier, FramesNeeded
from classifiers.registry import open_classifiers
from search.contracts import Float32, UInt8
from search.encoders.registry import open_encoder

NAMES = sorted(registry.ENTRIES)
OPEN_ALL = """
import sys
from tests.contracts.test_classifier_contract import NAMES, opened
for name in NAMES:
    assert opened(name).spec.labels
assert "tensorflow" not in sys.modules
"""


@cache
def opened(name: str) -> Classifier:
    (classifier,) = open_classifiers([name], Choices(open_encoder("mini"), characters="drawn"))
    return classifier


@pytest.fixture(params=NAMES)
def classifier(request: pytest.FixtureRequest) -> Classifier:
    name: str = request.param
    return opened(name)


def batch_for(classifier: Classifier, rows: int = 5) -> UInt8 | Float32:
    """Slopes of colour, noise and blackness, or vectors of every direction."""
    rng = np.random.default_rng(7)
    needs = classifier.spec.needs
    if not isinstance(needs, FramesNeeded):
        return rng.normal(size=(rows, open_encoder("mini").spec.dim)).astype(np.float32)
    high = needs.height if needs.fit != "inside" else needs.height * 3 // 4
    frames = np.zeros((rows, needs.window, high, needs.width, 3), np.uint8)
    frames[0] = np.linspace(0, 255, needs.width, dtype=np.uint8)[None, None, :, None]
    frames[1:-1] = rng.integers(0, 256, frames[1:-1].shape, dtype=np.uint8)
    return frames if needs.window > 1 else frames[:, 0]


def test_the_spec_says_what_tags_can_be_made_of(classifier: Classifier) -> None:
    spec = classifier.spec
    assert spec.kind in {entry.kind for entry in registry.ENTRIES.values()}
    assert len({label.lower() for label in spec.labels}) == len(spec.labels) > 0
    assert all(label == label.strip() and 0 < len(label) <= 128 for label in spec.labels)
    assert int(spec.fingerprint, 16)
    assert len(spec.fingerprint) <= 64
    if isinstance(spec.needs, FramesNeeded):
        assert min(spec.needs.fps, spec.needs.width, spec.needs.height, spec.needs.window) > 0


@pytest.mark.parametrize("name", NAMES)
def test_its_kind_is_that_of_its_entry_and_its_fingerprint_stays(name: str) -> None:
    again = opened.__wrapped__(name)
    assert again.spec == opened(name).spec
    assert again.spec.kind == registry.ENTRIES[name].kind


def test_opening_all_of_them_loads_no_network() -> None:
    done = subprocess.run([sys.executable, "-c", OPEN_ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_no_rows_give_no_scores(classifier: Classifier) -> None:
    scores = classifier.scores(batch_for(classifier)[:0])
    assert (scores.shape, scores.dtype) == ((0, len(classifier.spec.labels)), np.float32)


@pytest.mark.slow
def test_scores_lie_between_0_and_1_or_a_row_says_nothing(classifier: Classifier) -> None:
    batch = batch_for(classifier)
    scores = classifier.scores(batch)
    assert (scores.shape, scores.dtype) == ((len(batch), len(classifier.spec.labels)), np.float32)
    silent = np.isnan(scores)
    assert (silent.all(axis=1) == silent.any(axis=1)).all()
    assert ((scores >= 0) & (scores <= 1) | silent).all()


@pytest.mark.slow
def test_the_same_rows_get_the_same_scores(classifier: Classifier) -> None:
    batch = batch_for(classifier)
    kept = batch.copy()
    np.testing.assert_array_equal(classifier.scores(batch), classifier.scores(batch))
    np.testing.assert_array_equal(batch, kept)


@pytest.mark.slow
def test_a_row_is_scored_alone_as_in_any_batch(classifier: Classifier) -> None:
    batch = batch_for(classifier)
    alone = np.concatenate([classifier.scores(batch[at : at + 1]) for at in range(len(batch))])
    np.testing.assert_allclose(classifier.scores(batch), alone, atol=1e-3)
