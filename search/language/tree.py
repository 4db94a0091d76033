"""A question as it was understood: what the parser makes of a line, and what the service answers.

    happy dog character:tom -snow in:holiday/ then emotion:surprised within 30s

is two looks, the second at most 30 seconds after the first, in the videos of one folder. Plain values, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Mode = Literal["all", "any", "only", "none"]
"""`a+b`, `a|b`, `only(a+b)`, `-kind:a`: which of the labels of one kind a clip has."""


@dataclass(frozen=True, slots=True)
class TagTest:
    """What a clip must be tagged with, of one kind.

    `only` is all of these labels and no other of the kind; `none` is not one of them.
    """

    kind: str
    labels: tuple[str, ...]
    mode: Mode = "all"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a OR b`: one of these tests is enough. A test that stands alone is a condition of one."""

    tests: tuple[TagTest, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """`like:123` is the clip with that id, `like:beach.jpg` a picture."""

    clip_id: int | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one moment is asked to be. At least one of its parts says something, unless only a scope is given."""

    text: str = ""
    """Free text, in the order it was written, without what follows."""
    minus: tuple[str, ...] = ()
    """`-snow`, `-"a red car"`: texts to be far from."""
    tags: tuple[AnyOf, ...] = ()
    """All of these hold."""
    said: tuple[str, ...] = ()
    """Words said in it; each text as a phrase."""
    like: tuple[Like, ...] = ()


@dataclass(frozen=True, slots=True)
class Then:
    """The next look, in the same video after the one before it."""

    look: Look
    within: float | None = None
    """Seconds from the end of the one before to the beginning of this; None is any later time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which videos, and which part of them. Holds for the whole question."""

    folders: tuple[str, ...] = ()
    """`in:holiday/`: below one of these folders, given by their names from any level on."""
    names: tuple[str, ...] = ()
    """`name:*beach*`: file names, with `*` and `?`; without either, a part of the name."""
    after: float | None = None
    """Seconds of film time; moments begin at or after it."""
    before: float | None = None
    """Moments end at or before it."""
    longer: float | None = None
    """Seconds that the video lasts at least."""
    shorter: float | None = None
    since: date | None = None
    """The first day on which the video may have been taken."""
    until: date | None = None
    """The day after the last; `on:2026-05` is from 1 May until 1 June."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Scope()


@dataclass(frozen=True, slots=True)
class Question:
    """One look, or several of which each follows the one before."""

    look: Look
    then: tuple[Then, ...] = ()
    scope: Scope = Scope()

    @property
    def looks(self) -> tuple[Look, ...]:
        return (self.look, *(step.look for step in self.then))
