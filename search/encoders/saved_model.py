"""Any model folder as an encoder. Opening one is cheap; TensorFlow comes in when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.contracts import EncoderSpec, Float32, UInt8
from search.encoders.clip_shape import require_clips
from search.encoders.model_folder import ModelNotes, read_plan, require_saved_model
from search.encoders.signatures import Signature, load_signatures
from search.encoders.text_tower import FOLDER as TOWER_FOLDER
from search.encoders.text_tower import TextTower, TowerPlan
from search.errors import EncoderMismatch
from search.settings import read_settings

PIXELS_AT_ONCE = 1 << 22
"""Two clips of 32 x 224 x 224: a larger batch of S3D gains no time and costs memory."""
CLIPS_AT_ONCE = 8
TEXTS_AT_ONCE = 256


class SavedModelEncoder:
    """An encoder from a model folder (see `model_folder.py`); safe to use from several threads."""

    def __init__(self, folder: Path, *, name: str = "", models: Path | None = None) -> None:
        """`models` is where notes about the folder are kept. Raises ModelUnavailable when it is no model."""
        require_saved_model(folder)
        self.folder = folder
        self._plan = read_plan(folder)
        self._name = name or self._plan.name or str(folder)
        self._notes = ModelNotes(folder, models or read_settings().models)
        self._loading = threading.Lock()
        self._loaded: dict[str, Signature] = {}

    @cached_property
    def spec(self) -> EncoderSpec:
        """Hashes the files the first time; where no file tells the dim, loads the model to learn it."""
        dim = self.known_dim()
        if not dim:
            dim = self.signatures["text"]([b""]).shape[1]
            self._notes.keep_dim(dim)
        plan = self._plan
        return EncoderSpec(self._name, self._notes.fingerprint(), dim, plan.frames, plan.fps, plan.size)

    def known_dim(self) -> int | None:
        """The dim as far as files tell it, without TensorFlow."""
        return self._plan.dim or (self.tower.dim if self.tower else None) or self._notes.dim()

    @cached_property
    def tower(self) -> TextTower | None:
        folder = self.folder / TOWER_FOLDER
        return TextTower.load(folder, TowerPlan(self._plan.max_words)) if folder.is_dir() else None

    @property
    def runtime(self) -> str:
        """What runs the text side: `numpy` or `tensorflow`."""
        return "numpy" if self.tower else "tensorflow"

    @property
    def signatures(self) -> dict[str, Signature]:
        """`video` and `text`, from an array to float32 `[N, D]`; loads TensorFlow the first time."""
        with self._loading:
            if not self._loaded:
                loaded = load_signatures(self.folder)
                self._check_video_shape(loaded["video"])
                self._loaded = loaded
        return self._loaded

    def warm(self) -> None:
        """Loads what asking needs, so that the first question does not wait for it."""
        self.encode_texts(["warm"])

    def encode_clips(self, clips: UInt8) -> Float32:
        """RGB uint8 `[N, frames, size, size, 3]` to float32 `[N, dim]`, a few clips at a time.

        Raises EncoderMismatch for another shape or dtype, ModelUnavailable when the model cannot be run.
        """
        spec = self.spec
        require_clips(clips, spec)
        step = max(1, min(CLIPS_AT_ONCE, PIXELS_AT_ONCE // (spec.frames * spec.size**2)))
        parts = (clips[start : start + step] for start in range(0, len(clips), step))
        return self._run("video", (np.divide(part, 255, dtype=np.float32) for part in parts))

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        """N sentences to float32 `[N, dim]`. Raises ModelUnavailable when the model cannot be run."""
        if self.tower:
            return self.tower.encode(texts)
        encoded = [text.encode("utf-8", "ignore") for text in texts]
        starts = range(0, len(encoded), TEXTS_AT_ONCE)
        return self._run("text", (encoded[start : start + TEXTS_AT_ONCE] for start in starts))

    def unknown_words(self, text: str) -> list[str]:
        """The words that do not reach the vector; empty without a text tower, as only that can tell."""
        return self.tower.unknown_words(text) if self.tower else []

    def _run(self, name: str, batches: Iterable[Any]) -> Float32:
        dim = self.spec.dim
        vectors = [self.signatures[name](batch) for batch in batches]
        for vector in vectors[:1]:
            if vector.shape[1] != dim:
                raise EncoderMismatch(
                    f"The signature `{name}` of {self.folder} answers {vector.shape[1]} numbers, not {dim}.",
                    "Write the right dim into its model.json, or export the model again.",
                )
        return np.concatenate(vectors) if vectors else np.zeros((0, dim), np.float32)

    def _check_video_shape(self, video: Signature) -> None:
        plan = self._plan
        wanted = (None, plan.frames, plan.size, plan.size, 3)
        said = video.input_shape or wanted
        if any(a is not None and b is not None and a != b for a, b in zip(said, wanted, strict=True)):
            raise EncoderMismatch(
                f"The model {self.folder} takes clips {list(said)}, but its model.json says {list(wanted)}.",
                "Write frames and size into its model.json as the model takes them.",
            )
