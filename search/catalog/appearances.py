"""Appearances, the groups they are in, and the features by which they were put there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from search.catalog.base import CatalogBase
from search.catalog.clips import read_vectors, stored_vector
from search.catalog.hand import CHARACTER, MAX_GAP, all_given, batches, settle, videos_modelled
from search.catalog.models import AppearanceGroupRow, AppearanceRow, MetaRow, SegmentRow, VideoRow
from search.catalog.records import VideoState
from search.contracts import Float32, Int64


@dataclass(frozen=True, slots=True)
class Appearance:
    """A stretch of one shot that looks the same throughout; one sampled frame stands for it."""

    id: int
    video_id: int
    start: float
    """Seconds from the first shown frame."""
    end: float
    """Seconds, exclusive."""


@dataclass(frozen=True, slots=True)
class NewAppearance:
    """One that is not stored yet."""

    start: float
    end: float
    feature: Float32
    """`[D]`, of length 1."""


@dataclass(frozen=True, slots=True)
class Features:
    """What appearances look like, in the order of their ids."""

    ids: Int64
    """`[N]`"""
    videos: Int64
    """The video of each."""
    groups: Int64
    """The group of each; 0 for those that were not put into one yet."""
    vectors: Float32
    """`[N, D]`, of length 1."""


class Appearances(CatalogBase):
    """The part of the catalog that knows groups of similar frames."""

    def appearance_groups(self) -> dict[int, tuple[str, ...]]:
        """Every group with its names."""
        query = select(AppearanceGroupRow.id, AppearanceGroupRow.names)
        with self.reading() as session:
            return {group_id: tuple(json.loads(names)) for group_id, names in session.execute(query)}

    def appearances(self, group_id: int | None = None) -> list[tuple[int, Appearance]]:
        """Each with its group, by film and time: all, or those of one group."""
        columns = AppearanceRow.id, AppearanceRow.video_id, AppearanceRow.start, AppearanceRow.end
        query = select(AppearanceRow.group_id, *columns).order_by(AppearanceRow.video_id, AppearanceRow.start)
        of_group = AppearanceRow.group_id.is_not(None) if group_id is None else AppearanceRow.group_id == group_id
        with self.reading() as session:
            rows = session.execute(query.where(of_group))
            return [(row[0] or 0, Appearance(*row[1:])) for row in rows]

    def appearances_with(self, appearance_ids: Collection[int]) -> dict[int, Appearance]:
        """Those with these ids; those that are gone are left out."""
        columns = AppearanceRow.id, AppearanceRow.video_id, AppearanceRow.start, AppearanceRow.end
        found: dict[int, Appearance] = {}
        with self.reading() as session:
            for batch in batches(appearance_ids):
                rows = session.execute(select(*columns).where(AppearanceRow.id.in_(batch)))
                found.update({row[0]: Appearance(*row) for row in rows})
        return found

    def appearance_ids(self) -> set[int]:
        with self.reading() as session:
            return set(session.scalars(select(AppearanceRow.id)))

    def videos_without_appearances(self, fingerprint: str) -> list[int]:
        """The videos that can be looked at and have not been, by id.

        Those of which a network other than this one made features that never came into a group are among them.
        """
        looked_at = AppearanceRow.group_id.is_not(None) | (AppearanceRow.fingerprint == fingerprint)
        query = select(VideoRow.id).where(
            VideoRow.state != VideoState.FAILED,
            VideoRow.missing.is_(False),
            VideoRow.id.not_in(select(AppearanceRow.video_id).where(looked_at)),
        )
        with self.reading() as session:
            return list(session.scalars(query.order_by(VideoRow.id)))

    def appearance_features(self, fingerprint: str) -> Features:
        """Of all appearances whose feature is by that network."""
        columns = AppearanceRow.id, AppearanceRow.video_id, AppearanceRow.group_id, AppearanceRow.feature
        query = select(*columns).where(AppearanceRow.fingerprint == fingerprint).order_by(AppearanceRow.id)
        with self.reading() as session:
            rows = session.execute(query).all()
        ids, videos, groups = (np.array([row[i] or 0 for row in rows], np.int64) for i in range(3))
        dim = len(rows[0][3]) // 2 if rows else 0  # two bytes a number
        vectors = read_vectors((row[3] for row in rows), dim) if rows else np.zeros((0, 0), np.float32)
        return Features(ids, videos, groups, vectors)

    def add_appearances(
        self,
        video_id: int,
        fingerprint: str,
        found: Sequence[NewAppearance],
        on_ids: Callable[[list[int]], None] = lambda _ids: None,
    ) -> list[int]:
        """Stores a film's appearances, in no group yet, in place of those it had; their ids.

        `on_ids` is told them before anything is stored for good: what is kept beside them is there, or they are not.
        """
        with self.writing() as session:
            forget_appearances(session, video_id)
            rows = [
                AppearanceRow(
                    video_id=video_id,
                    start=new.start,
                    end=new.end,
                    feature=stored_vector(new.feature),
                    fingerprint=fingerprint,
                )
                for new in found
            ]
            session.add_all(rows)
            session.flush()
            ids = [row.id for row in rows]
            on_ids(ids)
            return ids

    def put_into_groups(self, groups: Iterable[tuple[int | None, Collection[int]]]) -> None:
        """Appearances that are in no group come into one, or into a new one (None), in one transaction.

        A group that has gone meanwhile is made anew, without its names.
        """
        with self.writing() as session:
            videos: set[int] = set()
            for group_id, appearance_ids in groups:
                there = group_id is not None and session.get(AppearanceGroupRow, group_id) is not None
                target = group_id if there else new_group(session)
                for batch in batches(appearance_ids):
                    waiting = AppearanceRow.id.in_(batch), AppearanceRow.group_id.is_(None)
                    moved = update(AppearanceRow).where(*waiting).values(group_id=target)
                    videos.update(session.scalars(moved.returning(AppearanceRow.video_id)))
            settle(session, videos | drop_empty_groups(session))
            self.bump(session, "tags")

    def bridge_characters(self, max_gap: float) -> None:
        """From now on, gaps of up to so many seconds between appearances of one name are bridged, in all films."""
        if self.meta(MAX_GAP) == str(max_gap):
            return
        with self.writing() as session:
            session.merge(MetaRow(key=MAX_GAP, value=str(max_gap)))
            session.flush()
            settle(session, set(session.scalars(select(AppearanceRow.video_id).distinct())))
            self.bump(session, "tags")

    def character_seconds(self) -> dict[str, float]:
        """How long each character is on screen in all films, whoever says so."""
        columns = SegmentRow.video_id, SegmentRow.label, SegmentRow.start, SegmentRow.end
        query = select(*columns).where(SegmentRow.kind == CHARACTER).order_by(*columns)
        seconds: dict[str, float] = defaultdict(float)
        last: tuple[int, str] | None = None
        reached = 0.0
        with self.reading() as session:
            for video_id, label, start, end in session.execute(query):
                if (video_id, label) != last:
                    last, reached = (video_id, label), 0.0
                seconds[label] += max(0.0, end - max(start, reached))
                reached = max(reached, end)
        return dict(seconds)


def forget_appearances(session: Session, video_id: int) -> None:
    """A film with other content: what was seen in it is gone."""
    session.execute(delete(AppearanceRow).where(AppearanceRow.video_id == video_id))


def drop_empty_groups(session: Session) -> set[int]:
    """Groups that have lost all appearances go, and their names with them; the videos to be settled for that."""
    before = all_given(session)
    session.execute(delete(AppearanceGroupRow).where(AppearanceGroupRow.id.not_in(filled_groups())))
    return videos_modelled(session, before - all_given(session))


def filled_groups() -> Select[int | None]:
    """The groups that have appearances."""
    return select(AppearanceRow.group_id).where(AppearanceRow.group_id.is_not(None))


def new_group(session: Session) -> int:
    row = AppearanceGroupRow(names="[]")
    session.add(row)
    session.flush()
    return row.id
