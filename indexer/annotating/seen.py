"""What is known of a film at one moment, to be drawn on its frame. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from search.contracts import Float32


@dataclass(frozen=True, slots=True)
class Face:
    """The leading face, in shares of the picture's width and height, and what it expresses."""

    left: float
    top: float
    right: float
    bottom: float
    probabilities: Float32
    """`[L]`, sum 1."""


@dataclass(frozen=True, slots=True)
class Activity:
    label: str
    score: float
    """0..1, averaged."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """One character so far."""

    label: str
    here: bool
    """On screen now."""
    seconds: float
    """On screen since the beginning."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Each part is None where nobody looks for it or there is nothing to say."""

    face: Face | None = None
    activity: Activity | None = None
    characters: tuple[Appearance, ...] = ()
