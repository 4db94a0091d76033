"""What every encoder asks of the clips it is given."""

from __future__ import annotations

import numpy as np

from search.contracts import EncoderSpec, UInt8
from search.errors import EncoderMismatch


def require_clips(clips: UInt8, spec: EncoderSpec) -> None:
    """Raises EncoderMismatch unless clips are uint8 `[N, frames, size, size, 3]` as the spec has them."""
    wanted = (spec.frames, spec.size, spec.size, 3)
    if clips.dtype != np.uint8 or clips.shape[1:] != wanted:
        raise EncoderMismatch(
            f"{spec.name} takes clips uint8 {['N', *wanted]}, not {clips.dtype} {list(clips.shape)}.",
            "Decode with the frames, rate and size of the encoder's spec.",
        )
