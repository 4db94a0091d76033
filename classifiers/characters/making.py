"""From labelled frames to the folder of a model: trained, with settled thresholds, measured, described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.characters.augment import augmented
from classifiers.characters.card import CURVE_LINES, Story, card
from classifiers.characters.classifier import KIND
from classifiers.characters.evaluation import evaluate
from classifiers.characters.features import FeatureExtractor, frame_features, open_extractor
from classifiers.characters.held_out import best_threshold, check_labels, split_in_time
from classifiers.characters.networks import shift, view_of
from classifiers.characters.training import Entry, Examples, Plan, Trainer, train
from classifiers.model_folder import ModelFacts, save_model
from classifiers.training import checkpoint
from classifiers.training.curve import curve_svg
from search.contracts import Float32, UInt8

VIEW = "features_{}.npy"
"""What the backbone says of one copy of all frames; kept until the model is made."""
THRESHOLDS = 0.35, 0.65
"""Lowest and highest: a few dozen frames of the same films chose them, and other films are to be judged."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from."""

    pictures: UInt8
    """RGB `[N, HEIGHT, WIDTH, 3]`, in the order of film."""
    there: NDArray[np.bool_]
    """Who is on them, `[N, C]`."""
    characters: tuple[str, ...]
    boxed: UInt8
    """Further pictures `[M, HEIGHT, WIDTH, 3]`; none of them validates."""
    boxed_there: Float32
    """`[M, C]`: 1, 0, or NaN for what is not known."""
    fps: float = 1.0
    """Labelled frames a second of film."""


@dataclass(frozen=True, slots=True)
class Order:
    material: Material
    plan: Plan
    out: Path
    resume: bool = False
    index_fps: float | None = None
    """Frames a second that the model will look at when films are indexed; None: as many as were labelled."""


def make_model(
    order: Order, report: Callable[[Entry], None], on_view: Callable[[int, int], None] = lambda _done, _of: None
) -> dict[str, Any]:
    """Trains and writes `order.out`: the model, its card, `curve.svg`, and the checkpoint.

    Returns the document of the training. Raises UsageError for labels that teach nothing and for an `out` that cannot
    be used, and what `open_backbone` raises.
    """
    material, plan, out = order.material, order.plan, order.out
    check_labels(material.there, material.characters)
    view = view_of(plan.head, plan.backbone)
    extractor = open_extractor(plan.backbone, view)
    checkpoint.open_folder(out, resume=order.resume)
    learn, judge = split_in_time(material.there)
    trainer = Trainer(plan, *_examples(order, extractor, learn, judge, on_view))
    entries = train(trainer, out, resume=order.resume, report=report)
    thresholds = _settle_thresholds(trainer, material.there[judge])

    figures = evaluate(_judged(trainer), material.there[judge], material.characters, material.fps)
    index_fps = order.index_fps or material.fps
    counts = len(learn), len(material.boxed), len(judge)
    story = Story(plan, entries, material.characters, *counts, figures, index_fps, view)
    settings = {
        "backbone": plan.backbone, "backbone_fingerprint": extractor.fingerprint, "head": plan.head,
        "view": view, "fps": material.fps, "index_fps": index_fps,
    }  # fmt: skip
    facts = ModelFacts(KIND, material.characters, settings)
    save_model(out, trainer.network, facts, card=card(story), pictures={"curve.svg": curve_svg(entries, CURVE_LINES)})
    _clear_views(out)
    return {
        "path": str(out), "characters": list(material.characters), "backbone": plan.backbone, "head": plan.head,
        "epochs": len(entries), "seconds": entries[-1]["seconds"], "trained_on": len(learn),
        "boxed": len(material.boxed), "thresholds": dict(zip(material.characters, thresholds, strict=True)),
        "validation": figures,
    }  # fmt: skip


def _examples(
    order: Order,
    extractor: FeatureExtractor,
    learn: NDArray[np.int64],
    judge: NDArray[np.int64],
    on_view: Callable[[int, int], None],
) -> tuple[Examples, Examples]:
    """All views of what is learnt from, boxed pictures among it; and what is held out, as it is."""
    material, plan = order.material, order.plan
    if not order.resume:
        _clear_views(order.out)
    views = [_view(order, extractor, learn, view, on_view) for view in range(plan.views)]
    judged = frame_features(extractor, material.pictures[judge])
    features, there = (np.concatenate(parts) for parts in zip(*views, strict=True))
    return Examples(features, there), Examples(judged, material.there[judge].astype(np.float32))


def _clear_views(out: Path) -> None:
    for view in out.glob(VIEW.format("*")):
        view.unlink()


def _view(
    order: Order, extractor: FeatureExtractor, rows: NDArray[np.int64], view: int, on_view: Callable[[int, int], None]
) -> tuple[Float32, Float32]:
    """Features and labels of one copy of what is learnt from; the first copy is unchanged."""
    material, plan = order.material, order.plan
    pictures = np.concatenate([material.pictures[rows], material.boxed])
    there = np.concatenate([material.there[rows].astype(np.float32), material.boxed_there])
    if view:
        pictures, there = augmented(pictures, there, np.random.default_rng([plan.seed, view]))
    kept = order.out / VIEW.format(view)
    features: Float32 | None = np.load(kept) if order.resume and kept.exists() else None
    if features is None or len(features) != len(pictures):
        features = frame_features(extractor, pictures)
        part = kept.with_name(f"part.{kept.name}")
        np.save(part, features)
        part.replace(kept)
    on_view(view + 1, plan.views)
    return features, there


def _settle_thresholds(trainer: Trainer, there: NDArray[np.bool_]) -> list[float]:
    """Moves each character's scores so that 0.5 is its best threshold on what was held out; what it was before."""
    scores = _judged(trainer)
    found = np.array([best_threshold(*columns) for columns in zip(scores.T, there.T, strict=True)]).clip(*THRESHOLDS)
    shift(trainer.network, -np.log(found / (1 - found)).astype(np.float32))
    return [round(float(threshold), 3) for threshold in found]


def _judged(trainer: Trainer) -> Float32:
    scores: Float32 = trainer.network.predict(trainer.judge.features, verbose=0)
    return scores
