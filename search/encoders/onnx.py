"""A folder of ONNX graphs as an encoder: `onnx:DIR`; `onnx_folder.py` says what it holds."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np

from search.contracts import Float32, UInt8
from search.encoders.extras import import_extra
from search.encoders.frames import FrameEncoder, normalise_pixels
from search.encoders.onnx_folder import compute_fingerprint, find_folder, model_files, read_plan
from search.encoders.onnx_graph import Graph, Input, load_graph
from search.encoders.signatures import first_line
from search.errors import ModelUnavailable
from search.settings import Settings


class OnnxEncoder(FrameEncoder):
    """Averaged frames through ONNX Runtime. Each side of the model is loaded when it is first needed."""

    runtime = "onnxruntime"

    def __init__(self, text: str, models: Path) -> None:
        """`text` is what stands after `onnx:`. Raises PathNotFound, ModelUnavailable."""
        self.folder = find_folder(text)
        self._plan = read_plan(self.folder)
        self.normalise = self._plan.normalise
        self._loading = threading.Lock()
        self._image: Graph | None = None
        self._text: tuple[Any, Graph] | None = None
        super().__init__(f"onnx:{self.folder}", models)

    def local_files(self) -> list[Path]:
        return model_files(self.folder)

    def compute_fingerprint(self) -> str:
        """SHA-256, hexadecimal, of the plan and of the bytes of the folder's files."""
        return compute_fingerprint(self.folder)

    @property
    def image(self) -> Graph:
        """Pictures to vectors."""
        plan, size = self._plan, self._plan.size
        shape = (3, size, size) if plan.layout == "BCHW" else (size, size, 3)
        with self._loading:
            if self._image is None:
                taken = [Input(plan.image_input, "tensor(float)", shape)]
                self._image = load_graph(self.folder / "image.onnx", taken, plan.image_output)
        return self._image

    @property
    def text(self) -> tuple[Any, Graph]:
        """A tokenizer, and tokens to vectors."""
        plan = self._plan
        names = [plan.text_input, *([plan.text_mask] if plan.text_mask else [])]
        with self._loading:
            if self._text is None:
                taken = [Input(name, "tensor(int64)", (plan.context_length,)) for name in names]
                graph = load_graph(self.folder / "text.onnx", taken, plan.text_output)
                self._text = self._load_tokenizer(), graph
        return self._text

    def _load_tokenizer(self) -> Any:
        tokenizers, path, plan = import_extra("tokenizers", "onnx"), self.folder / "tokenizer.json", self._plan
        try:
            tokenizer = tokenizers.Tokenizer.from_file(str(path))
            tokenizer.enable_truncation(plan.context_length)
            tokenizer.enable_padding(length=plan.context_length, pad_id=plan.pad_id)
        except Exception as error:  # the package raises Exception itself
            raise ModelUnavailable(
                f"{path} cannot be loaded: {first_line(error)}.", "Save it with the `tokenizers` package again."
            ) from error
        return tokenizer

    def _sampling(self) -> tuple[int, float, int]:
        return self._plan.frames, self._plan.fps, self._plan.size

    def _encode_frames(self, frames: UInt8) -> Float32:
        pixels = normalise_pixels(frames, self._plan.mean, self._plan.std)
        if self._plan.layout == "BCHW":
            pixels = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        return self.image(pixels)

    def _encode_texts(self, texts: list[str]) -> Float32:
        tokenizer, graph = self.text
        encoded = tokenizer.encode_batch(texts)
        tokens = np.array([each.ids for each in encoded], np.int64)
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        return graph(*((tokens, mask) if self._plan.text_mask else (tokens,)))


def open_onnx(text: str, settings: Settings) -> OnnxEncoder:
    """Opens `onnx:TEXT`, for the registry."""
    return OnnxEncoder(text, settings.models)
