"""Any model of open_clip as an encoder: CLIP, SigLIP, PE-core, MobileCLIP and what else it knows.

Sizes and pixel normalisation are those that open_clip publishes with the weights. Weights are read as plain tensors:
a file that would run code when it is unpickled is refused.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.contracts import Float32, UInt8
from search.encoders.extras import import_extra
from search.encoders.frames import FPS, FRAMES, FrameEncoder, normalise_pixels
from search.encoders.open_clip_source import (
    Source,
    fetch_weights,
    find_source,
    import_open_clip,
    published_preprocessing,
)
from search.encoders.signatures import first_line
from search.errors import ModelUnavailable
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model on its device, with what decides its vectors beside the weights."""

    network: Any
    tokenizer: Any
    device: str
    size: int
    """Height and width of a picture in pixels."""
    mean: Sequence[float]
    std: Sequence[float]
    architecture: Mapping[str, Any]


class OpenClipEncoder(FrameEncoder):
    """Averaged frames through a model of open_clip; torch comes in when it is needed."""

    runtime = "torch"

    def __init__(self, text: str, models: Path) -> None:
        """`text` is what stands after `open_clip:`. Raises as `find_source` does."""
        self._source = find_source(text)
        self._loading = threading.Lock()
        self._loaded: LoadedModel | None = None
        super().__init__(f"open_clip:{self._source}", models)

    def local_files(self) -> list[Path]:
        return self._source.local_files()

    def files(self) -> list[Path]:
        return self.local_files() or self._notes.files() or [fetch_weights(self._source)]

    def compute_fingerprint(self) -> str:
        """SHA-256, hexadecimal, of architecture, normalisation, sampling and every weight."""
        model = self._model
        said = [model.architecture, model.size, list(model.mean), list(model.std), FRAMES, FPS]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
        torch = import_extra("torch", "openclip")
        for name, tensor in sorted(model.network.state_dict().items()):
            digest.update(f"\n{name} {tensor.dtype} {list(tensor.shape)}\n".encode())
            digest.update(tensor.cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
        return digest.hexdigest()

    @property
    def _model(self) -> LoadedModel:
        with self._loading:
            if self._loaded is None:
                self._loaded = load_model(self._source, self.files()[0])
        return self._loaded

    def _sampling(self) -> tuple[int, float, int]:
        return FRAMES, FPS, self._model.size

    def _encode_frames(self, frames: UInt8) -> Float32:
        model, torch = self._model, import_extra("torch", "openclip")
        pixels = normalise_pixels(frames, model.mean, model.std).transpose(0, 3, 1, 2)
        with torch.inference_mode():
            vectors: Float32 = model.network.encode_image(torch.from_numpy(pixels).to(model.device)).cpu().numpy()
        return vectors

    def _encode_texts(self, texts: list[str]) -> Float32:
        model, torch = self._model, import_extra("torch", "openclip")
        with torch.inference_mode():
            vectors: Float32 = model.network.encode_text(model.tokenizer(texts).to(model.device)).cpu().numpy()
        return vectors


def load_model(source: Source, weights: Path) -> LoadedModel:
    """Loads both sides of a model, onto a GPU where there is one. Takes seconds.

    `weights` is the file that was found for a tag; a folder knows its own. Raises ModelUnavailable.
    """
    open_clip, torch = import_open_clip(), import_extra("torch", "openclip")
    published = published_preprocessing(source)
    quick_gelu = bool(published.pop("quick_gelu", False))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        network = open_clip.create_model(
            source.model,
            None if source.is_folder else str(weights),
            device=device,
            force_quick_gelu=quick_gelu,
            force_preprocess_cfg=published,
            require_pretrained=True,
            weights_only=True,
        )
        tokenizer = open_clip.get_tokenizer(source.model)
        architecture = open_clip.get_model_config(source.model) | {"quick_gelu": quick_gelu}
    except Exception as error:  # wrong weights, and a tokenizer that is not here, raise nearly anything
        raise ModelUnavailable(
            f"open_clip:{source} cannot be loaded: {first_line(error)}.",
            "Name weights of this very model, best as safetensors, or a folder that holds its tokenizer too "
            "(see docs/encoders.md).",
        ) from error
    said = network.visual.preprocess_cfg
    return LoadedModel(
        network.eval(), tokenizer, device, square(said["size"], source), said["mean"], said["std"], architecture
    )


def square(size: int | Sequence[int], source: Source) -> int:
    """Height and width in one number. Raises ModelUnavailable for a model of oblong pictures."""
    sizes = {size} if isinstance(size, int) else set(size)
    if len(sizes) != 1:
        raise ModelUnavailable(
            f"open_clip:{source} takes pictures of {size} pixels; clips are square.", "Use a model of square ones."
        )
    return sizes.pop()


def open_open_clip(text: str, settings: Settings) -> OpenClipEncoder:
    """Opens `open_clip:TEXT`, for the registry."""
    return OpenClipEncoder(text, settings.models)
