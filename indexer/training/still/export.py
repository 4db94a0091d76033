"""From the joint stage to what `vsearch train encoder` begins with: `start.npz` and a folder of pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from indexer.training.still import course
from indexer.training.still.augment import plain_view
from indexer.training.still.features import TeacherFeatures
from indexer.training.still.material import Material
from indexer.training.still.measures import picture_places
from indexer.training.still.networks import Towers
from indexer.training.still.sentences import DEV
from indexer.training.still.trainer import CHECKPOINT
from indexer.training.still.weights import Layers, channel_statistics, keras_layers
from search.errors import UsageError

START, PICTURES = "start.npz", "pictures"
STATISTICS_OF = 256
"""Training pictures that the statistics of the inflated layers are measured on."""
AT_ONCE = 1024


def load_towers(material: Material, stage: str) -> Towers:
    """The averaged towers of a stage. Raises UsageError where it has not begun."""
    path = material.work / stage / CHECKPOINT
    if not path.exists():
        raise UsageError(f"There is no {path}.", f"Run `vsearch train pictures {stage}` first.")
    towers = Towers(material.config, len(material.words), sum(TeacherFeatures(material).widths))
    course.restore(path, (towers, course.load(path)["averaged"]))
    return towers.to(course.device()).eval()


def export(material: Material, towers: Towers, out: Path) -> None:
    """Writes `start.npz`, as `start.py` reads it, and `pictures/`, as `pictures.py` reads it.

    Dev pictures and dev captions are in neither. Raises UsageError for a folder that cannot be written.
    """
    rng = np.random.default_rng(STATISTICS_OF)
    sample = np.sort(rng.choice(material.train, min(STATISTICS_OF, len(material.train)), replace=False))
    pictures = plain_view(material.pixels[sample], material.config.size).to(course.device())
    try:
        (out / PICTURES).mkdir(parents=True, exist_ok=True)
        layers = keras_layers(towers, channel_statistics(towers, pictures))
        sentences = [text for text, kind in zip(material.sentences, material.kinds, strict=True) if kind != DEV]
        save_start(layers, material.words, sentences, out / START)
        _write_pictures(material, towers, out / PICTURES)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.", "Name another folder with --out.") from error


def save_start(layers: Layers, words: Sequence[str], sentences: Sequence[str], path: Path) -> None:
    """Writes the file that `indexer/training/start.py` reads."""
    arrays: dict[str, Any] = {f"{name}/{i}": array for name, found in layers.items() for i, array in enumerate(found)}
    np.savez(path, words=np.array(words), sentences=np.array(sentences), **arrays)


def _write_pictures(material: Material, towers: Towers, folder: Path) -> None:
    rows = material.train
    pixels = open_memmap(folder / "pixels.npy", "w+", np.uint8, (len(rows), *material.pixels.shape[1:]))
    for first in range(0, len(rows), AT_ONCE):
        pixels[first : first + AT_ONCE] = material.pixels[rows[first : first + AT_ONCE]]
    pixels.flush()
    entries = [material.pictures[row] for row in rows.tolist()]
    own = (material.rows_of(() if entry.box else entry.captions) for entry in entries)
    captions = [[material.sentences[row] for row in sentences] for sentences in own]
    (folder / "captions.json").write_text(json.dumps(captions), "utf-8")
    np.save(folder / "targets.npy", picture_places(towers, material, rows).astype(np.float16))
