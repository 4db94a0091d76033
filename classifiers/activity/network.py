"""A trained network of activities, from its model folder."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.activity.examples import Look
from classifiers.contracts import ClassifierSpec
from classifiers.model_folder import fingerprint, load_network, read_facts
from search.contracts import Float32, Int64, UInt8
from search.errors import ModelUnavailable

PICTURES_AT_ONCE = 32


class ActivityNetwork:
    """What `vsearch train activity` wrote; its network is loaded when first needed."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnavailable where the folder holds no such model."""
        facts = read_facts(folder, "activity")
        try:
            self.look = Look(**facts.settings["look"])
        except (KeyError, TypeError) as error:
            raise ModelUnavailable(
                f"{folder} does not say which frames its network looks at.", "Train it again."
            ) from error
        self.spec = ClassifierSpec("activity", facts.labels, fingerprint(folder), self.look.needs)
        self._folder = folder

    def scores(self, batch: UInt8 | Float32) -> Float32:
        """RGB uint8 `[N, S, S, 3]`, or `[N, T, S, S, 3]` of a network of courses, to float32 `[N, L]`."""
        windows = batch if self.look.window > 1 else batch[:, None]
        return self.window_scores(windows, np.full(len(batch), self.look.window, np.int64))

    def window_scores(self, windows: UInt8 | Float32, counts: Int64) -> Float32:
        """RGB uint8 `[N, T, S, S, 3]`, whose first `counts` `[N]` frames are looked at, to float32 `[N, L]`."""
        if not len(windows):
            return np.zeros((0, len(self.spec.labels)), np.float32)
        inputs: Any = windows[:, 0]
        if self.look.window > 1:
            inputs = [windows, np.arange(self.look.window) < counts[:, None]]
        batch = max(1, PICTURES_AT_ONCE // self.look.window)
        scores: Float32 = self._network.predict(inputs, batch_size=batch, verbose=0)
        return scores

    @cached_property
    def _network(self) -> Any:
        return load_network(self._folder)
