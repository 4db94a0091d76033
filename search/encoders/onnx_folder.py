"""An ONNX folder: what `encoder.json` says, and what can be known of the folder without running it.

image.onnx      float32 pictures `[B, 3, S, S]` (or `[B, S, S, 3]`) to vectors `[B, D]`
text.onnx       int64 tokens `[B, L]`, and a mask of the same shape where one is named, to vectors `[B, D]`
tokenizer.json  a tokenizer of the `tokenizers` package
encoder.json    see `OnnxPlan`; weights beside a graph (`image.onnx.data`) are taken with it
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from search.encoders.frames import FPS, FRAMES
from search.encoders.notes import digest_files
from search.errors import ModelUnavailable, PathNotFound

PLAN = "encoder.json"
REQUIRED = ("image.onnx", "text.onnx", "tokenizer.json", PLAN)
WORDS_ABOUT_IT = {".md", ".txt"}
CURE = "docs/encoders.md says what such a folder holds."


@dataclass(frozen=True, slots=True)
class OnnxPlan:
    """What `encoder.json` says. Names of inputs and outputs are needed only where a graph has several."""

    size: int
    """Height and width of a picture in pixels."""
    mean: list[float]
    """Of red, green and blue, for pixels in 0..1."""
    std: list[float]
    context_length: int
    """Tokens of a sentence: longer ones are cut off, shorter ones filled up."""
    layout: Literal["BCHW", "BHWC"] = "BCHW"
    frames: int = FRAMES
    fps: float = FPS
    pad_id: int = 0
    normalise: bool = True
    """Whether vectors are brought to length 1."""
    image_input: str = ""
    image_output: str = ""
    text_input: str = ""
    text_mask: str = ""
    """The input that takes 1 for a token and 0 for filling; empty where there is none."""
    text_output: str = ""


def find_folder(text: str) -> Path:
    """The absolute folder. Raises PathNotFound, or ModelUnavailable when one of its files is missing."""
    folder = Path(text).expanduser().resolve()
    if not text or not folder.is_dir():
        raise PathNotFound(f"There is no model folder {text or 'after onnx:'}.", CURE)
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        raise ModelUnavailable(f"{folder} is no ONNX encoder: it holds no {' and no '.join(missing)}.", CURE)
    return folder


def read_plan(folder: Path) -> OnnxPlan:
    """Reads `encoder.json`. Raises ModelUnavailable when something in it is missing, unknown or makes no sense."""
    path = folder / PLAN
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{path} cannot be read: {error}.", CURE) from error
    fault = find_fault(said)
    if fault:
        raise ModelUnavailable(f"{path} {fault}.", CURE)
    return OnnxPlan(**{name: value for name, value in said.items() if name != "schema"})


def find_fault(said: Any) -> str:
    """What is wrong with the content of an `encoder.json`; empty when it is right."""
    if not isinstance(said, dict):
        return "is not a JSON object"
    needed = [field.name for field in fields(OnnxPlan) if field.default is MISSING]
    missing = [name for name in needed if name not in said]
    if missing:
        return f"does not say {', '.join(missing)}"
    for name, value in said.items():
        if name not in FITS:
            return f"says {name!r}, which means nothing here"
        if not FITS[name](value):
            return f"says {name} = {json.dumps(value)}, which cannot be"
    return ""


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def is_count(value: Any) -> bool:
    return is_whole(value) and is_positive(value)


def is_mean(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(each == 0 or is_positive(each) for each in value)


def is_deviation(value: Any) -> bool:
    return is_mean(value) and all(value)


def is_name(value: Any) -> bool:
    return isinstance(value, str)


FITS: dict[str, Callable[[Any], bool]] = {
    "schema": is_count,
    "size": is_count,
    "mean": is_mean,
    "std": is_deviation,
    "context_length": is_count,
    "layout": lambda value: value in ("BCHW", "BHWC"),
    "frames": is_count,
    "fps": is_positive,
    "pad_id": is_whole,
    "normalise": lambda value: isinstance(value, bool),
    **dict.fromkeys(("image_input", "image_output", "text_input", "text_mask", "text_output"), is_name),
}
"""What may stand in each field."""


def model_files(folder: Path) -> list[Path]:
    """The files that decide vectors, in a fixed order: all but hidden ones and words about them."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.suffix not in WORDS_ABOUT_IT
    )


def compute_fingerprint(folder: Path) -> str:
    """SHA-256, hexadecimal, of what the plan means and of the bytes of the other files."""
    digest = hashlib.sha256(json.dumps(asdict(read_plan(folder)), sort_keys=True).encode())
    digest_files(digest, folder, (path for path in model_files(folder) if path != folder / PLAN))
    return digest.hexdigest()
