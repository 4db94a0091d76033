"""Opening what a person wants to see on a film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers.contracts import Choices
from classifiers.emotion.labels import LABELS
from classifiers.registry import default_rules, open_classifiers
from indexer.annotating.drawing import annotate
from indexer.annotating.watching import ActivityWatcher, CharacterWatcher, FaceWatcher, Watch
from indexer.choosing import CHARACTERS, read_chosen
from indexer.excerpts.reading import TimedFrame
from search.encoders.registry import open_encoder
from search.library import Library
from search.settings import EMOTION, read_settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    emotion: bool = True
    activity: str | None = "zero-shot"
    """As `--activity` says; None for no activity."""
    labels: Path | None = None
    characters: str | None = None
    encoder: str = "auto"
    window: int | None = None
    """Predictions of activity that are averaged; None for about five seconds of them."""


def wanted_by(library: Library) -> Wanted:
    """What a library looks for in its films."""
    chosen = read_chosen(library.catalog)
    names = chosen.wanted(emotion_allowed=EMOTION not in library.hidden_kinds)
    return Wanted(
        emotion=EMOTION in names,
        activity=chosen.activity if "activity" in names else None,
        labels=Path(chosen.activity_labels) if chosen.activity_labels else None,
        characters=chosen.characters if CHARACTERS in names else None,
        encoder=library.spec.name,
    )


def open_watch(wanted: Wanted, fps: float) -> Watch:
    """The watchers for a film of `fps` frames a second; expressions are left out where they are switched off.

    Raises what opening classifiers and encoders raises.
    """
    encoder = open_encoder(wanted.encoder if wanted.activity in (None, "zero-shot") else "mini")
    choices = Choices(encoder, wanted.activity or "zero-shot", wanted.labels, wanted.characters)
    faces = activity = characters = None
    if wanted.emotion and not read_settings().no_emotion:
        from classifiers.emotion.classifier import open_emotion

        faces = FaceWatcher(open_emotion(choices))
    if wanted.activity:
        activity = ActivityWatcher(open_classifiers(["activity"], choices)[0], encoder, wanted.window, fps)
    if wanted.characters:
        rule = default_rules()["character"]
        characters = CharacterWatcher(open_classifiers(["characters"], choices)[0], rule)
    return Watch(faces, activity, characters)


def annotated(frames: Iterator[TimedFrame], watch: Watch) -> Iterator[TimedFrame]:
    """The frames with what is known of them drawn on."""
    for frame in frames:
        seen = watch.watch(frame.time, frame.picture)
        yield TimedFrame(frame.time, frame.until, annotate(frame.picture, seen, LABELS))
