"""Where the card of each classifier lies, by its kind and the model that was chosen for it."""

from __future__ import annotations

from pathlib import Path

from classifiers.model_folder import CARD, WEIGHTS


def card_path(kind: str, model: str | None) -> Path:
    """In the folder of a model that was named by its path, else of one that comes with vsearch; it may not be there.

    `model` is None where there is nothing to choose.
    """
    if model and Path(model).name != model:
        return Path(model) / CARD
    return WEIGHTS / (model or kind) / CARD
