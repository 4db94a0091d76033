"""What a model of characters learns from: labelled frames, and pictures with boxes where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from classifiers.characters.looks import HEIGHT, WIDTH
from classifiers.characters.making import Material
from indexer.labelling.boxed_pictures import read_boxed
from indexer.labelling.labelled_frames import read_labelled
from search.errors import UsageError


def read_material(
    mapping: Path, frames: Path, boxes: Path | None, *, names: Mapping[str, str], fps: float, strict: bool
) -> tuple[Material, tuple[str, ...]]:
    """All that was asked for, and a sentence for each thing that was passed over.

    Raises what `read_labelled` and `read_boxed` raise, and with `strict` UsageError for what would be passed over.
    """
    labelled = read_labelled(mapping, frames, (WIDTH, HEIGHT), names=names, strict=strict)
    characters = labelled.frames.characters
    if not boxes:
        nothing = np.empty((0, HEIGHT, WIDTH, 3), np.uint8), np.empty((0, len(characters)), np.float32)
        material = Material(labelled.pictures, labelled.frames.there, characters, *nothing, fps)
        return material, labelled.frames.passed_over
    boxed = read_boxed(boxes, characters)
    if strict and boxed.passed_over:
        raise UsageError(f"{boxed.passed_over[0]}.", "Mend it, or leave --strict out to go on without it.")
    material = Material(labelled.pictures, labelled.frames.there, characters, boxed.pictures, boxed.there, fps)
    return material, (*labelled.frames.passed_over, *boxed.passed_over)
