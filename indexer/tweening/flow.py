"""Frames between two frames by optical flow, at full size, with what is hidden in one taken from the other (pure).

Both flows by dense inverse search (Kroeger et al., arXiv 1603.03590); the motion field at a time between is splatted
forward from either side, pixels that agree in colour outweighing those that do not (softmax splatting: Niklaus & Liu,
arXiv 2003.05534); then both frames are sampled backward along it and blended by time and visibility (as in Super
SloMo: Jiang et al., arXiv 1712.00080). Where the two samples hardly agree better than the frames themselves do, the
flow is wrong there and the frames are blended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from search.contracts import Float32, UInt8

AGREEMENT = 12.0
"""Levels of 0..255 by which two pixels differ where one counts e times less than a perfect match."""
CONSISTENT = 0.01, 0.5
"""Flow there and back may miss its start by this share of its squared length plus this many squared pixels."""
SMALLEST = 16
"""Pixels of a side; on smaller pictures there is no flow to find, and they are blended."""
CALM = 5
"""Pixels of the window in which agreement is judged."""
BETTER = 0.3, 0.8
"""Moved samples that differ by less than this share of the frames' own difference are believed, by more are not."""
CUT = 0.25, 30.0
"""Frames of which less than this share is seen in both, and that differ by so many levels, are of two shots."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Motion from either frame to the other, in pixels, and where it leads to something seen in both."""

    forward: Float32
    """`[H, W, 2]` (x, y), from the first to the second."""
    backward: Float32
    seen_later: Float32
    """`[H, W]`, 1 where a pixel of the first frame is seen in the second, else 0."""
    seen_earlier: Float32
    """The same for the second frame."""


def between(first: UInt8, second: UInt8, times: Sequence[float]) -> Iterator[UInt8]:
    """RGB uint8 `[H, W, 3]` for each time, 0 being the first frame and 1 the second.

    Between two shots there is nothing: then the nearer frame is given. Both are of one size, else ValueError.
    """
    if first.shape != second.shape:
        raise ValueError(f"frames of {first.shape} and {second.shape}")
    flows = find_flows(first, second) if min(first.shape[:2]) >= SMALLEST else None
    apart = flows is not None and are_of_two_shots(first, second, flows)
    for time in times:
        if apart or not 0 < time < 1:
            yield first if time < 0.5 else second
        elif flows is None:
            yield blend(first, second, time)
        else:
            yield _at(first, second, flows, time)


def blend(first: UInt8, second: UInt8, time: float) -> UInt8:
    """The frames mixed where they stand: what flow has to beat."""
    return cast(UInt8, cv2.addWeighted(first, 1 - time, second, time, 0.0))


def are_of_two_shots(first: UInt8, second: UInt8, flows: Flows) -> bool:
    """Whether a cut lies between the frames: hardly anything of one is found in the other."""
    share, levels = CUT
    seen = min(float(flows.seen_later.mean()), float(flows.seen_earlier.mean()))
    return seen < share and float(cv2.absdiff(first, second).mean()) > levels


def find_flows(first: UInt8, second: UInt8) -> Flows:
    """The flows between two frames `[H, W, 3]`, at least `SMALLEST` pixels a side."""
    grey = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8) for frame in (first, second)]
    forward, backward = _flow(grey[0], grey[1]), _flow(grey[1], grey[0])
    return Flows(forward, backward, _seen(forward, backward), _seen(backward, forward))


def _flow(grey: UInt8, other: UInt8) -> Float32:
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    method.setUseSpatialPropagation(True)
    return cast(Float32, method.calc(grey, other, np.zeros((*grey.shape, 2), np.float32)))


def _seen(there: Float32, back: Float32) -> Float32:
    """Where the way there and back ends at its beginning."""
    returned = _sample(back, there)
    miss = np.square(there + returned).sum(axis=-1)
    length = np.square(there).sum(axis=-1) + np.square(returned).sum(axis=-1)
    share, least = CONSISTENT
    return np.asarray(miss <= share * length + least, np.float32)


def _at(first: UInt8, second: UInt8, flows: Flows, time: float) -> UInt8:
    """The frame at `time`, 0 < time < 1."""
    motion, hidden_later, hidden_earlier = _motion_at(first, second, flows, time)
    from_first = _sample(first, -time * motion).astype(np.float32)
    from_second = _sample(second, (1 - time) * motion).astype(np.float32)
    # What is hidden in one frame is taken from the other.
    weight = (1 - time) * (1 - hidden_earlier)
    other = time * (1 - hidden_later)
    share = (weight + 1e-3 * (1 - time)) / (weight + other + 1e-3)
    moved = from_second + share[..., None] * (from_first - from_second)
    return _where_right(moved, from_first, from_second, (first, second), (hidden_later, hidden_earlier), time)


def _motion_at(first: UInt8, second: UInt8, flows: Flows, time: float) -> tuple[Float32, Float32, Float32]:
    """Motion `[H, W, 2]` from the first frame to the second at `time`; how far a pixel is hidden later, earlier."""
    trust = [
        _trust(first, second, flows.forward) * (0.05 + flows.seen_later),
        _trust(second, first, flows.backward) * (0.05 + flows.seen_earlier),
    ]
    height, width = first.shape[:2]
    total = np.zeros((4, height, width), np.float32)  # x, y, hidden, weight
    hidden = []
    for flow, share, weight, seen in (
        (flows.forward, time, trust[0], flows.seen_later),
        (-flows.backward, time - 1, trust[1], flows.seen_earlier),
    ):
        near = (1 - time) if share > 0 else time
        layer = _splat(share * flow, np.stack([flow[..., 0], flow[..., 1], 1 - seen]), weight)
        hidden.append(layer[2] / np.maximum(layer[3], 1e-6))
        total += near * layer
    motion = _filled(total[:2], total[3])
    later, earlier = (np.asarray(cv2.blur(share, (3, 3)), np.float32) for share in hidden)
    return motion, later, earlier


def _trust(frame: UInt8, other: UInt8, flow: Float32) -> Float32:
    """How much a pixel's flow counts, by how well the colours at its ends agree, `[H, W]`."""
    miss = np.abs(frame.astype(np.float32) - _sample(other, flow)).mean(axis=-1)
    return np.asarray(np.exp(-cv2.blur(miss, (CALM, CALM)) / AGREEMENT) + 1e-4, np.float32)


def _splat(way: Float32, values: Float32, weight: Float32) -> Float32:
    """Sends each pixel's values `[C, H, W]` along `way` `[H, W, 2]`: weighted sums and weights `[C + 1, H, W]`."""
    height, width = weight.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x + way[..., 0], y + way[..., 1]
    left, top = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    sums = np.zeros((len(values) + 1, height * width), np.float32)
    for right in (0, 1):
        for below in (0, 1):
            column, row = left + right, top + below
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            share = (1 - np.abs(x - column)) * (1 - np.abs(y - row)) * weight
            at, share = (row * width + column)[inside], share[inside]
            for i, value in enumerate((*values, None)):
                amount = share if value is None else share * value[inside]
                sums[i] += np.bincount(at, amount, minlength=height * width).astype(np.float32)
    return sums.reshape(len(sums), height, width)


def _filled(sums: Float32, weight: Float32) -> Float32:
    """Means of sums `[2, H, W]`, `[H, W, 2]`; holes take the mean of what lies around them, near or far."""
    found = np.stack([*sums, weight], axis=-1)
    reach = 1
    result = found.copy()
    while (empty := result[..., 2] < 1e-3).any() and reach < max(weight.shape):
        reach = 2 * reach + 1
        result = np.where(empty[..., None], cv2.blur(found, (reach, reach)), result)
    return cast(Float32, result[..., :2] / np.maximum(result[..., 2:], 1e-9))


def _sample(picture: UInt8 | Float32, way: Float32) -> Float32:
    """`[H, W, …]` looked up at each pixel plus `way` `[H, W, 2]`; beyond the border lies the border."""
    height, width = way.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    found = cv2.remap(picture, x + way[..., 0], y + way[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast(Float32, found)


def _where_right(
    moved: Float32, from_first: Float32, from_second: Float32, frames: tuple[UInt8, UInt8],
    hidden: tuple[Float32, Float32], time: float,
) -> UInt8:  # fmt: skip
    """The moved picture, and the plain blend where moving brings no better agreement than standing still."""
    still = blend(*frames, time).astype(np.float32)
    window = (2 * CALM + 1, 2 * CALM + 1)
    one_side = np.maximum(*hidden)  # disagreement is to be expected there
    miss = cv2.blur(np.abs(from_first - from_second).mean(axis=-1) * (1 - one_side), window)
    rest = cv2.blur(np.abs(frames[0].astype(np.float32) - frames[1]).mean(axis=-1), window)
    believed, refused = BETTER
    wrong = np.clip((miss / (rest + 0.5) - believed) / (refused - believed), 0, 1)[..., None]
    return np.asarray(np.clip(moved + wrong * (still - moved) + 0.5, 0, 255), np.uint8)
