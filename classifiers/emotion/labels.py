"""What a face may express: six labels, and how FER2013's seven classes fall into them. Pure."""

from __future__ import annotations

import numpy as np

from search.contracts import Int64

LABELS = ("angry", "scared", "happy", "sad", "surprised", "neutral")
FER_CLASSES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""FER2013's numbers 0..6."""
_LABEL_OF = np.array([0, 0, 1, 2, 3, 4, 5], np.int64)


def merged(classes: Int64) -> Int64:
    """FER2013's class numbers `[N]` as indices into `LABELS`; disgust counts as angry, as it has few pictures."""
    return _LABEL_OF[classes]
