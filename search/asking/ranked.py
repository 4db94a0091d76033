"""What is ranked before it is shown: moments as answers to a look, and results made of them. Plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from search.catalog.cues import FoundCue
from search.contracts import Float32
from search.ranking.moments import Moment, ScoredClip


@dataclass(frozen=True, slots=True)
class FoundClips:
    """The clips nearest to a look, best first, and what merging them needs."""

    clips: Sequence[ScoredClip]
    vectors: Float32
    """Of the clips, `[N, dim]`."""
    cuts: Mapping[int, Sequence[float]]
    """For each of their videos, where its shots meet, in seconds."""


@dataclass(frozen=True, slots=True)
class RankedMoment:
    """A moment, and how it came by its place. None where that played no part."""

    moment: Moment
    vector: Float32 | None = field(default=None, compare=False)
    """Of its peak, `[dim]`; None in film order."""
    sight_rank: int | None = None
    """From 1, by what is seen."""
    words_rank: int | None = None
    """From 1, by what is said."""
    cues: tuple[FoundCue, ...] = ()
    """Words said in it that were asked for."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown as one: a moment, or a chain of them, the first of each look."""

    steps: tuple[RankedMoment, ...]
    score: float | None
    alike: int = 0
    """Results that look the same and are folded into it."""

    @property
    def video_id(self) -> int:
        return self.steps[0].moment.video_id

    @property
    def clip_ids(self) -> frozenset[int]:
        return frozenset(clip_id for step in self.steps for clip_id in step.moment.clip_ids)


def extended(results: list[Result], more: list[Result]) -> list[Result]:
    """`results`, and after them those of `more` that share no clip with them.

    A wider search finds neighbours that a narrow one did not, and so makes other moments of the same clips. What was
    ranked stays as it is, so that pages fit together.
    """
    seen = {clip_id for result in results for clip_id in result.clip_ids}
    return results + [result for result in more if seen.isdisjoint(result.clip_ids)]
