"""How the spatial half of S3D is put together, whatever its layers are made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from search.encoders.s3d import MIXED, POOLS

BLOCKS = tuple(MIXED)


class TrunkWiring(ABC):
    """Everything behind the first convolution; who inherits says what a layer is. Names are those of the weights."""

    def _body(self, x: Any, last: str = BLOCKS[-1]) -> Any:
        """From the first convolution's answer to that of the block `last`."""
        x = self._separable(self._convolution(self._pool(x, 3, 2), "conv_2b_conv1"), "conv_2c")
        x = self._gating(x, "gating")
        for name in BLOCKS[: BLOCKS.index(last) + 1]:
            if name in POOLS:
                window, strides = POOLS[name]
                x = self._pool(x, window[1], strides[1])
            x = self._inception(x, name)
        return x

    def _inception(self, x: Any, name: str) -> Any:
        branches = [
            self._convolution(x, f"{name}_conv_b0_conv1"),
            self._separable(self._convolution(x, f"{name}_conv_b1_a_conv1"), f"{name}_conv_b1_b"),
            self._separable(self._convolution(x, f"{name}_conv_b2_a_conv1"), f"{name}_conv_b2_b"),
            self._convolution(self._pool(x, 3, 1), f"{name}_conv_b3_b_conv1"),
        ]
        return self._joined([self._gating(each, f"{name}_gating_b{i}") for i, each in enumerate(branches)], name)

    def _separable(self, x: Any, name: str) -> Any:
        return self._convolution(self._convolution(x, f"{name}_conv1"), f"{name}_conv2")

    @abstractmethod
    def _convolution(self, x: Any, name: str) -> Any: ...

    @abstractmethod
    def _gating(self, x: Any, name: str) -> Any: ...

    @abstractmethod
    def _pool(self, x: Any, window: int, strides: int) -> Any: ...

    @abstractmethod
    def _joined(self, branches: Sequence[Any], name: str) -> Any:
        """By channel."""
