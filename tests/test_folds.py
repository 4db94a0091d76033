"""Parting labelled files, and ridge regression on their descriptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.activity.folds import group_folds
from classifiers.activity.ridge import fit_ridge, weigh
from search.errors import UsageError


@given(st.data())
def test_a_group_is_never_parted_and_no_file_is_lost(data: st.DataObject) -> None:
    groups = np.array(data.draw(st.lists(st.integers(0, 9), min_size=12, max_size=60)) + list(range(10)))
    truth = np.array([data.draw(st.integers(0, 2)) for _ in groups])
    folds = data.draw(st.integers(2, 5))
    try:
        parted = group_folds(truth, groups, folds, seed=0)
    except UsageError:
        return  # a class whose files fell into one fold

    assert len(parted) == len(groups)
    assert set(parted.tolist()) <= set(range(folds))
    assert all(len(set(parted[groups == group].tolist())) == 1 for group in set(groups.tolist()))


def test_classes_are_spread_evenly() -> None:
    truth = np.repeat([0, 1], 50)

    parted = group_folds(truth, np.arange(100), 5, seed=1)

    assert all(np.bincount(parted[truth == label]).tolist() == [10] * 5 for label in (0, 1))


def test_fewer_groups_than_folds_and_a_class_in_one_group_are_refused() -> None:
    with pytest.raises(UsageError, match="3 groups"):
        group_folds(np.array([0, 1, 0, 1]), np.array([0, 1, 2, 2]), 4, seed=0)
    with pytest.raises(UsageError, match="one group"):
        group_folds(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), 2, seed=0)


def test_a_class_that_is_not_there_is_no_obstacle() -> None:
    assert set(group_folds(np.array([0, 2, 0, 2]), np.arange(4), 2, seed=0).tolist()) == {0, 1}


def test_ridge_finds_the_line_through_the_rows_and_shrinks_with_strength() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(5, 3, (200, 4))
    targets = rows @ rng.normal(size=(4, 2)) + 1

    weak, strong = fit_ridge(rows, targets, 1e-9), fit_ridge(rows, targets, 1e4)

    np.testing.assert_allclose(weak(rows), targets, atol=0.1)
    assert np.abs(strong.kernel).sum() < np.abs(weak.kernel).sum() / 2
    np.testing.assert_allclose(strong(rows).mean(axis=0), targets.mean(axis=0))


def test_what_tells_the_classes_apart_weighs_most() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 300)
    telling = np.eye(2)[truth] + rng.normal(0, 0.3, (300, 2))

    weights = weigh([telling, rng.normal(size=(300, 2))], truth)

    assert weights[0] > 10 * weights[1] >= 0
