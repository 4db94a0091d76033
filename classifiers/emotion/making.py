"""From a file of labelled faces to the folder of a model: trained, calibrated, measured, described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.emotion.card import CURVE_LINES, Story, card
from classifiers.emotion.evaluation import evaluate
from classifiers.emotion.fer import PUBLIC_TEST, Faces, read_faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.reader import KIND, ExpressionReader, calibrate
from classifiers.emotion.split import split
from classifiers.emotion.training import Entry, Plan, Trainer, train
from classifiers.emotion.votes import read_votes
from classifiers.model_folder import ModelFacts, save_model
from classifiers.precision import in_precision
from classifiers.training.confusion import confusion_svg
from classifiers.training.curve import curve_svg


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made."""

    file: Path
    out: Path
    plan: Plan
    votes: Path | None = None
    """FER+'s `fer2013new.csv`, for the same faces."""
    resume: bool = False


def make_model(
    order: Order, report: Callable[[Entry], None], on_step: Callable[[float, float], None]
) -> dict[str, Any]:
    """Trains and writes `order.out`: the model, its card, `curve.svg`, `confusion.svg`, and the checkpoint.

    Returns the document of the training. Its figures are of the file's PublicTest faces, else of the validation
    faces. Raises what `read_faces`, `split`, `read_votes` and `train` raise.
    """
    faces = read_faces(order.file)
    parts = split(faces, order.plan.seed)
    votes = read_votes(order.votes, faces.usage) if order.votes else None
    trainer = Trainer(order.plan, faces, parts, votes)
    entries = train(trainer, order.out, resume=order.resume, report=report, on_step=on_step)

    validation = faces[parts.validation]
    kept = in_precision(trainer.network, "float16")
    network = in_precision(kept, "float32")
    reader = ExpressionReader(network, calibrate(network, validation.pictures, validation.labels))
    usage, tested = _tested(faces, validation)
    figures = {"usage": usage, **evaluate(reader, tested)}
    story = Story(
        order.plan, entries, network.count_params(), len(parts.training), len(validation), parts.dropped,
        votes is not None, reader.calibration, evaluate(reader, validation), figures,
    )  # fmt: skip
    settings = {"arch": order.plan.arch, **asdict(reader.calibration)}
    pictures = {
        "curve.svg": curve_svg(entries, CURVE_LINES),
        "confusion.svg": confusion_svg(np.array(figures["confusion"], np.int64), LABELS),
    }
    save_model(order.out, kept, ModelFacts(KIND, LABELS, settings), card=card(story), pictures=pictures)
    return {
        "path": str(order.out), "arch": order.plan.arch, "epochs": len(entries), "seconds": entries[-1]["seconds"],
        "trained_on": len(parts.training), "dropped": parts.dropped, "validation": story.validation,
        "test": figures,
    }  # fmt: skip


def _tested(faces: Faces, validation: Faces) -> tuple[str, Faces]:
    public = faces[faces.usage == PUBLIC_TEST]
    return (PUBLIC_TEST, public) if len(public) else ("validation", validation)
