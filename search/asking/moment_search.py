"""The moments of a look, ranked by what is seen and what is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from search.asking.film_order import moment_of
from search.asking.kept import Kept
from search.asking.prepared import PreparedLook
from search.asking.ranked import FoundClips, RankedMoment
from search.asking.weighing import Weighing, is_possible
from search.catalog.cues import FoundCue
from search.contracts import Float32
from search.library import Library
from search.ranking.fusion import fuse
from search.ranking.moments import Moment, merge_neighbours


class MomentSearch:
    """Ranks the moments of one library; safe to share between threads."""

    def __init__(self, library: Library, weighing: Weighing) -> None:
        self._library = library
        self._weighing = weighing
        self._cuts = Kept(library.catalog.cuts)

    def ranked(self, look: PreparedLook, pool: int) -> list[RankedMoment]:
        """The moments that the best `pool` clips make, best first.

        Where words of the question are said, it is the reciprocal rank fusion of what is said and what is seen, and
        what is seen counts from a band of possible: below, a rank means nothing, and every moment has one. Where
        nothing says which is best, moments come in film order.
        """
        if look.runs is not None:
            runs = (run for run in look.runs if look.allowed.mask[run[0]])
            return [RankedMoment(moment_of(look.allowed.table, run)) for run in islice(runs, pool)]
        seen = self._seen(look, pool)
        return self._fused(look, seen, self._heard(look, seen)) if look.spoken else seen

    def nearest(self, look: PreparedLook, pool: int) -> FoundClips:
        """The best `pool` clips for what should be seen; none where nothing seen is asked for."""
        if look.aim is None:
            return FoundClips((), np.empty((0, self._library.spec.dim), np.float32), {})
        table = look.allowed.table
        found = self._library.vectors.search(
            look.aim.query, pool + len(look.likes), look.allowed.chosen, generation=table.generation
        )
        wanted = table.rows_of(found.ids)[1] & ~np.isin(found.ids, list(look.likes))
        clips = table.scored(found.ids[wanted], found.scores[wanted].astype(np.float64))
        cuts = self._cuts.get(table.generation, {clip.video_id for clip in clips})
        return FoundClips(clips, found.vectors[wanted], cuts)

    def _seen(self, look: PreparedLook, pool: int) -> list[RankedMoment]:
        if look.aim is None:
            return []
        found = self.nearest(look, pool)
        moments = merge_neighbours(found.clips, found.cuts, look.aim.scale.deviation)
        vectors = {clip.clip_id: vector for clip, vector in zip(found.clips, found.vectors, strict=True)}
        return [
            RankedMoment(moment, vectors[moment.peak.clip_id], sight_rank=rank)
            for rank, moment in enumerate(moments, start=1)
        ]

    def _heard(self, look: PreparedLook, seen: list[RankedMoment]) -> list[RankedMoment]:
        """The moments in which something is said: those seen that it falls into, or its own clip."""
        holder = {clip_id: ranked for ranked in seen for clip_id in ranked.moment.clip_ids}
        vectors = self._vectors([clip_id for clip_id in look.spoken if clip_id not in holder])
        heard: dict[int, RankedMoment] = {}
        for clip_id, cues in look.spoken.items():
            ranked = holder.get(clip_id)
            if ranked is None and clip_id in vectors:
                ranked = _own_moment(clip_id, cues, vectors[clip_id], look)
            if ranked is not None:
                key = ranked.moment.peak.clip_id
                before = heard.get(key, replace(ranked, words_rank=len(heard) + 1))
                heard[key] = replace(before, cues=(*before.cues, *cues))
        return list(heard.values())

    def _fused(self, look: PreparedLook, seen: list[RankedMoment], heard: list[RankedMoment]) -> list[RankedMoment]:
        by_peak = {ranked.moment.peak.clip_id: ranked for ranked in (*seen, *heard)}
        standings = self._weighing.standings(seen, look)
        rankings = [
            [ranked for ranked, standing in zip(seen, standings, strict=True) if is_possible(standing)],
            heard,
        ]
        order = fuse([[ranked.moment.peak.clip_id for ranked in ranking] for ranking in rankings])
        rest = [ranked.moment.peak.clip_id for ranked in seen]
        return [by_peak[peak] for peak in dict.fromkeys([*order, *rest])]

    def _vectors(self, clip_ids: list[int]) -> dict[int, Float32]:
        there, vectors = self._library.vectors.vectors(np.array(clip_ids, np.int64))
        return dict(zip(there.tolist(), vectors, strict=True))


def _own_moment(clip_id: int, cues: tuple[FoundCue, ...], vector: Float32, look: PreparedLook) -> RankedMoment | None:
    """A clip with the whole of what is said in it."""
    score = float(vector @ look.aim.query) if look.aim else 0.0
    for peak in look.allowed.table.scored(np.array([clip_id]), np.array([score])):
        start = min(peak.start, *(found.cue.start for found in cues))
        end = max(peak.end, *(found.cue.end for found in cues))
        return RankedMoment(Moment(peak.video_id, peak, start, end, score, (clip_id,)), vector)
    return None
