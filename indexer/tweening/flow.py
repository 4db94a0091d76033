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
from functools import lru_cache
from typing import TypeVar, cast

import cv2
import numpy as np

from search.contracts import Float32, UInt8

Picture = TypeVar("Picture", UInt8, Float32)

COARSE = 2
"""Motion is known for squares of so many pixels a side: dense inverse search finds no finer one."""
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
class Flow:
    """Motion from one frame to another, on a grid of `h x w` squares."""

    way: Float32
    """`[h, w, 2]` (x, y), in squares."""
    seen: Float32
    """`[h, w]`, 1 where it leads to something seen in both, else 0."""
    trust: Float32
    """`[h, w]`, how much it counts, by how well the colours at its ends agree."""


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


def are_of_two_shots(first: UInt8, second: UInt8, flows: tuple[Flow, Flow]) -> bool:
    """Whether a cut lies between the frames: hardly anything of one is found in the other."""
    share, levels = CUT
    seen = min(float(flow.seen.mean()) for flow in flows)
    return seen < share and float(cv2.absdiff(first, second).mean()) > levels


def find_flows(first: UInt8, second: UInt8) -> tuple[Flow, Flow]:
    """The flows from the first of two frames `[H, W, 3]`, at least `SMALLEST` pixels a side, and back."""
    greys = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8) for frame in (first, second)]
    small = [_coarse(frame) for frame in (first, second)]
    there, back = _way(*greys), _way(*reversed(greys))
    return (
        Flow(there, _seen(there, back), _trust(small[0], small[1], there)),
        Flow(back, _seen(back, there), _trust(small[1], small[0], back)),
    )


def _way(grey: UInt8, other: UInt8) -> Float32:
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    method.setUseSpatialPropagation(True)
    found = method.calc(grey, other, np.zeros((*grey.shape, 2), np.float32))
    return _coarse(cast(Float32, found)) / np.float32(COARSE)


def _coarse(picture: Picture) -> Picture:
    """`[H, W, C]` on the grid of squares, `[h, w, C]`."""
    height, width = picture.shape[:2]
    size = -(-width // COARSE), -(-height // COARSE)
    return cast(Picture, cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _seen(there: Float32, back: Float32) -> Float32:
    """Where the way there and back ends at its beginning."""
    returned = _sample(back, there)
    miss, length = _squared(there + returned), _squared(there) + _squared(returned)
    share, least = CONSISTENT
    return np.asarray(miss <= share * length + least / COARSE**2, np.float32)


def _squared(way: Float32) -> Float32:
    return cast(Float32, way[..., 0] ** 2 + way[..., 1] ** 2)


def _trust(frame: UInt8, other: UInt8, way: Float32) -> Float32:
    miss = cv2.blur(_difference(frame, _sample(other, way)), (CALM // COARSE * 2 - 1,) * 2)
    return np.asarray(np.exp(-miss / AGREEMENT) + 1e-4, np.float32)


def _difference(one: UInt8, other: UInt8) -> Float32:
    """By how many levels pixels `[H, W, 3]` differ, `[H, W]`."""
    return cast(Float32, cv2.transform(cv2.absdiff(one, other).astype(np.float32), np.full((1, 3), 1 / 3)))


def _at(first: UInt8, second: UInt8, flows: tuple[Flow, Flow], time: float) -> UInt8:
    """The frame at `time`, 0 < time < 1."""
    motion, hidden_later, hidden_earlier = _motion_at(first.shape[:2], flows, time)
    from_first, from_second = _sample(first, -time * motion), _sample(second, (1 - time) * motion)
    # What is hidden in one frame is taken from the other.
    weight = (1 - time) * (1 - hidden_earlier) + 1e-3 * (1 - time)
    other = time * (1 - hidden_later) + 1e-3 * time
    moved = cv2.blendLinear(from_first, from_second, weight, other)
    wrong = _wrong((from_first, from_second), (first, second), np.maximum(hidden_later, hidden_earlier))
    return cast(UInt8, cv2.blendLinear(moved, blend(first, second, time), 1 - wrong, wrong))


def _motion_at(shape: tuple[int, ...], flows: tuple[Flow, Flow], time: float) -> tuple[Float32, Float32, Float32]:
    """Motion `[H, W, 2]` from the first frame to the second at `time`; how far a pixel is hidden later, earlier."""
    there, back = flows
    total = np.zeros((4, *there.seen.shape), np.float32)  # x, y, hidden, weight
    hidden = []
    for flow, way, share, near in ((there, there.way, time, 1 - time), (back, -back.way, time - 1, time)):
        values = np.stack([way[..., 0], way[..., 1], 1 - flow.seen])
        layer = _splat(share * way, values, flow.trust * (0.05 + flow.seen))
        hidden.append(layer[2] / np.maximum(layer[3], 1e-6))
        total += near * layer
    motion = _full(_filled(total[:2], total[3]) * COARSE, shape)
    later, earlier = (_full(share, shape) for share in hidden)
    return motion, later, earlier


def _full(values: Float32, shape: tuple[int, ...]) -> Float32:
    """`[h, w, …]` of squares for each pixel, `[H, W, …]`."""
    return cast(Float32, cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def _splat(way: Float32, values: Float32, weight: Float32) -> Float32:
    """Sends each pixel's values `[C, H, W]` along `way` `[H, W, 2]`: weighted sums and weights `[C + 1, H, W]`."""
    height, width = weight.shape
    x, y = (place + way[..., axis] for axis, place in enumerate(_places(height, width)))
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


def _sample(picture: Picture, way: Float32) -> Picture:
    """`[H, W, …]` looked up at each pixel plus `way` `[H, W, 2]`; beyond the border lies the border."""
    x, y = _places(*way.shape[:2])
    found = cv2.remap(picture, x + way[..., 0], y + way[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast(Picture, found)


@lru_cache(maxsize=4)
def _places(height: int, width: int) -> tuple[Float32, Float32]:
    """The x and the y of each pixel, `[H, W]` each."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x, y


def _wrong(samples: tuple[UInt8, UInt8], frames: tuple[UInt8, UInt8], hidden: Float32) -> Float32:
    """How little moving is to be believed, `[H, W]`: 1 where it brings no better agreement than standing still."""
    window = (2 * CALM + 1, 2 * CALM + 1)
    # What is hidden in one of them may differ.
    miss = cv2.blur(_difference(*samples) * (1 - hidden), window)
    rest = cv2.blur(_difference(*frames), window)
    believed, refused = BETTER
    return np.asarray(np.clip((miss / (rest + 0.5) - believed) / (refused - believed), 0, 1), np.float32)
