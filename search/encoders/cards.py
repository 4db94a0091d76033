"""What `vsearch models` tells of an encoder, learnt without loading it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from search.contracts import EncoderSpec
from search.encoders.frames import FrameEncoder
from search.encoders.model_folder import ModelNotes, read_gist, read_plan, size_in_bytes
from search.encoders.registry import ENTRIES, encoder_names, find_folder, open_encoder, open_prefixed
from search.encoders.saved_model import SavedModelEncoder
from search.model_card import ModelCard, read_card
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """One encoder; what is not known of it without fetching or loading it is None."""

    name: str
    source: str
    """The hub's handle, or the folder."""
    licence: str
    cached: bool
    """Whether it is on this machine."""
    path: str | None = None
    bytes: int | None = None
    dim: int | None = None
    frames: int | None = None
    fps: float | None = None
    size: int | None = None
    fingerprint: str | None = None
    text_runtime: str | None = None
    """`numpy`, `tensorflow`, `torch` or `onnxruntime`."""
    text_reason: str | None = None
    """What the search for a text tower came to, where there was one."""
    gist: str | None = None
    """What to expect of it, in a sentence or two."""


def describe(name: str, settings: Settings) -> EncoderCard:
    """The card of any encoder that `open_encoder` opens. Raises UsageError, PathNotFound, ModelUnavailable."""
    entry = ENTRIES.get(name)
    if entry is None:
        if prefixed := open_prefixed(name, settings):
            return _describe_frames(prefixed)
        folder = find_folder(name)
        return _describe_folder(str(folder), str(folder), "", folder, settings)
    if entry.find is None:
        return _describe_spec(name, entry.licence, open_encoder(name, settings).spec)
    found = entry.find(settings)
    if found is None:
        return EncoderCard(name, entry.handle, entry.licence, cached=False)
    return _describe_folder(name, entry.handle or str(found), entry.licence, found, settings)


def describe_all(settings: Settings) -> list[EncoderCard]:
    return [describe(name, settings) for name in encoder_names()]


def whole_card(card: EncoderCard) -> ModelCard | None:
    """The `card.md` in its folder; for a model that is published without one, ours."""
    own = read_card(Path(card.path) / "card.md") if card.path else None
    return own or read_card(Path(__file__).parent / f"{card.name}_card.md")


def _describe_spec(name: str, licence: str, spec: EncoderSpec) -> EncoderCard:
    return EncoderCard(
        name=name,
        source=name,
        licence=licence,
        cached=True,
        dim=spec.dim,
        frames=spec.frames,
        fps=spec.fps,
        size=spec.size,
        fingerprint=spec.fingerprint,
    )


def _describe_frames(encoder: FrameEncoder) -> EncoderCard:
    """Loads a model that was never run here, as only that tells its sizes."""
    if not encoder.is_here:
        return EncoderCard(encoder.name, encoder.name, "", cached=False)
    card = _describe_spec(encoder.name, "", encoder.spec)
    files = encoder.files()
    place = files[0] if len(files) == 1 else files[0].parent
    size = sum(file.stat().st_size for file in files)
    return replace(card, path=str(place), bytes=size, text_runtime=encoder.runtime)


def _describe_folder(name: str, source: str, licence: str, folder: Path, settings: Settings) -> EncoderCard:
    encoder = SavedModelEncoder(folder, name=name, models=settings.models)
    plan = read_plan(folder)
    return EncoderCard(
        name=name,
        source=source,
        licence=licence,
        cached=True,
        path=str(folder),
        bytes=size_in_bytes(folder),
        dim=encoder.known_dim(),
        frames=plan.frames,
        fps=plan.fps,
        size=plan.size,
        fingerprint=ModelNotes(folder, settings.models).fingerprint(),
        text_runtime=encoder.runtime,
        text_reason=plan.text or None,
        gist=read_gist(folder) or None,
    )
