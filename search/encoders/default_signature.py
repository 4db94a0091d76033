"""TF Hub models of one function: the signature `default` as a plain function of arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search import runtime
from search.contracts import Float32
from search.encoders.fetch import fetch
from search.encoders.fetch_bar import fetch_bar
from search.encoders.hub import find_cached
from search.encoders.signatures import FETCH_AGAIN, first_line, load_saved_model
from search.errors import ModelUnavailable
from search.settings import Settings

NAME = "default"


@dataclass(frozen=True, slots=True)
class DefaultSignature:
    """The signature of a loaded model, which it keeps alive."""

    model: Any
    function: Any
    argument: str
    output: str
    folder: Path
    batch: int | None
    """How many examples it takes at once; None where any number will do."""

    def __call__(self, batch: Float32, answers: tuple[int, ...]) -> Float32:
        """A batch float32 `[N, …]` to float32 `[N, *answers]`.

        Raises ModelUnavailable when the model fails or answers anything else.
        """
        tf = runtime.tensorflow()
        try:
            answer: Float32 = self.function(**{self.argument: tf.constant(batch)})[self.output].numpy()
        except (tf.errors.OpError, ValueError, TypeError) as error:
            raise ModelUnavailable(f"{self.folder} failed: {first_line(error)}.", FETCH_AGAIN) from error
        if answer.shape != (len(batch), *answers) or not np.isfinite(answer).all():
            wanted = [len(batch), *answers]
            raise ModelUnavailable(
                f"{self.folder} answers {list(answer.shape)}, not finite numbers {wanted}.", FETCH_AGAIN
            )
        return answer


def load_default(folder: Path) -> DefaultSignature:
    """Reads the names of the signature's argument and output. Takes seconds. Raises ModelUnavailable."""
    try:
        model = load_saved_model(folder)
        function = model.signatures[NAME]
        ((argument, tensor),) = function.structured_input_signature[1].items()
        outputs = list(function.structured_outputs)
    except Exception as error:  # TensorFlow raises nearly anything for a file it cannot read
        raise ModelUnavailable(
            f"{folder} is no model with one signature `{NAME}`: {first_line(error)}.", FETCH_AGAIN
        ) from error
    output = NAME if NAME in outputs else outputs[0]
    batch = tensor.shape[0] if tensor.shape.rank else None
    return DefaultSignature(model, function, argument, output, folder, batch)


def folder_of(handle: str, settings: Settings, name: str, cure: str) -> Path:
    """The model in the cache, else it is fetched, with a progress bar.

    Raises DiskFull, and ModelUnavailable with this cure.
    """
    found = find_cached(handle, settings)
    if found:
        return found
    try:
        with fetch_bar(f"fetching {name}") as progress:
            return fetch(handle, settings, progress=progress)
    except ModelUnavailable as error:
        raise ModelUnavailable(error.message, cure) from error
