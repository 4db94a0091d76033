"""The background sentences, as vectors of an encoder: what hits are held against (`search/bands.py`)."""

from __future__ import annotations

import contextlib
import hashlib
import os
from importlib.resources import files
from pathlib import Path

import numpy as np

from search.contracts import Encoder, Float32


def sentences() -> list[str]:
    """Sentences and short phrases about everyday things, as a person might ask for them."""
    return files("search").joinpath("background.txt").read_text("utf-8").splitlines()


def background_vectors(encoder: Encoder) -> Float32:
    """Vectors float32 `[B, dim]` of the background sentences of which the encoder knows every word."""
    return encoder.encode_texts([line for line in sentences() if not encoder.unknown_words(line)])


def kept_background_vectors(encoder: Encoder, folder: Path) -> Float32:
    """The same, kept in `folder`, where it can be written, and read from there the next time.

    A large text encoder takes minutes for them.
    """
    identity = "\n".join([encoder.spec.fingerprint, *sentences()])
    kept = folder / f"background-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.npy"
    with contextlib.suppress(OSError, ValueError, EOFError):
        vectors: Float32 = np.load(kept)
        return vectors
    vectors = background_vectors(encoder)
    with contextlib.suppress(OSError):
        _keep(vectors, kept)
    return vectors


def _keep(vectors: Float32, kept: Path) -> None:
    """Written beside and renamed; those of other encoders and sentences go."""
    old = list(kept.parent.glob("background-*.npy"))
    partial = kept.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        np.save(file, vectors)
    partial.replace(kept)
    for path in old:
        if path != kept:
            path.unlink(missing_ok=True)
