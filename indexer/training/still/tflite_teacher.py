"""A TensorFlow Lite network as a teacher of pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from indexer.training.still.images import read_image, square
from indexer.training.still.material import FEATURES, Material
from search import runtime
from search.contracts import Float32, UInt8
from search.errors import UsageError


class TFLiteTeacher:
    """Pictures to a tensor of the network, averaged over space where it has any.

    Pictures go in as bytes where the network is quantised, else as -1..1.
    """

    def __init__(self, path: Path, tensor: int | None = None) -> None:
        """`tensor` numbers one inside the network; None is its output. Raises UsageError for no such network."""
        try:
            self._net = runtime.tensorflow().lite.Interpreter(
                str(path), experimental_preserve_all_tensors=tensor is not None
            )
            self._net.allocate_tensors()
            (self._input,) = self._net.get_input_details()
            known = {details["index"]: details for details in self._net.get_tensor_details()}
            self._output = known[self._net.get_output_details()[0]["index"] if tensor is None else tensor]
            _, self.size, _, _ = map(int, self._input["shape"])
        except (ValueError, KeyError, RuntimeError) as error:
            raise UsageError(
                f"{path} is no TensorFlow Lite network from one picture to such a tensor.",
                "Name another with --model, or another --tensor.",
            ) from error

    def __call__(self, picture: UInt8) -> Float32:
        """RGB uint8 `[size, size, 3]` to float32 `[F]`."""
        self._net.set_tensor(self._input["index"], self._as_input(picture)[None])
        self._net.invoke()
        found = self._net.get_tensor(self._output["index"])
        scale, zero = self._output["quantization"]
        numbers = (found.astype(np.float32) - zero) * scale if scale else found.astype(np.float32)
        pooled: Float32 = numbers.reshape(-1, numbers.shape[-1]).mean(axis=0)
        return pooled

    def _as_input(self, picture: UInt8) -> np.ndarray[Any, Any]:
        dtype = self._input["dtype"]
        if dtype == np.uint8:
            return np.ascontiguousarray(picture)
        if dtype == np.int8:
            return (picture.astype(np.int16) - 128).astype(np.int8)
        return (picture.astype(np.float32) - 127.5) / 127.5


def write_features(
    material: Material, images: Path, teacher: TFLiteTeacher, name: str, progress: Callable[[float], None]
) -> Path:
    """Writes `features/NAME.npy`: the mean of what the teacher says of each picture and of its mirror image.

    Started again, it goes on with the rows that are still zero. Pictures that are not trained on nor measured with
    stay zero.
    """
    path = material.work / FEATURES / f"{name}.npy"
    # The parts of a picture after one another, so that each file is read once.
    wanted = sorted([*material.dev.tolist(), *material.train.tolist()], key=lambda row: material.pictures[row].path)
    read = lru_cache(maxsize=1)(read_image)
    features = np.lib.format.open_memmap(path, "r+") if path.exists() else None
    for number, row in enumerate(wanted):
        progress(number / len(wanted))
        if features is not None and features[row].any():
            continue
        entry = material.pictures[row]
        picture = read(images / entry.path)
        if picture is None:
            raise UsageError(f"{entry.path} is not in {images} any more.", "Name --images as before.")
        view = square(picture, teacher.size, entry.box)
        feature = (teacher(view) + teacher(view[:, ::-1])) / 2
        if features is None:
            features = open_memmap(path, "w+", np.float32, (len(material.pictures), len(feature)))
        features[row] = feature
    return path
