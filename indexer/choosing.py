"""What a person chose for a library, remembered by it until something else is chosen.

Which classifiers look at its films, and how their clips lie.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from classifiers.contracts import Choices
from classifiers.registry import DEFAULT, ENTRIES
from indexer.decoding.clips import ClipPlan, Fit
from search.catalog.store import Catalog
from search.contracts import Encoder, EncoderSpec
from search.errors import UsageError
from search.settings import EMOTION, NO_EMOTION

CLASSIFIERS = "classifiers"
"""Under this key the library remembers what was chosen, as JSON."""
CHARACTERS = "characters"
ClipsLie = Literal["fixed", "shots"]
"""Clips follow one another through a film, or they lie inside its shots."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a library, so far."""

    names: tuple[str, ...] | None = None
    """None: the usual ones."""
    activity: str = "zero-shot"
    activity_labels: str | None = None
    characters: str | None = None
    no_emotion: bool = False
    clips: ClipsLie = "shots"
    overlap: float = 0.0
    """Share of a clip that the next one repeats."""
    fit: Fit = "crop"

    def wanted(self, *, emotion_allowed: bool) -> tuple[str, ...]:
        """The classifiers to be used, by name."""
        usual = (*DEFAULT, CHARACTERS) if self.characters else DEFAULT
        names = usual if self.names is None else self.names
        off = self.no_emotion or not emotion_allowed
        return tuple(name for name in names if not (off and name == EMOTION))

    def clip_plan(self, spec: EncoderSpec) -> ClipPlan:
        """How films are cut for an encoder."""
        return ClipPlan(spec.frames, spec.fps, spec.size, self.overlap, self.fit, shots=self.clips == "shots")

    def choices(self, encoder: Encoder) -> Choices:
        labels = Path(self.activity_labels) if self.activity_labels else None
        return Choices(encoder, self.activity, labels, self.characters)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says in one run; None and False say nothing."""

    names: Sequence[str] | None = None
    activity: str | None = None
    activity_labels: Path | None = None
    characters: str | None = None
    no_emotion: bool = False
    clips: ClipsLie | None = None
    overlap: float | None = None
    fit: Fit | None = None


NO_WISHES = Wishes()


def choose(before: Chosen, wish: Wishes) -> Chosen:
    """What holds from now on: the wishes, and for the rest what held before.

    Whoever chooses a model for activity or characters wants these looked for, unless the same run names its
    classifiers. Raises UsageError for wishes that contradict each other.
    """
    names = before.names if wish.names is None else tuple(dict.fromkeys(wish.names))
    if wish.names is None and names is not None:
        named = {"activity": wish.activity or wish.activity_labels, CHARACTERS: wish.characters}
        names = tuple(dict.fromkeys((*names, *(name for name, said in named.items() if said))))
    chosen = Chosen(
        names,
        _model(wish.activity) or before.activity,
        _place(wish.activity_labels) or (None if wish.activity else before.activity_labels),
        _model(wish.characters) or before.characters,
        wish.no_emotion or (before.no_emotion and EMOTION not in (wish.names or ())),
        wish.clips or before.clips,
        before.overlap if wish.overlap is None else wish.overlap,
        wish.fit or before.fit,
    )
    _check(chosen, wish)
    return chosen


def _check(chosen: Chosen, wish: Wishes) -> None:
    for name in chosen.names or ():
        if name not in ENTRIES:
            raise UsageError(f"There is no classifier {name!r}.", f"Known are {', '.join(ENTRIES)}; or say `none`.")
    if wish.no_emotion and EMOTION in (wish.names or ()):
        raise UsageError("--no-emotion and --classifiers emotion contradict each other.", "Leave one of them out.")
    if CHARACTERS in (chosen.names or ()) and not chosen.characters:
        raise UsageError(
            "No model of characters was chosen.",
            "Name one: `--characters drawn` for drawn films, or the folder that `vsearch train characters` wrote.",
        )


def _model(said: str | None) -> str | None:
    """A name as it is, a folder in full: the next run may begin elsewhere."""
    return _place(Path(said)) if said and Path(said).expanduser().exists() else said


def _place(path: Path | None) -> str | None:
    return str(path.expanduser().absolute()) if path else None


def read_chosen(catalog: Catalog) -> Chosen:
    """What the library remembers. One from before there were clips inside shots stays without: its clips are kept."""
    said = catalog.meta(CLASSIFIERS)
    kept = json.loads(said or "{}")
    if said is not None or catalog.roots():
        kept.setdefault("clips", "fixed")
    names = kept.pop("names", None)
    return Chosen(None if names is None else tuple(names), no_emotion=bool(catalog.meta(NO_EMOTION)), **kept)


def remember(catalog: Catalog, chosen: Chosen) -> None:
    kept = dataclasses.asdict(chosen)
    no_emotion = "1" if kept.pop("no_emotion") else ""
    if catalog.meta(CLASSIFIERS) is None or chosen != read_chosen(catalog):
        catalog.set_meta(**{CLASSIFIERS: json.dumps(kept), NO_EMOTION: no_emotion})
