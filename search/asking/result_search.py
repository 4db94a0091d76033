"""From looks to results: moments or chains of them, like ones folded, by clip or by video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.asking.chains import chained
from search.asking.clip_set import ClipSet
from search.asking.counting import ChainCounter, Counter, RunCounter
from search.asking.moment_counter import MomentCounter
from search.asking.moment_search import MomentSearch
from search.asking.prepared import PreparedLook
from search.asking.ranked import RankedMoment, Result, extended
from search.asking.weighing import Weighing
from search.bands import WEAK
from search.language.tree import Question
from search.library import Library
from search.query import Group
from search.ranking.folding import fold_duplicates
from search.ranking.grouping import VideoGroup, group_by_video

POOL, WIDER = 100, 4
"""Clips that are looked at first, and how many times more where their results are too few."""
CHAIN_POOL, WIDEST_CHAIN = 1000, 4000
"""The same for each look, where one follows another: both moments must be among them."""
MATCHED = 1000
"""Clips among which those of the current result are looked for, where they are counted or put into another order."""
MOST_RUNS = 20_000
"""Moments in film order that one of several looks may have: nothing says which of them are best."""
MOST_FOLDED = 1000
"""Results that are compared with one another."""


class ResultSearch:
    """Ranks the results of one library; safe to share between threads."""

    def __init__(self, library: Library, weighing: Weighing) -> None:
        self._moments = MomentSearch(library, weighing)
        self._weighing = weighing

    def results(
        self, question: Question, looks: Sequence[PreparedLook], group: Group, need: int
    ) -> list[VideoGroup[Result]]:
        """The best results, at least `need` of them where there are as many; by video, or each by itself.

        Those that come first are the same for any `need`.
        """
        allowed = looks[0].allowed
        pool, widest = (CHAIN_POOL, WIDEST_CHAIN) if question.then else (POOL, len(allowed))
        results: list[Result] = []
        while True:
            results = extended(results, self._ranked(question, looks, pool))
            groups = _grouped(_folded(results), group)
            if len(groups) >= need or pool >= widest or (group == "video" and len(groups) == len(allowed.videos)):
                return groups
            pool *= WIDER

    def matches(self, question: Question, looks: Sequence[PreparedLook], group: Group) -> list[VideoGroup[Result]]:
        """The current result, best first: of the best results those that are more than weak."""
        return _grouped(self._more_than_weak(question, looks), group)

    def counter(self, question: Question, looks: Sequence[PreparedLook], group: Group) -> Counter:
        """Counts the current result, and what a filter more would leave of it."""
        first, *later = looks
        table = first.allowed.table
        if later:
            return ChainCounter(table, self._more_than_weak(question, looks), group)
        if first.runs is not None:
            return RunCounter(table, np.concatenate([np.empty(0, np.int64), *first.runs]), group)
        found = self._moments.nearest(first, MATCHED)
        meant = self._weighing.meant(found, first)
        deviation = first.aim.scale.deviation if first.aim else 0.0
        return MomentCounter(table, found, meant, np.array(sorted(first.spoken), np.int64), deviation, group)

    def _more_than_weak(self, question: Question, looks: Sequence[PreparedLook]) -> list[Result]:
        ranked = self._ranked(question, looks, CHAIN_POOL if question.then else MATCHED)
        bands = self._weighing.bands(ranked, looks)
        return _folded([result for result, band in zip(ranked, bands, strict=True) if band != WEAK])

    def _ranked(self, question: Question, looks: Sequence[PreparedLook], pool: int) -> list[Result]:
        if not question.then:
            first = self._moments.ranked(looks[0], pool)
            return [Result((one,), one.moment.score if looks[0].aim else None) for one in first]
        steps: list[list[RankedMoment]] = []
        for look in looks:
            # In other videos than those of the look before, no moment of this one can follow.
            there = replace(look, allowed=_with(steps[-1], look.allowed)) if steps else look
            steps.append(self._moments.ranked(there, pool if look.runs is None else MOST_RUNS))
        return chained(looks, steps, [step.within for step in question.then])


def _with(step: Sequence[RankedMoment], allowed: ClipSet) -> ClipSet:
    """Those of the allowed clips whose videos have a moment of the step."""
    return allowed.in_videos({ranked.moment.video_id for ranked in step})


def _grouped(results: list[Result], group: Group) -> list[VideoGroup[Result]]:
    """By video, or each by itself."""
    return group_by_video(results) if group == "video" else [VideoGroup(one) for one in results]


def _folded(results: list[Result]) -> list[Result]:
    """Without the moments that look like a better one; chains and film order stay as they are."""
    several = results[:MOST_FOLDED]
    vectors = [result.steps[0].vector for result in several if len(result.steps) == 1]
    known = [vector for vector in vectors if vector is not None]
    if not known or len(known) < len(several):
        return results
    by_peak = {result.steps[0].moment.peak.clip_id: result for result in several}
    folded = fold_duplicates([result.steps[0].moment for result in several], np.stack(known))
    kept = [(by_peak[one.moment.peak.clip_id], len(one.others)) for one in folded]
    return [replace(one, alike=alike) if alike else one for one, alike in kept] + results[MOST_FOLDED:]
