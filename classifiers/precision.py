"""Networks kept in half the room: float16 weights on disk, float32 in use."""

from __future__ import annotations

from typing import Any

from search import runtime


def in_precision(network: Any, dtype: str) -> Any:
    """The same Keras model, functional or sequential, with `dtype` (`float16`, `float32`) weights and arithmetic."""
    keras = runtime.keras()

    def converted(layer: Any) -> Any:
        return layer.__class__.from_config({**layer.get_config(), "dtype": dtype})

    other = keras.models.clone_model(network, clone_function=converted)
    other.set_weights([weight.astype(dtype) for weight in network.get_weights()])
    return other
