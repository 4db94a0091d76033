"""A model folder: the one form of every local encoder, and what can be read of it without TensorFlow.

saved_model.pb, variables/, assets/    a SavedModel with the signatures `video` and `text`
model.json                             optional: name, dim, frames, fps, size, max_words
card.md                                optional: what a person should know; its first paragraph is the gist
text_tower/                            optional: the text side as matrices, see `text_tower.py`
fetched.json                           only if downloaded: where from, and the fingerprint on arrival
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.encoders.notes import Notes, digest_files
from search.encoders.text_tower import MAX_WORDS
from search.errors import ModelUnavailable

SAVED_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")
TF1_HUB_FILE = "tfhub_module.pb"


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """What `model.json` says; S3D as published where it says nothing."""

    frames: int = 32
    fps: float = 10.0
    size: int = 224
    max_words: int = MAX_WORDS
    name: str = ""
    dim: int | None = None
    text: str = ""
    """What the search for a text tower came to."""


def read_plan(folder: Path) -> ModelPlan:
    """Reads `model.json`. Raises ModelUnavailable when it makes no sense."""
    path, published = folder / "model.json", ModelPlan()
    if not path.exists():
        return published
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        plan = ModelPlan(
            frames=int(said.get("frames", published.frames)),
            fps=float(said.get("fps", published.fps)),
            size=int(said.get("size", published.size)),
            max_words=int(said.get("max_words", published.max_words)),
            name=str(said.get("name", "")),
            dim=int(said["dim"]) if said.get("dim") else None,
            text=str(said.get("text", "")),
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"{path} cannot be read: {error}.", "Mend the file, or delete it.") from error
    if min(plan.frames, plan.fps, plan.size, plan.max_words, plan.dim or 1) <= 0:
        raise ModelUnavailable(f"{path} holds a number that is not positive.", "Mend the file, or delete it.")
    return plan


def read_gist(folder: Path) -> str:
    """The first paragraph of the card below its heading, on one line; empty where there is no card."""
    try:
        paragraphs = (folder / "card.md").read_text(encoding="utf-8").split("\n\n")
    except (OSError, ValueError):
        return ""
    return next((" ".join(text.split()) for text in paragraphs if text.strip() and text.lstrip()[0] != "#"), "")


def require_saved_model(folder: Path) -> None:
    """Raises ModelUnavailable unless `folder` holds a SavedModel."""
    if not folder.is_dir():
        raise ModelUnavailable(
            f"There is no model folder {folder}.", "See `vsearch models list` for the models that are here."
        )
    if not any((folder / name).is_file() for name in SAVED_MODEL_FILES):
        raise ModelUnavailable(
            f"{folder} is no model: it holds no saved_model.pb.",
            "Name the folder that a TensorFlow SavedModel was written to.",
        )


def model_files(folder: Path) -> list[Path]:
    """The files of the SavedModel itself, in a fixed order."""
    parts = [*SAVED_MODEL_FILES, TF1_HUB_FILE]
    found = [folder / name for name in parts if (folder / name).is_file()]
    for inner in ("variables", "assets"):
        found += [path for path in (folder / inner).rglob("*") if path.is_file()]
    return sorted(found)


def size_in_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def compute_fingerprint(folder: Path) -> str:
    """SHA-256, hexadecimal, of the SavedModel's bytes and of the frames, rate and size it is fed.

    Name and text tower stay out: neither changes a vector (a tower is kept only where it agrees).
    """
    plan = read_plan(folder)
    digest = hashlib.sha256(json.dumps([plan.frames, plan.fps, plan.size]).encode())
    digest_files(digest, folder, model_files(folder))
    return digest.hexdigest()


class ModelNotes:
    """What was costly to learn about a folder (fingerprint, dim), kept until one of its files changes."""

    def __init__(self, folder: Path, models: Path) -> None:
        """`models` is where the notes are kept."""
        self._folder = folder.resolve()
        self._notes = Notes(str(self._folder), models)

    def fingerprint(self) -> str:
        known = self._read()
        if "fingerprint" not in known:
            known = self._keep(fingerprint=compute_fingerprint(self._folder))
        return str(known["fingerprint"])

    def dim(self) -> int | None:
        return self._read().get("dim")

    def keep_dim(self, dim: int) -> None:
        self._keep(dim=dim)

    def _files(self) -> list[Path]:
        return [*model_files(self._folder), *self._folder.glob("model.json")]

    def _read(self) -> dict[str, Any]:
        return self._notes.read(self._files())

    def _keep(self, **learned: Any) -> dict[str, Any]:
        known = self._read() | learned
        self._notes.write(self._files(), known)
        return known
