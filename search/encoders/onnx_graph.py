"""One ONNX graph as a function of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32
from search.encoders.extras import import_extra
from search.encoders.signatures import first_line
from search.errors import EncoderMismatch, ModelUnavailable

PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
FATAL = 4
"""The severity from which ONNX Runtime may write to the terminal."""
NAMES = "Write the right names into encoder.json (see docs/encoders.md)."


@dataclass(frozen=True, slots=True)
class Input:
    """What will be fed to a graph."""

    name: str
    """Empty for the one input there is."""
    dtype: str
    """As ONNX Runtime writes it: `tensor(float)`."""
    shape: tuple[int, ...]
    """After the batch."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A loaded graph; safe to run from several threads."""

    session: Any
    inputs: Sequence[str]
    output: str
    one_by_one: bool
    """Whether it takes a batch of exactly one."""

    def __call__(self, *arrays: NDArray[Any]) -> Float32:
        """One array `[B, ...]` for each input, to float32 `[B, D]`."""
        step = 1 if self.one_by_one else len(arrays[0])
        parts = []
        for start in range(0, len(arrays[0]), step):
            fed = {name: array[start : start + step] for name, array in zip(self.inputs, arrays, strict=True)}
            parts += self.session.run([self.output], fed)
        vectors: Float32 = np.concatenate(parts)
        return vectors


def load_graph(path: Path, inputs: Sequence[Input], output: str) -> Graph:
    """Loads a graph that takes these inputs; `output` is empty for the one there is.

    Raises ModelUnavailable when it cannot be loaded or names differ, EncoderMismatch when it takes something else.
    """
    onnxruntime = import_extra("onnxruntime", "onnx")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = FATAL
    here = [name for name in PROVIDERS if name in onnxruntime.get_available_providers()]
    try:
        session = onnxruntime.InferenceSession(str(path), options, here)
    except Exception as error:  # ONNX Runtime has an error class for each of its codes
        raise ModelUnavailable(f"{path} cannot be loaded: {first_line(error)}.", "Export the graph again.") from error
    taken = {tensor.name: tensor for tensor in session.get_inputs()}
    names = [choose_name(path, "input", list(taken), each.name) for each in inputs]
    if len(names) != len(taken):
        raise ModelUnavailable(f"{path} takes {', '.join(taken)}, and is fed only {', '.join(names)}.", NAMES)
    batches = {check_input(path, taken[name], each) for name, each in zip(names, inputs, strict=True)}
    answered = choose_name(path, "output", [tensor.name for tensor in session.get_outputs()], output)
    return Graph(session, names, answered, one_by_one=1 in batches)


def choose_name(path: Path, what: str, names: Sequence[str], wanted: str) -> str:
    """The name that is wanted, or the only one there is."""
    if wanted in names:
        return wanted
    if wanted or len(names) != 1:
        said = f"no {what} {wanted!r}, but" if wanted else f"{len(names)} {what}s:"
        raise ModelUnavailable(f"{path} has {said} {', '.join(names)}.", NAMES)
    return names[0]


def check_input(path: Path, tensor: Any, wanted: Input) -> int | None:
    """The batch size that an input insists on; None where it takes any."""
    batch, *rest = tensor.shape if tensor.shape else [None]
    fits = len(rest) == len(wanted.shape) and all(
        not isinstance(has, int) or has == needs for has, needs in zip(rest, wanted.shape, strict=True)
    )
    if tensor.type != wanted.dtype or not fits or (isinstance(batch, int) and batch != 1):
        raise EncoderMismatch(
            f"{path} takes {tensor.type} {tensor.shape} as {tensor.name}, not {wanted.dtype} "
            f"{['batch', *wanted.shape]}.",
            "Mend encoder.json, or export the graph again with a batch of any size (see docs/encoders.md).",
        )
    return batch if isinstance(batch, int) else None
