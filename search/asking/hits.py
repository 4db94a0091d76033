"""From ranked moments to the hits of an answer: rows are read for those alone that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.answer import Explanation, Hit, LaterMoment
from search.asking.kept import Kept
from search.asking.prepared import PreparedLook
from search.asking.ranked import RankedMoment, Result
from search.asking.weighing import Weighing
from search.catalog.records import ClipRecord, Segment
from search.catalog.tags import CatalogState
from search.library import Library
from search.ranking.grouping import VideoGroup

MOST_TAGS = 6
"""Tags shown under a hit."""


@dataclass(frozen=True, slots=True)
class Page:
    """The results that are shown, and the band of each."""

    groups: Sequence[VideoGroup[Result]]
    bands: Sequence[str]
    skip: int
    """Results that stand before them."""
    total: int | None
    """How many there are; None where every clip is one to some degree, or chains were not all followed."""
    nothing: bool
    """Whether no result, of this page or another, is possible."""


class Hits:
    """Makes hits of results of one library; safe to share between threads."""

    def __init__(self, library: Library, weighing: Weighing) -> None:
        self._weighing = weighing
        self._paths = Kept(library.catalog.paths)
        self._tags = Kept(library.catalog.segments_of)

    def of_page(
        self, page: Page, looks: Sequence[PreparedLook], state: CatalogState, hidden: frozenset[str], *, explain: bool
    ) -> tuple[Hit, ...]:
        """The hits of a page; a video that is gone meanwhile is left out.

        With `explain` each says how it came by its rank.
        """
        peaks = [group.best.steps[0].moment.peak for group in page.groups]
        paths = self._paths.get(state.version, {peak.video_id for peak in peaks})
        tags = self._tags.get(state.version, [peak.clip_id for peak in peaks])
        hits = []
        for at, (group, peak) in enumerate(zip(page.groups, peaks, strict=True)):
            if peak.video_id in paths:
                path = paths[peak.video_id]
                shown = _shown_tags(tags[peak.clip_id], hidden)
                clip = ClipRecord(peak.clip_id, peak.video_id, peak.start, peak.end, path, path.name)
                hit = _hit(page.skip + at + 1, page.bands[at], clip, shown, group, looks)
                how = _explained(group.best.steps[0], looks[0], self._weighing) if explain else None
                hits.append(replace(hit, explanation=how))
        return tuple(hits)


def _shown_tags(segments: Sequence[Segment], hidden: frozenset[str]) -> tuple[Segment, ...]:
    """Each tag once, by its strongest segment: one who goes and comes back within a clip has two."""
    strongest: dict[tuple[str, str], Segment] = {}
    for segment in segments:
        if segment.kind not in hidden:
            strongest.setdefault((segment.kind, segment.label), segment)
    return tuple(strongest.values())[:MOST_TAGS]


def _hit(
    rank: int,
    band: str,
    clip: ClipRecord,
    tags: tuple[Segment, ...],
    group: VideoGroup[Result],
    looks: Sequence[PreparedLook],
) -> Hit:
    first, *later = group.best.steps
    return Hit(
        rank=rank,
        score=group.best.score,
        band=band,
        clip=clip,
        tags=tags,
        extent=(first.moment.start, first.moment.end),
        cues=first.cues,
        then=tuple(_later(step, look) for step, look in zip(later, looks[1:], strict=True)),
        duplicates=group.best.alike,
        others=len(group.others),
    )


def _later(ranked: RankedMoment, look: PreparedLook) -> LaterMoment:
    moment = ranked.moment
    return LaterMoment(moment.peak.clip_id, moment.score if look.aim else None, moment.start, moment.end)


def _explained(ranked: RankedMoment, look: PreparedLook, weighing: Weighing) -> Explanation:
    similarity = minus = None
    if look.aim and ranked.vector is not None:
        similarity = float(ranked.vector @ look.aim.wanted)
        minus = similarity - float(ranked.vector @ look.aim.query)
    return Explanation(
        similarity=similarity,
        minus=minus,
        standing=weighing.standings([ranked], look)[0],
        sight_rank=ranked.sight_rank,
        words_rank=ranked.words_rank,
        clip_ids=ranked.moment.clip_ids,
    )
