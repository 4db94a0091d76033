"""Reading expressions: a trained network, and how its logits become probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from classifiers import model_folder
from classifiers.emotion.labels import LABELS
from classifiers.emotion.networks import SIZE
from classifiers.precision import in_precision
from classifiers.softmax import softmax
from search.contracts import Float32, Int64, UInt8
from search.errors import ModelUnavailable

FACES_AT_ONCE = 256
KIND = "emotion"
SHIPPED = model_folder.WEIGHTS / KIND
TEMPERATURES = np.geomspace(0.25, 4.0, 321)
MARGIN = 2
"""Pixels on each side that the inner part of a face leaves out."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found out on validation faces."""

    temperature: float = 1.0
    """Logits are divided by it (temperature scaling, Guo et al., arXiv 1706.04599)."""
    mirrored: bool = False
    """Whether the logits of a face and of its mirror image are averaged."""
    inner: bool = False
    """Whether those of the face seen a little closer are averaged in, too."""


@dataclass(frozen=True, slots=True)
class ExpressionReader:
    network: Any
    """Keras, float `[N, 48, 48, 1]` 0..255 to logits `[N, 6]`."""
    calibration: Calibration = Calibration()

    def probabilities(self, faces: UInt8) -> Float32:
        """Grey uint8 `[N, 48, 48]` to float32 `[N, 6]`, rows of sum 1. N may be 0."""
        found = self.calibration
        scores = logits(self.network, faces, mirrored=found.mirrored, inner=found.inner)
        return softmax(scores / np.float32(found.temperature))


def open_reader(folder: Path) -> ExpressionReader:
    """Raises ModelUnavailable for a folder that `vsearch train emotion` did not write, or a damaged one."""
    facts = model_folder.read_facts(folder, KIND)
    if facts.labels != LABELS:
        raise ModelUnavailable(f"{folder} knows other expressions than {', '.join(LABELS)}.", "Train it again.")
    try:
        settings = facts.settings
        calibration = Calibration(float(settings["temperature"]), bool(settings["mirrored"]), bool(settings["inner"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelUnavailable(f"{folder} does not say how it was calibrated.", "Train it again.") from error
    network = model_folder.load_network(folder)
    if network.input_shape != (None, SIZE, SIZE, 1) or network.output_shape != (None, len(LABELS)):
        raise ModelUnavailable(f"The network in {folder} is none for faces.", "Train it again.")
    return ExpressionReader(in_precision(network, "float32"), calibration)


def calibrate(network: Any, faces: UInt8, true: Int64) -> Calibration:
    """The temperature, and which other views of a face help, by the cross-entropy on faces that did not teach."""
    found = []
    for mirrored, inner in product((False, True), repeat=2):
        scores = logits(network, faces, mirrored=mirrored, inner=inner)
        losses = [cross_entropy(scores / np.float32(t), true) for t in TEMPERATURES]
        best = int(np.argmin(losses))
        found.append((losses[best], Calibration(round(float(TEMPERATURES[best]), 4), mirrored, inner)))
    return min(found, key=lambda each: each[0])[1]


def logits(network: Any, faces: UInt8, *, mirrored: bool = False, inner: bool = False) -> Float32:
    """Grey uint8 `[N, 48, 48]` to float32 `[N, 6]`: the mean over the views that are asked for."""
    views = [faces, _inner_part(faces)] if inner else [faces]
    views += [view[:, :, ::-1] for view in views] if mirrored else []
    mean: Float32 = np.mean([_plain_logits(network, view) for view in views], axis=0)
    return mean


def _inner_part(faces: UInt8) -> UInt8:
    """The faces without their margins, as large as before."""
    import cv2

    inside = faces[:, MARGIN : SIZE - MARGIN, MARGIN : SIZE - MARGIN]
    grown = [cv2.resize(face, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR) for face in inside]
    return np.stack(grown) if grown else faces


def _plain_logits(network: Any, faces: UInt8) -> Float32:
    parts = [  # `predict` would trace a graph for every new number of faces, which takes longer than a film of them
        np.asarray(network(faces[i : i + FACES_AT_ONCE, ..., None].astype(np.float32), training=False), np.float32)
        for i in range(0, len(faces), FACES_AT_ONCE)
    ]
    return np.concatenate([np.zeros((0, len(LABELS)), np.float32), *parts])


def cross_entropy(scores: Float32, true: Int64) -> float:
    """The mean over logits `[N, C]` of minus the log of what the softmax gives the truth."""
    highest = scores.max(axis=1, keepdims=True)
    whole = np.log(np.exp(scores - highest).sum(axis=1)) + highest[:, 0]
    return float(np.mean(whole - scores[np.arange(len(true)), true]))
