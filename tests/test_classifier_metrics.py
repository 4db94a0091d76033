from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.metrics import accuracy, calibration_error, classification_figures, confusion, macro_f1, per_class

PAIRS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_figures_by_hand() -> None:
    matrix = confusion(ints(0, 0, 1, 1), ints(0, 1, 1, 1), 3)

    assert matrix.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    assert accuracy(matrix) == 0.75
    figures = per_class(matrix, ["a", "b", "c"])
    assert figures["a"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "n": 2}
    assert figures["b"] == {"precision": pytest.approx(2 / 3), "recall": 1.0, "f1": pytest.approx(0.8), "n": 2}
    assert figures["c"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "n": 0}
    assert macro_f1(matrix) == pytest.approx((2 / 3 + 0.8) / 2), "a class that never occurs says nothing"


def test_nothing_has_figures_too() -> None:
    none = confusion(ints(), ints(), 2)

    assert accuracy(none) == macro_f1(none) == 0
    assert calibration_error(np.zeros((0, 2)), ints()) == 0


@given(PAIRS)
def test_rows_count_the_truth_and_columns_the_predictions(pairs: list[tuple[int, int]]) -> None:
    true, predicted = np.array(pairs, np.int64).T

    matrix = confusion(true, predicted, 3)

    assert matrix.sum(axis=1).tolist() == [int((true == i).sum()) for i in range(3)]
    assert matrix.sum(axis=0).tolist() == [int((predicted == i).sum()) for i in range(3)]
    assert accuracy(matrix) == pytest.approx((true == predicted).mean())
    assert 0 <= macro_f1(matrix) <= 1


def test_the_document_is_whole() -> None:
    figures = classification_figures(np.array([[1.0, 0.0], [1.0, 0.0]]), ints(0, 1), ["a", "b"])

    assert figures["n"] == 2
    assert figures["accuracy"] == 0.5
    assert figures["labels"] == ["a", "b"]
    assert figures["confusion"] == [[1, 0], [1, 0]]


def test_sure_and_right_is_calibrated_sure_and_wrong_is_not() -> None:
    sure = np.array([[1.0, 0.0]] * 4)

    assert calibration_error(sure, ints(0, 0, 0, 0)) == 0
    assert calibration_error(sure, ints(1, 1, 1, 1)) == 1
    assert calibration_error(sure, ints(0, 0, 1, 1)) == 0.5


def test_probabilities_drawn_from_are_calibrated_and_sharper_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    odds = rng.dirichlet(np.ones(4), 20_000)
    true = (rng.random((len(odds), 1)) > odds.cumsum(axis=1)).sum(axis=1)
    sharper = odds**3 / (odds**3).sum(axis=1, keepdims=True)

    assert calibration_error(odds, true) < 0.02
    assert calibration_error(sharper, true) > 0.15
