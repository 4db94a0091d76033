"""Small files in the form of FER2013, and an untrained model of its faces."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifiers.emotion import networks
from classifiers.emotion.labels import LABELS
from classifiers.model_folder import ModelFacts, save_model
from classifiers.precision import in_precision
from search.contracts import UInt8

VOTES = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
"""The first line of a file of FER+ votes."""


def noise(count: int, seed: int = 0) -> UInt8:
    """Grey `[count, 48, 48]`."""
    return np.random.default_rng(seed).integers(0, 256, (count, 48, 48), dtype=np.uint8)


def write_csv(path: Path, faces: UInt8, classes: Sequence[int], usage: Sequence[str]) -> Path:
    lines = [
        f"{number},{' '.join(map(str, face.ravel()))},{used}\n"
        for face, number, used in zip(faces, classes, usage, strict=True)
    ]
    return write_text(path, "emotion,pixels,Usage\n" + "".join(lines))


def write_text(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def untrained_model(folder: Path, labels: tuple[str, ...] = LABELS, **settings: object) -> Path:
    network = in_precision(networks.build("cookbook"), "float16")
    facts = ModelFacts("emotion", labels, {"temperature": 2.0, "mirrored": True, "inner": False, **settings})
    save_model(folder, network, facts, card="", pictures={})
    return folder
