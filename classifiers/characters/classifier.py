"""Who is on a frame, as a model that `vsearch train characters` made says it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np

from classifiers.characters.evaluation import evaluate
from classifiers.characters.features import FeatureExtractor, View, frame_features, open_extractor
from classifiers.characters.looks import HEIGHT, WIDTH
from classifiers.characters.mapping import LabelledFrames
from classifiers.characters.networks import HEADS, OURS
from classifiers.contracts import Choices, ClassifierSpec, FramesNeeded
from classifiers.model_folder import WEIGHTS, ModelFacts, fingerprint, load_network, read_facts
from search.contracts import Float32, UInt8
from search.errors import ModelUnavailable, UsageError, first_of

KIND = "character"
DRAWN = "drawn"
FPS = 1.0


class Characters:
    """A trained head behind the backbone that it was trained on; both are loaded when first needed."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnavailable where `folder` holds no model of characters."""
        self._folder = folder
        self.facts: ModelFacts = read_facts(folder, KIND)
        settings = self.facts.settings
        self._view: View = settings.get("view", "looks" if settings.get("head") == OURS else "whole")
        """Models of the first days do not say it."""
        known = settings.get("head") in HEADS and self._view in get_args(View)
        if not known or not isinstance(settings.get("backbone"), str):
            raise ModelUnavailable(f"{folder} says nothing of its head and backbone.", "Train it again.")
        needs = FramesNeeded(float(settings.get("index_fps", FPS)), WIDTH, HEIGHT, fit="pad")
        self._spec = ClassifierSpec(KIND, self.facts.labels, fingerprint(folder), needs)

    @property
    def spec(self) -> ClassifierSpec:
        return self._spec

    @property
    def fps(self) -> float:
        """Labelled frames a second, of those that it was trained on."""
        return float(self.facts.settings.get("fps", FPS))

    def scores(self, batch: UInt8) -> Float32:
        """RGB uint8 `[N, HEIGHT, WIDTH, 3]` to float32 `[N, C]`; from 0.5 on a character counts as there.

        Raises ModelUnavailable when the backbone cannot be had, or is not that of the training.
        """
        if not len(batch):
            return np.empty((0, len(self.spec.labels)), np.float32)
        return np.asarray(self._head(frame_features(self._extractor, batch), training=False), np.float32)

    def evaluate(self, pictures: UInt8, labelled: LabelledFrames) -> dict[str, Any]:
        """The figures of `evaluation.evaluate` on pictures `[N, HEIGHT, WIDTH, 3]`, of the characters it was taught.

        Raises UsageError where the labels name somebody whom it does not know.
        """
        strangers = sorted(set(labelled.characters) - set(self.spec.labels))
        if strangers:
            raise UsageError(
                f"The model knows {first_of(self.spec.labels)}, not {first_of(strangers)}.",
                "Name the columns as the model names its characters.",
            )
        columns = [self.spec.labels.index(name) for name in labelled.characters]
        return evaluate(self.scores(pictures)[:, columns], labelled.there, labelled.characters, self.fps)

    @cached_property
    def _head(self) -> Any:
        return load_network(self._folder)

    @cached_property
    def _extractor(self) -> FeatureExtractor:
        settings = self.facts.settings
        extractor = open_extractor(settings["backbone"], self._view)
        if extractor.fingerprint != settings.get("backbone_fingerprint"):
            raise ModelUnavailable(
                f"{self._folder} was trained on other weights of the backbone {settings['backbone']} than are here.",
                "Train it again, which takes minutes.",
            )
        return extractor


def open_characters(choices: Choices) -> Characters:
    """The model that was chosen: `drawn` for the shipped cast, else a folder. Raises UsageError for none."""
    if choices.characters is None:
        raise UsageError(
            "No model of characters was chosen.",
            "Name one with --characters: a folder that `vsearch train characters` wrote, or drawn.",
        )
    return open_model(choices.characters)


def open_model(name: str | Path) -> Characters:
    """`drawn`, or the folder of a model. Raises ModelUnavailable."""
    return Characters(WEIGHTS / DRAWN if str(name) == DRAWN else Path(name))
