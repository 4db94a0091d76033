"""The TensorFlow side of a model folder: its two signatures as plain functions of arrays."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search import runtime
from search.contracts import Float32
from search.encoders.model_folder import TF1_HUB_FILE
from search.errors import EncoderMismatch, ModelUnavailable

REQUIRED = {"video": ("float32", 5), "text": ("string", 1)}
"""Each signature with the dtype and rank of its one input."""
FETCH_AGAIN = "Fetch or export the model again, or use another one (`vsearch models list`)."


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a loaded model, which it keeps alive."""

    name: str
    folder: Path
    model: Any
    argument: str
    output: str
    input_shape: tuple[int | None, ...] | None
    """None where the model says nothing."""

    def __call__(self, batch: Any) -> Float32:
        """A batch to float32 `[N, D]`. Raises ModelUnavailable when the model fails or answers nonsense."""
        tf = runtime.tensorflow()
        dtype = REQUIRED[self.name][0]
        try:
            answer = self.model.signatures[self.name](**{self.argument: tf.constant(batch, dtype)})
        except (tf.errors.OpError, ValueError) as error:
            raise ModelUnavailable(
                f"The signature `{self.name}` of {self.folder} failed: {first_line(error)}.", FETCH_AGAIN
            ) from error
        vectors: Float32 = answer[self.output].numpy()
        if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != len(batch):
            raise EncoderMismatch(
                f"The signature `{self.name}` of {self.folder} answers {vectors.dtype} {vectors.shape} "
                f"for {len(batch)}, not float32 [{len(batch)}, dim].",
                FETCH_AGAIN,
            )
        if not np.isfinite(vectors).all():
            raise ModelUnavailable(
                f"The signature `{self.name}` of {self.folder} answers numbers that are not finite.",
                FETCH_AGAIN,
            )
        return vectors


def load_signatures(folder: Path) -> dict[str, Signature]:
    """Loads the model and returns `video` and `text`. Takes seconds.

    Raises ModelUnavailable, EncoderMismatch.
    """
    try:
        model = load_saved_model(folder)
    except Exception as error:  # TensorFlow raises nearly anything for a file it cannot read
        raise ModelUnavailable(f"{folder} cannot be loaded: {first_line(error)}.", FETCH_AGAIN) from error
    return {name: find_signature(model, name, folder) for name in REQUIRED}


def load_saved_model(folder: Path) -> Any:
    """Loads a SavedModel of TensorFlow 2, or of TensorFlow 1 in the form of TF Hub or not."""
    tf = runtime.tensorflow()
    if (folder / TF1_HUB_FILE).is_file():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tensorflow_hub imports pkg_resources, which complains
            hub = importlib.import_module("tensorflow_hub")
        return hub.load(str(folder))
    graphs = [set(graph.meta_info_def.tags) for graph in read_saved_model(folder).meta_graphs]
    return tf.saved_model.load(str(folder), tags=choose_tags(graphs))


def read_saved_model(folder: Path) -> Any:
    """The SavedModel protocol buffer: its graphs, without their variables."""
    runtime.tensorflow()
    module = importlib.import_module("tensorflow.python.saved_model.loader_impl")
    return module.parse_saved_model(str(folder))


def choose_tags(graphs: Sequence[set[str]]) -> list[str] | None:
    """The tags of the graph for inference; None where there is no choice."""
    if len(graphs) == 1:
        return None
    return sorted(next((tags for tags in ({"serve"}, set[str]()) if tags in graphs), graphs[0]))


def find_signature(model: Any, name: str, folder: Path) -> Signature:
    """Reads the names and shapes of a signature. Raises ModelUnavailable, EncoderMismatch."""
    if name not in model.signatures:
        raise ModelUnavailable(
            f"{folder} has no signature `{name}`, only {sorted(model.signatures) or 'none'}.",
            "Export the model with the signatures `video` and `text`.",
        )
    function = model.signatures[name]
    arguments: Mapping[str, Any] = function.structured_input_signature[1]
    dtype, rank = REQUIRED[name]
    tensors = [tensor for tensor in arguments.values() if tensor.dtype.name == dtype]
    if len(arguments) != 1 or not tensors or tensors[0].shape.rank not in (None, rank):
        raise EncoderMismatch(
            f"The signature `{name}` of {folder} does not take one {dtype} tensor of rank {rank}.",
            "Export the model with the signatures `video` and `text`.",
        )
    shape = tensors[0].shape
    return Signature(
        name=name,
        folder=folder,
        model=model,
        argument=next(iter(arguments)),
        output=choose_output(list(function.structured_outputs), f"{name}_embedding"),
        input_shape=None if shape.rank is None else tuple(shape.as_list()),
    )


def choose_output(names: Sequence[str], usual: str) -> str:
    """The output that is the vector: the usual name, else one that says embedding, else the first."""
    return next((name for name in names if name == usual), None) or next(
        (name for name in names if "embedding" in name), names[0]
    )


def first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")
