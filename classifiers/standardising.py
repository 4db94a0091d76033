"""Features brought to one scale before they are learnt from."""

from __future__ import annotations

from typing import Any

from search import runtime
from search.contracts import Float32


def standardising(features: Float32, floor: float = 1e-2) -> Any:
    """A Keras layer that takes `[…, D]` to about mean 0 and variance 1, as measured on `features` `[…, D]`.

    `floor`: a share of the mean variance that is added to each, so that rare features are not blown up.
    """
    flat = features.reshape(-1, features.shape[-1])
    mean, variance = flat.mean(axis=0), flat.var(axis=0)
    return runtime.keras().layers.Normalization(mean=mean, variance=variance + floor * variance.mean())
