"""Networks that make a feature of a picture; what activity and characters are learnt on."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifiers.picture_trunk import picture_trunk
from search import runtime
from search.contracts import Float32, UInt8
from search.errors import ModelUnavailable, UsageError, VsearchError

BUNDLED = "bundled"
AT_ONCE = 32
PATIENCE = 10.0
"""Seconds that the server of the weights may be silent."""
APPLICATIONS: dict[str, dict[str, int]] = {
    "convnext": dict.fromkeys(
        ("ConvNeXtTiny", "ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge"), 224
    ),
    "densenet": dict.fromkeys(("DenseNet121", "DenseNet169", "DenseNet201"), 224),
    "efficientnet": {f"EfficientNetB{i}": size for i, size in enumerate((224, 240, 260, 300, 380, 456, 528, 600))},
    "efficientnet_v2": {f"EfficientNetV2B{i}": size for i, size in enumerate((224, 240, 260, 300))}
    | {"EfficientNetV2S": 384, "EfficientNetV2M": 480, "EfficientNetV2L": 480},
    "inception_resnet_v2": {"InceptionResNetV2": 299},
    "inception_v3": {"InceptionV3": 299},
    "mobilenet": {"MobileNet": 224},
    "mobilenet_v2": {"MobileNetV2": 224},
    "mobilenet_v3": {"MobileNetV3Small": 224, "MobileNetV3Large": 224},
    "nasnet": {"NASNetMobile": 224, "NASNetLarge": 331},
    "resnet": dict.fromkeys(("ResNet50", "ResNet101", "ResNet152"), 224),
    "resnet_v2": dict.fromkeys(("ResNet50V2", "ResNet101V2", "ResNet152V2"), 224),
    "vgg16": {"VGG16": 224},
    "vgg19": {"VGG19": 224},
    "xception": {"Xception": 299},
}
"""The modules of `keras.applications`, the networks of each, and the side in pixels each was trained at."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network from pictures to features."""

    name: str
    size: int
    """Height and width of a picture in pixels."""
    dim: int
    network: Any
    """Keras model: float32 RGB `[B, size, size, 3]` in 0..255 to `[B, dim]`; its preprocessing is inside."""

    def features(self, pictures: UInt8) -> Float32:
        """RGB uint8 `[N, size, size, 3]` to float32 `[N, dim]`; N may be 0."""
        if not len(pictures):
            return np.zeros((0, self.dim), np.float32)
        features: Float32 = self.network.predict(pictures, batch_size=AT_ONCE, verbose=0)
        return features


def backbone_names() -> list[str]:
    """What `--backbone` takes; case does not matter."""
    return [BUNDLED, *(name.lower() for family in APPLICATIONS.values() for name in family)]


def open_backbone(name: str) -> Backbone:
    """`bundled`, the spatial half of the encoder mini; or a network of Keras Applications with ImageNet weights.

    Raises UsageError for an unknown name, ModelUnavailable where the weights are not here and cannot be fetched.
    """
    if name.lower() == BUNDLED:
        return _backbone(BUNDLED, picture_trunk())
    return application(name, "imagenet")


def application(name: str, weights: str | None) -> Backbone:
    """A network of Keras Applications; `weights` as there: `imagenet`, a file, None for chance. Raises as above."""
    for module, family in APPLICATIONS.items():
        for known, size in family.items():
            if known.lower() == name.lower():
                return _backbone(known.lower(), _application_network(module, known, size, weights))
    raise UsageError(f"There is no backbone named {name!r}.", f"Choose one of: {', '.join(backbone_names())}.")


def _backbone(name: str, network: Any) -> Backbone:
    network.trainable = False
    return Backbone(name, network.input_shape[1], network.output_shape[1], network)


def _application_network(module: str, name: str, size: int, weights: str | None) -> Any:
    keras = runtime.keras()
    applications = keras.applications
    pictures = keras.Input((size, size, 3), name="pictures")
    x = _preprocessing(getattr(applications, module).preprocess_input)(pictures)
    try:
        with _patient_downloads():
            base = getattr(applications, name)(
                include_top=False, weights=weights, input_shape=(size, size, 3), pooling="avg"
            )
    except VsearchError:
        raise
    except Exception as error:  # Keras raises a bare Exception when it cannot download
        raise ModelUnavailable(
            f"The weights of {name} are not here and could not be fetched.",
            "Connect this machine, or use `--backbone bundled`, which needs no network.",
        ) from error
    return keras.Model(pictures, base(x, training=False), name=name.lower())


def _preprocessing(preprocess: Any) -> Any:
    """Any network's preprocessing as a layer without code: each takes the channels to an affine map of them."""
    black = np.asarray(preprocess(np.zeros((1, 1, 1, 3), np.float32)))[0, 0, 0]
    primaries = np.asarray(preprocess(255 * np.eye(3, dtype=np.float32)[:, None, None]))[:, 0, 0]
    layer = runtime.keras().layers.Conv2D(3, 1, name="preprocessing")
    layer.build((None, None, None, 3))
    layer.set_weights([((primaries - black) / 255)[None, None], black])
    return layer


@contextlib.contextmanager
def _patient_downloads() -> Iterator[None]:
    """Keeps Keras' progress off stdout, and its download from waiting for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        socket.setdefaulttimeout(before)
