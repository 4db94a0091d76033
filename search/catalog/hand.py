"""What a person says of characters, as segments beside those of a model.

A person names groups of appearances. On the seconds of those the person's word holds, for every name given in this
library: what a model says of these names there is set aside, and kept for when the person takes it back. Everywhere
else the model is heard.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from search.catalog.models import AppearanceGroupRow, AppearanceRow, MetaRow, OverruledSegmentRow, SegmentRow
from search.catalog.records import Segment

CHARACTER = "character"
NOBODY = "nobody"
"""The name of a group on which nobody is."""
MODEL, HAND = "model", "hand"
MAX_GAP = "character_gap"
"""Under this key the library remembers how many seconds between two appearances of one name are bridged."""
ROUNDING = 1e-6
"""Seconds that times lose as sums of floats."""
BATCH = 500
"""SQLite takes a limited number of parameters in one statement."""
SPAN = ("video_id", "kind", "label", "start", "end", "score")


@dataclass(frozen=True, slots=True)
class Said:
    """Who a person says is on a stretch of a film; seconds."""

    start: float
    end: float
    names: frozenset[str]
    """Empty: nobody."""


def hand_segments(said: Iterable[Said], max_gap: float) -> list[Segment]:
    """The segments of one film, from what was said of it in the order of time.

    Two stretches of one name no more than `max_gap` seconds apart are one, unless something else was said of the
    time between.
    """
    open_spans: dict[str, tuple[float, float]] = {}
    found: list[Segment] = []
    for one in said:
        for name in [name for name in open_spans if name not in one.names]:
            found.append(_segment(name, *open_spans.pop(name)))
        for name in one.names:
            start, end = open_spans.get(name, (one.start, one.start))
            if one.start - end > max_gap + ROUNDING:
                found.append(_segment(name, start, end))
                start = one.start
            open_spans[name] = start, one.end
    found += [_segment(name, *span) for name, span in open_spans.items()]
    return sorted(found, key=lambda segment: (segment.start, segment.label))


def remains(segment: Segment, said: Iterable[Said]) -> list[Segment]:
    """What is left of a model's segment where a person, in the order of time, says something."""
    left: list[Segment] = []
    start = segment.start
    for one in said:
        if one.end <= start or one.start >= segment.end:
            continue
        if one.start > start:
            left.append(replace(segment, start=start, end=one.start))
        start = one.end
    if start < segment.end:
        left.append(replace(segment, start=start))
    return left


def settle(session: Session, video_ids: Collection[int]) -> None:
    """Brings the characters of these videos into agreement with what a person says, inside a transaction."""
    names = given_names(session)
    row = session.get(MetaRow, MAX_GAP)
    max_gap = float(row.value) if row else 0.0
    for batch in batches(video_ids):
        _give_back(session, batch)
        said = _said(session, batch, names)
        if said:
            ruled = _overrule(session, said, frozenset().union(*names.values()))
            for video_id, spans in said.items():
                ruled[video_id] += hand_segments(spans, max_gap)
            _insert(session, ruled)


def given_names(session: Session) -> dict[int, frozenset[str]]:
    """By named group, the names of who is on it; none where that is nobody."""
    query = select(AppearanceGroupRow.id, AppearanceGroupRow.names).where(AppearanceGroupRow.names != "[]")
    return {group_id: frozenset(json.loads(names)) - {NOBODY} for group_id, names in session.execute(query)}


def all_given(session: Session) -> frozenset[str]:
    """Every name that a person has given in this library."""
    return frozenset().union(*given_names(session).values())


def videos_modelled(session: Session, names: Collection[str]) -> set[int]:
    """The videos in which a model knows these names, whether that is set aside or not."""
    if not names:
        return set()
    heard = select(SegmentRow.video_id).where(_of_model(names))
    overruled = select(OverruledSegmentRow.video_id).where(OverruledSegmentRow.label.in_(names))
    return {*session.scalars(heard), *session.scalars(overruled)}


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """As many at a time as one statement takes."""
    values = sorted(ids)
    for at in range(0, len(values), BATCH):
        yield values[at : at + BATCH]


def _give_back(session: Session, video_ids: Sequence[int]) -> None:
    """The model's word stands alone again."""
    by_hand = SegmentRow.source == HAND, SegmentRow.video_id.in_(video_ids)
    session.execute(delete(SegmentRow).where(*by_hand))
    overruled = OverruledSegmentRow.video_id.in_(video_ids)
    kept = select(*(getattr(OverruledSegmentRow, column) for column in SPAN)).where(overruled)
    session.execute(insert(SegmentRow).from_select(list(SPAN), kept))
    session.execute(delete(OverruledSegmentRow).where(overruled))


def _said(session: Session, video_ids: Sequence[int], names: dict[int, frozenset[str]]) -> dict[int, list[Said]]:
    """By video what was said of it, in the order of time."""
    query = (
        select(AppearanceRow.video_id, AppearanceRow.group_id, AppearanceRow.start, AppearanceRow.end)
        .where(AppearanceRow.video_id.in_(video_ids))
        .order_by(AppearanceRow.video_id, AppearanceRow.start)
    )
    said: dict[int, list[Said]] = defaultdict(list)
    for video_id, group_id, start, end in session.execute(query):
        if group_id in names:
            said[video_id].append(Said(start, end, names[group_id]))
    return said


def _overrule(session: Session, said: dict[int, list[Said]], names: frozenset[str]) -> dict[int, list[Segment]]:
    """Sets aside what a model says of the names where a person speaks; by video what remains of that."""
    left: dict[int, list[Segment]] = defaultdict(list)
    overruled: list[int] = []
    for row in session.scalars(select(SegmentRow).where(_of_model(names), SegmentRow.video_id.in_(list(said)))):
        segment = Segment(row.kind, row.label, row.start, row.end, row.score)
        remaining = remains(segment, said[row.video_id])
        if remaining != [segment]:
            overruled.append(row.id)
            left[row.video_id] += remaining
    for batch in batches(overruled):
        rows = select(*(getattr(SegmentRow, column) for column in SPAN)).where(SegmentRow.id.in_(batch))
        session.execute(insert(OverruledSegmentRow).from_select(list(SPAN), rows))
        session.execute(delete(SegmentRow).where(SegmentRow.id.in_(batch)))
    return left


def _of_model(names: Collection[str]) -> ColumnElement[bool]:
    ours = (SegmentRow.kind == CHARACTER) & (SegmentRow.source == MODEL)
    return ours & SegmentRow.label.in_(names)


def _insert(session: Session, segments: dict[int, list[Segment]]) -> None:
    rows = [
        {
            "video_id": video_id,
            "kind": segment.kind,
            "label": segment.label,
            "start": segment.start,
            "end": segment.end,
            "score": segment.score,
            "source": HAND,
        }
        for video_id, found in segments.items()
        for segment in found
    ]
    if rows:
        session.execute(insert(SegmentRow), rows)


def _segment(name: str, start: float, end: float) -> Segment:
    return Segment(CHARACTER, name, start, end, 1.0)
