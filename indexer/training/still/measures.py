"""Retrieval among the dev pictures, while training goes on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from indexer.training.still import course
from indexer.training.still.augment import plain_view
from indexer.training.still.bridge import Places
from indexer.training.still.material import Material
from indexer.training.still.networks import TextTower, Towers
from search.contracts import Float32, Int64
from search.metrics import text_to_video

AT_ONCE = 128


def picture_places(towers: Towers, material: Material, rows: Int64) -> Float32:
    """Where the picture tower puts pictures, float32 `[len(rows), dim]`, at the size the finished encoder sees.

    Leaves the towers in the state in which they answer, not learn.
    """
    towers.eval()
    parts = [np.zeros((0, material.config.dim), np.float32)]
    for first in range(0, len(rows), AT_ONCE):
        pictures = plain_view(material.pixels[rows[first : first + AT_ONCE]], material.config.size)
        with torch.inference_mode():
            parts.append(towers.picture(pictures.to(course.device()))[0].cpu().numpy())
    return np.concatenate(parts)


def sentence_vectors(tower: TextTower, material: Material, rows: Int64) -> Float32:
    tokens = torch.from_numpy(material.tokens[rows]).to(course.device())
    with torch.inference_mode():
        vectors: Float32 = tower(tokens).cpu().numpy()
    return vectors


def dev_measures(towers: Towers, material: Material, places: Places) -> dict[str, Any]:
    """RetrievalMetrics of dev captions among dev pictures, asked by the teacher's sentences and by the text tower."""
    rows, truth = material.dev_captions()
    if not len(rows):
        return {}
    pictures = picture_places(towers, material, material.dev)
    taught = places.sentences[rows].astype(np.float32)
    asked = {"teacher": taught, "text": sentence_vectors(towers.text, material, rows)}
    return {name: asdict(text_to_video(texts @ pictures.T, truth)) for name, texts in asked.items()}
