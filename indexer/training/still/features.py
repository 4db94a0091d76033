"""What the teachers of pictures say: several features side by side."""

from __future__ import annotations

import numpy as np

from indexer.training.still.material import FEATURES, PICTURES, Material, read_rows
from search.contracts import Float32, Int64
from search.directions import unit
from search.errors import UsageError

SAMPLE = 8192
"""Pictures that the mean of a feature is taken over."""


class TeacherFeatures:
    """The files in `features/` by name: each square-rooted (with its sign), centred and made unit length."""

    def __init__(self, material: Material) -> None:
        """Raises UsageError where there are none, or they do not fit the pictures."""
        folder = material.work / FEATURES
        files = sorted(folder.glob("*.npy"))
        if not files:
            raise UsageError(
                f"{folder} holds no features of pictures.",
                "Make them by `vsearch train pictures features`, or write an .npy with a row for each picture there.",
            )
        self._files = [read_rows(path, len(material.pictures), PICTURES) for path in files]
        self.widths = [file.shape[1] for file in self._files]
        sample = material.train[:: max(1, len(material.train) // SAMPLE)]
        self._means = [_rooted(file[sample]).mean(axis=0) for file in self._files]

    def __call__(self, rows: Int64) -> Float32:
        """Float32 `[len(rows), sum(widths)]`."""
        pairs = zip(self._files, self._means, strict=True)
        return np.concatenate([unit(_rooted(file[rows]) - mean) for file, mean in pairs], axis=1)


def _rooted(features: np.ndarray) -> Float32:
    """Pooled activations are many small and few large; their roots are more alike."""
    wide = np.asarray(features, np.float32)
    return np.sign(wide) * np.sqrt(np.abs(wide))
