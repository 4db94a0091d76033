"""The spatial half of the encoder mini, as a network of single pictures (see `picture_weights.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classifiers.picture_weights import Weights, spatial_weights, stored_weights
from classifiers.trunk_wiring import TrunkWiring
from search import runtime
from search.contracts import Float32
from search.encoders.model_folder import read_plan
from search.encoders.registry import BUNDLED
from search.encoders.s3d import S3DConfig, read_config

MINI = BUNDLED / "mini"


def picture_trunk(folder: Path = MINI) -> Any:
    """Keras model: float32 RGB `[B, S, S, 3]` in 0..255 to the average of the last block, `[B, C]`.

    `folder` is a model folder of one of our own encoders. Raises ModelUnavailable where its weights do not fit.
    """
    weights = spatial_weights(stored_weights(folder))
    return picture_network(read_config(read_plan(folder).name), weights)


def picture_network(config: S3DConfig, weights: Weights) -> Any:
    """The network of S3D without its time axis; layers carry the names they have there."""
    return _Builder(config, weights).build()


class _Builder(TrunkWiring):
    def __init__(self, config: S3DConfig, weights: Weights) -> None:
        self._layers = runtime.keras().layers
        self._config = config
        self._weights = weights

    def build(self) -> Any:
        config, layers = self._config, self._layers
        pictures = runtime.keras().Input((config.size, config.size, 3), name="pictures")
        x = layers.Rescaling(1 / 255, name="unit_range")(pictures)
        if config.stem == "space_to_depth":
            x = self._convolution(self._space_to_depth(x), "conv1_conv1")
        else:
            x = self._convolution(layers.ZeroPadding2D(3)(x), "conv1_conv1", strides=2, padding="valid")
        x = self._body(x)
        feature = layers.GlobalAveragePooling2D(name="mean", dtype="float32")(x)
        return runtime.keras().Model(pictures, feature, name="bundled")

    def _space_to_depth(self, x: Any) -> Any:
        """`[B, H, W, C]` to `[B, H/2, W/2, 8C]`: as of a clip, both of whose frames are this picture."""
        layers = self._layers
        _, h, w, c = x.shape
        x = layers.Reshape((h // 2, 2, w // 2, 2, c))(x)
        x = layers.Permute((1, 3, 2, 4, 5))(x)
        x = layers.Reshape((h // 2, w // 2, 4 * c))(x)
        return layers.Concatenate()([x, x])

    def _convolution(self, x: Any, name: str, strides: int = 1, padding: str = "same") -> Any:
        kernel, bias = self._weights[name]
        layer = self._layers.Conv2D(
            kernel.shape[-1], kernel.shape[:2], strides, padding, activation="relu", name=name
        )
        return self._filled(layer, x, [kernel, bias])

    def _gating(self, x: Any, name: str) -> Any:
        layers = self._layers
        gate = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_mean")(x)
        gate = self._filled(
            layers.Dense(x.shape[-1], "sigmoid", name=f"{name}_fc"), gate, self._weights[f"{name}_fc"]
        )
        return layers.Multiply(name=name)([x, gate])

    def _pool(self, x: Any, window: int, strides: int) -> Any:
        return self._layers.MaxPooling2D(window, strides, "same")(x)

    def _joined(self, branches: Sequence[Any], name: str) -> Any:
        return self._layers.Concatenate(name=name)(branches)

    @staticmethod
    def _filled(layer: Any, x: Any, weights: list[Float32]) -> Any:
        y = layer(x)
        layer.set_weights(weights)
        return y
