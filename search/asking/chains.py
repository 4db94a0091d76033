"""`A then B`: chains of moments, each of which follows the one before in the same video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.asking.prepared import PreparedLook
from search.asking.ranked import RankedMoment, Result
from search.ranking.moments import Moment
from search.ranking.scale import Scale
from search.ranking.sequence import follow


def chained(
    looks: Sequence[PreparedLook], steps: Sequence[Sequence[RankedMoment]], within: Sequence[float | None]
) -> list[Result]:
    """The chains that the ranked moments of the looks make, best first. `within` as in the question."""
    by_peak = [{ranked.moment.peak.clip_id: ranked for ranked in step} for step in steps]
    scales = [look.aim.scale if look.aim else Scale() for look in looks]
    chains = follow([_weighed(step) for step in steps], within, scales)
    return [
        Result(
            tuple(own[moment.peak.clip_id] for own, moment in zip(by_peak, chain.moments, strict=True)), chain.score
        )
        for chain in chains
    ]


def _weighed(step: Sequence[RankedMoment]) -> list[Moment]:
    """The moments of a look; one in which the words are said counts as much as the best of those seen."""
    best = max((ranked.moment.score for ranked in step), default=0.0)
    return [replace(ranked.moment, score=best) if ranked.words_rank is not None else ranked.moment for ranked in step]
