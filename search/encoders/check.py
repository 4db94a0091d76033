"""Proving that a model on this machine works: its files, its signatures, its text tower."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from search.contracts import Encoder
from search.encoders.frames import FrameEncoder
from search.encoders.hub import read_record
from search.encoders.model_folder import compute_fingerprint
from search.encoders.registry import ENTRIES, open_encoder
from search.encoders.saved_model import SavedModelEncoder
from search.encoders.text_tower import TextTower
from search.encoders.tower_search import TOLERANCE, compose_sentences, relative_difference
from search.errors import ModelUnavailable, VsearchError
from search.settings import Settings

CLIPS = 2
TEXTS = ["a dog runs over the beach", ""]


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """One thing that was looked at, and what was seen."""

    check: str
    ok: bool
    detail: str
    cure: str = ""


def check_model(name: str, settings: Settings) -> list[ModelCheck]:
    """Loads the model and runs it; takes seconds. A model that is not here is not fetched.

    Raises ModelUnavailable when it is not here, UsageError when there is none of that name.
    """
    entry = ENTRIES.get(name)
    if entry and entry.find and entry.find(settings) is None and entry.handle:
        raise ModelUnavailable(f"The model {name} is not on this machine.", f"Run `vsearch models fetch {name}`.")
    encoder = open_encoder(name, settings)
    if isinstance(encoder, FrameEncoder) and not encoder.is_here:
        raise ModelUnavailable(f"The model {name} is not on this machine.", f"Run `vsearch models fetch {name}`.")
    return [_perform(check, work) for check, work in _checks(encoder)]


def _checks(encoder: Encoder) -> Iterator[tuple[str, Callable[[], str]]]:
    if isinstance(encoder, SavedModelEncoder):
        yield "files", partial(_check_files, encoder)
    if isinstance(encoder, FrameEncoder):
        yield "weights", partial(_check_weights, encoder)
    yield "video", partial(_check_video, encoder)
    yield "text", partial(_check_text, encoder)
    if isinstance(encoder, SavedModelEncoder) and encoder.tower:
        yield "text tower", partial(_check_tower, encoder, encoder.tower)


def _perform(check: str, work: Callable[[], str]) -> ModelCheck:
    try:
        return ModelCheck(check, True, work())
    except VsearchError as error:
        return ModelCheck(check, False, error.message, error.cure)


def _check_files(encoder: SavedModelEncoder) -> str:
    recorded = read_record(encoder.folder).get("fingerprint") or encoder.spec.fingerprint
    if compute_fingerprint(encoder.folder) != recorded:
        raise ModelUnavailable(
            f"The files in {encoder.folder} are not as they were.",
            "Remove that folder and fetch the model again, or bring its files back.",
        )
    return f"fingerprint {recorded[:12]} as recorded"


def _check_weights(encoder: FrameEncoder) -> str:
    noted = encoder.spec.fingerprint
    if encoder.compute_fingerprint() != noted:
        raise ModelUnavailable(
            f"The weights of {encoder.name} are not as they were when it was first run.",
            "Bring its files back, or fetch them again.",
        )
    return f"fingerprint {noted[:12]} as noted"


def _check_video(encoder: Encoder) -> str:
    spec = encoder.spec
    shape = (CLIPS, spec.frames, spec.size, spec.size, 3)
    vectors = encoder.encode_clips(np.random.default_rng(0).integers(0, 256, shape, np.uint8))
    return f"{CLIPS} clips to {vectors.dtype} {list(vectors.shape)}"


def _check_text(encoder: Encoder) -> str:
    vectors = encoder.encode_texts(TEXTS)
    return f"{len(TEXTS)} sentences to {vectors.dtype} {list(vectors.shape)}"


def _check_tower(encoder: SavedModelEncoder, tower: TextTower) -> str:
    sentences = compose_sentences(tower.words)
    model = encoder.signatures["text"]([sentence.encode() for sentence in sentences])
    difference = relative_difference(tower.encode(sentences), model)
    if difference > TOLERANCE:
        raise ModelUnavailable(
            f"The text tower differs from the model by {difference:.1e} on {len(sentences)} sentences.",
            f"Delete {encoder.folder / 'text_tower'} to use the model's own text signature.",
        )
    return f"differs from the model by {difference:.1e} on {len(sentences)} sentences"
