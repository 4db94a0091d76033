"""The folder of a trained classifier: `model.keras`, `model.json`, `card.md`, pictures of its training.

No file holds code: Keras reads models in safe mode, labels and settings are JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from search import runtime
from search.errors import ModelUnavailable

NETWORK, FACTS, CARD = "model.keras", "model.json", "card.md"
WEIGHTS = Path(__file__).parent / "weights"
"""The folders of the models that come with vsearch."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a trained classifier is, as `model.json` says it."""

    kind: str
    """`emotion`, `activity` or `character`."""
    labels: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What its own module needs to run it: architecture, backbone, size, temperature …; JSON values."""


def save_model(folder: Path, network: Any, facts: ModelFacts, *, card: str, pictures: Mapping[str, str]) -> None:
    """Writes the folder; `network` is a Keras model, `pictures` are SVG texts by file name.

    `model.json` comes last, so that a folder with it is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FACTS).unlink(missing_ok=True)
    network.save(folder / NETWORK)
    (folder / CARD).write_text(card, "utf-8")
    for name, svg in pictures.items():
        (folder / name).write_text(svg, "utf-8")
    (folder / FACTS).write_text(json.dumps(asdict(facts), indent=1), "utf-8")


def read_facts(folder: Path, kind: str) -> ModelFacts:
    """What the folder holds. Raises ModelUnavailable when it is no classifier of `kind`."""
    try:
        raw = json.loads((folder / FACTS).read_text("utf-8"))
        facts = ModelFacts(str(raw["kind"]), tuple(map(str, raw["labels"])), dict(raw["settings"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(
            f"{folder} is no folder of a trained classifier ({FACTS} is missing or cannot be read).",
            "Name a folder that `vsearch train emotion`, `activity` or `characters` wrote.",
        ) from error
    if facts.kind != kind:
        raise ModelUnavailable(f"{folder} holds a model for {facts.kind}, not for {kind}.", f"Name one for {kind}.")
    return facts


def load_network(folder: Path) -> Any:
    """The Keras model of the folder. Raises ModelUnavailable when it is damaged or would run code."""
    keras = runtime.keras()
    try:
        return keras.saving.load_model(folder / NETWORK, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever its reader meets
        raise ModelUnavailable(
            f"{folder / NETWORK} cannot be loaded: it is damaged, or not a plain Keras model.",
            "Train it again, or fetch an undamaged copy.",
        ) from error


def fingerprint(folder: Path) -> str:
    """Hexadecimal; of the network and its facts."""
    digest = hashlib.sha256()
    for name in (FACTS, NETWORK):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:32]
