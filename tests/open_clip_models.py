"""A small model of open_clip with random weights, as a folder of its own form."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SIZE, DIM, LENGTH = 32, 16, 16
ARCHITECTURE: dict[str, Any] = {
    "embed_dim": DIM,
    "vision_cfg": {"image_size": SIZE, "layers": 1, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {"context_length": LENGTH, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
PREPROCESSING = {
    "mean": [0.5, 0.4, 0.3],
    "std": [0.2, 0.25, 0.3],
    "interpolation": "bicubic",
    "resize_mode": "squash",
}
WEIGHTS = "open_clip_model.safetensors"


def need_open_clip() -> Any:
    """The open_clip module, its hub's client told that there is no network; skips without the extra."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    return pytest.importorskip("open_clip", reason="needs the extra openclip (make test-extras)")


def build_open_clip(folder: Path, seed: int = 0) -> Path:
    open_clip = need_open_clip()
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    torch.manual_seed(seed)
    save_file(open_clip.CLIP(**ARCHITECTURE).state_dict(), folder / WEIGHTS)
    said = {"model_cfg": ARCHITECTURE, "preprocess_cfg": PREPROCESSING}
    (folder / "open_clip_config.json").write_text(json.dumps(said))
    return folder
