"""Changes of groups, one transaction each, and the changes that take them back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from search.catalog.appearances import filled_groups, new_group
from search.catalog.base import CatalogBase
from search.catalog.hand import all_given, batches, settle, videos_modelled
from search.catalog.models import (
    AppearanceGroupRow,
    AppearanceRow,
    NamingStepRow,
)

KEPT = 200
"""So many steps can be taken back."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to groups, in this order. What is gone meanwhile is passed over."""

    groups: dict[int, list[str]] = field(default_factory=dict)
    """Groups to be made, with their names."""
    names: dict[int, list[str]] = field(default_factory=dict)
    """Groups that get other names."""
    moves: dict[int, list[int]] = field(default_factory=dict)
    """By group the appearances that come to it. Groups that are left empty go."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Change:
        parts = json.loads(text)
        return cls(*({int(group): value for group, value in parts[part].items()} for part in cls.__slots__))


class NamingSteps(CatalogBase):
    """The part of the catalog that changes groups."""

    def name_group(self, group_id: int, names: Sequence[str], words: str) -> None:
        """Says who is on a group, in place of what was said before."""
        with self.writing() as session:
            self._step(session, Change(names={group_id: list(names)}), words)

    def move_appearances(self, appearance_ids: Collection[int], to: int | None, words: str) -> int:
        """Puts appearances into a group, or into a new one; the group's id."""
        with self.writing() as session:
            target = new_group(session) if to is None else to
            self._step(session, Change(moves={target: list(appearance_ids)}), words)
            return target

    def merge_groups(self, into: int, others: Collection[int], words: str) -> bool:
        """All appearances of other groups come into one, which keeps its names, or else gets theirs.

        Whether that changes anything.
        """
        with self.writing() as session:
            coming = session.scalars(select(AppearanceRow.id).where(AppearanceRow.group_id.in_(others)))
            moves = {into: list(coming)}
            names = {} if _names(session, into) else {into: _all_names(session, others)}
            return self._step(session, Change(names=names, moves=moves), words)

    def undo_step(self) -> str | None:
        """Takes the last step back; its words, or None where there is none."""
        with self.writing() as session:
            row = session.scalars(select(NamingStepRow).order_by(NamingStepRow.id.desc()).limit(1)).first()
            if row is None:
                return None
            self._apply(session, Change.from_json(row.back))
            words = row.words
            session.delete(row)
            return words

    def last_naming_step(self) -> str | None:
        query = select(NamingStepRow.words).order_by(NamingStepRow.id.desc()).limit(1)
        with self.reading() as session:
            return session.scalar(query)

    def _step(self, session: Session, change: Change, words: str) -> bool:
        """Whether it changes anything; a step that does not is none to take back."""
        back = self._apply(session, change)
        if back == Change():
            return False
        row = NamingStepRow(words=words, back=back.to_json())
        session.add(row)
        session.flush()
        session.execute(delete(NamingStepRow).where(NamingStepRow.id <= row.id - KEPT))
        return True

    def _apply(self, session: Session, change: Change) -> Change:
        """The change that takes this one back."""
        before = all_given(session)
        session.add_all(
            AppearanceGroupRow(id=group_id, names=_json(names)) for group_id, names in change.groups.items()
        )
        session.flush()
        names = _rename(session, change.names)
        moves = _move(session, change.moves)
        groups = _drop_empty(session, {*change.groups, *moves})
        touched = {*change.names, *change.moves, *moves}
        settle(session, _videos_of(session, touched, before ^ all_given(session)))
        self.bump(session, "tags")
        return Change(groups, names, moves)


def _json(names: Sequence[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _rename(session: Session, names: dict[int, list[str]]) -> dict[int, list[str]]:
    """What those were called before that get another name."""
    before: dict[int, list[str]] = {}
    for group_id, given in names.items():
        row = session.get(AppearanceGroupRow, group_id)
        if row is not None and row.names != _json(given):
            before[group_id] = json.loads(row.names)
            row.names = _json(given)
    session.flush()
    return before


def _move(session: Session, moves: dict[int, list[int]]) -> dict[int, list[int]]:
    """Where they were before."""
    before: dict[int, list[int]] = defaultdict(list)
    for target, appearance_ids in moves.items():
        if session.get(AppearanceGroupRow, target) is None:
            continue
        for batch in batches(appearance_ids):
            moving = AppearanceRow.id.in_(batch), AppearanceRow.group_id != target
            rows = session.execute(select(AppearanceRow.id, AppearanceRow.group_id).where(*moving))
            for appearance_id, group_id in rows:
                before[group_id or target].append(appearance_id)
            session.execute(update(AppearanceRow).where(*moving).values(group_id=target))
    return dict(before)


def _drop_empty(session: Session, group_ids: Iterable[int]) -> dict[int, list[str]]:
    """Of these groups, those that are left empty go; what they were called."""
    dropped: dict[int, list[str]] = {}
    for batch in batches(group_ids):
        empty = AppearanceGroupRow.id.in_(batch), AppearanceGroupRow.id.not_in(filled_groups())
        rows = session.execute(select(AppearanceGroupRow.id, AppearanceGroupRow.names).where(*empty)).all()
        dropped.update({group_id: json.loads(names) for group_id, names in rows})
        session.execute(delete(AppearanceGroupRow).where(*empty))
    return dropped


def _videos_of(session: Session, group_ids: Collection[int], names: Collection[str]) -> set[int]:
    """The videos that these groups are in, or in which a model knows these names, old or new."""
    found: set[int] = set()
    for batch in batches(group_ids):
        found.update(session.scalars(select(AppearanceRow.video_id).where(AppearanceRow.group_id.in_(batch))))
    return found | videos_modelled(session, names)


def _names(session: Session, group_id: int) -> list[str]:
    row = session.get(AppearanceGroupRow, group_id)
    names: list[str] = json.loads(row.names) if row else []
    return names


def _all_names(session: Session, group_ids: Iterable[int]) -> list[str]:
    """The first names among these groups: where two were called differently, the person says what is meant."""
    return next(filter(None, (_names(session, group_id) for group_id in group_ids)), [])
