"""Which sentences speak of which training picture. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.training.still.material import Material
from indexer.training.still.sentences import PHRASES
from search.contracts import Int64

Pairs = list[tuple[int, list[int]]]
"""(picture row, its sentence rows)"""


def caption_pairs(material: Material) -> Pairs:
    """Every captioned training picture. A caption that dev has too is left out."""
    pairs = ((row, material.rows_of(material.pictures[row].captions)) for row in material.train.tolist())
    return [(row, sentences) for row, sentences in pairs if sentences]


def label_pairs(material: Material) -> Pairs:
    """Every training picture of a known class, with the phrases that name it."""
    labels = _labels(material)
    phrases = {label: material.rows_of([phrase.format(label) for phrase in PHRASES]) for label in labels}
    pairs = ((row, phrases.get(material.pictures[row].label, [])) for row in material.train.tolist())
    return [(row, sentences) for row, sentences in pairs if sentences]


def class_numbers(material: Material, rows: Sequence[int]) -> Int64:
    """The class of each picture, as a number; -1 = none."""
    number = {label: i for i, label in enumerate(_labels(material))}
    return np.array([number.get(material.pictures[row].label, -1) for row in rows], np.int64)


def set_numbers(material: Material, rows: Sequence[int]) -> Int64:
    """The set of classes that each picture's label is from, as a number."""
    sets = sorted({picture.set for picture in material.pictures})
    return np.array([sets.index(material.pictures[row].set) for row in rows], np.int64)


def _labels(material: Material) -> list[str]:
    """The classes of the training pictures."""
    return sorted({material.pictures[row].label for row in material.train.tolist()} - {""})
