"""The spatial half of the encoder mini up to a middle block, over frames of any size.

The same network as `picture_trunk.py`, in plain TensorFlow: Keras takes two seconds to build and trace what is ready
here in half a second, and each run of the indexer would wait for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from classifiers.picture_trunk import MINI
from classifiers.picture_weights import spatial_weights, stored_weights
from classifiers.trunk_wiring import TrunkWiring
from search import runtime
from search.contracts import Float32, UInt8


class FrameTrunk(TrunkWiring):
    """A frozen network; frames need not be square, as nothing in it knows their size."""

    def __init__(self, block: str) -> None:
        """`block` is one of `MIXED`. Raises ModelUnavailable where the weights are missing."""
        tf = runtime.tensorflow()
        self._tf, self._block = tf, block
        self.weights = spatial_weights(stored_weights(MINI))
        self._constants = {name: [tf.constant(array) for array in pair] for name, pair in self.weights.items()}
        frames = tf.TensorSpec((None, None, None, 3), tf.uint8)
        self._graph = tf.function(self._run, input_signature=[frames])

    def places(self, frames: UInt8) -> Float32:
        """RGB uint8 `[N, H, W, 3]`, even sides, to what the block says of each place, float32 `[N, h, w, C]`.

        A place of the blocks from `mixed_4b` to `mixed_4f` is of 16 x 16 pixels.
        """
        places: Float32 = self._graph(frames).numpy()
        return places

    def fingerprint(self, asked: str) -> str:
        """Hexadecimal; of the weights, and of words that say what is asked of them."""
        digest = hashlib.sha256(asked.encode())
        for name, arrays in self.weights.items():
            digest.update(name.encode())
            for array in arrays:
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:32]

    def _run(self, frames: Any) -> Any:
        tf = self._tf
        x = tf.nn.space_to_depth(tf.cast(frames, tf.float32) / 255, 2)
        x = tf.concat([x, x], -1)  # as of a clip, both of whose frames are this picture
        return self._body(self._convolution(x, "conv1_conv1"), self._block)

    def _convolution(self, x: Any, name: str) -> Any:
        nn, (kernel, bias) = self._tf.nn, self._constants[name]
        return nn.relu(nn.bias_add(nn.conv2d(x, kernel, 1, "SAME"), bias))

    def _gating(self, x: Any, name: str) -> Any:
        kernel, bias = self._constants[f"{name}_fc"]
        gate = self._tf.sigmoid(self._tf.reduce_mean(x, (1, 2)) @ kernel + bias)
        return x * gate[:, None, None]

    def _pool(self, x: Any, window: int, strides: int) -> Any:
        return self._tf.nn.max_pool2d(x, window, strides, "SAME")

    def _joined(self, branches: Sequence[Any], name: str) -> Any:
        return self._tf.concat(branches, -1)
