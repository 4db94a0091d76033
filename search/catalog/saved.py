"""Saved searches: a question under a name, and up to where it has been answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, delete, func, select, update

from search.catalog.base import CatalogBase, now
from search.catalog.models import ClipRow, SavedSearchRow


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A question under a name. Times are seconds since the epoch."""

    name: str
    question: str
    """In the query language."""
    added_at: float
    ran_at: float | None
    """When the moments that were new were last asked for; None before that."""
    newest_clip: int
    """The clips up to this id have been answered; 0 is none."""


class SavedSearches(CatalogBase):
    """The part of the catalog that knows saved searches; by their names."""

    def save_search(self, name: str, question: str) -> bool:
        """Whether it was stored; False when there is one of that name."""
        with self.writing() as session:
            if session.get(SavedSearchRow, name) is not None:
                return False
            session.add(SavedSearchRow(name=name, question=question, added_at=now()))
            return True

    def saved_searches(self) -> list[SavedSearch]:
        """By name."""
        with self.reading() as session:
            return [_record(row) for row in session.scalars(select(SavedSearchRow).order_by(SavedSearchRow.name))]

    def saved_search(self, name: str) -> SavedSearch | None:
        with self.reading() as session:
            row = session.get(SavedSearchRow, name)
            return _record(row) if row else None

    def mark_search(self, name: str, newest_clip: int) -> None:
        """Remembers that it was answered now, for the clips up to this id. The mark never goes back."""
        known = SavedSearchRow.newest_clip
        newest = case((known > newest_clip, known), else_=newest_clip)
        with self.writing() as session:
            session.execute(
                update(SavedSearchRow).where(SavedSearchRow.name == name).values(ran_at=now(), newest_clip=newest)
            )

    def forget_search(self, name: str) -> bool:
        """Whether there was one."""
        with self.writing() as session:
            gone = session.execute(
                delete(SavedSearchRow).where(SavedSearchRow.name == name).returning(SavedSearchRow.name)
            )
            return gone.first() is not None

    def newest_clip(self) -> int:
        """The highest clip id there is; 0 where there is none. Ids grow, and are never used again."""
        with self.reading() as session:
            return session.scalar(select(func.max(ClipRow.id))) or 0


def _record(row: SavedSearchRow) -> SavedSearch:
    return SavedSearch(row.name, row.question, row.added_at, row.ran_at, row.newest_clip)
