"""Roots: the folders that were indexed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from search.catalog.base import CatalogBase
from search.catalog.models import RootRow
from search.catalog.records import RootRecord
from search.errors import NotFound, UsageError


class Roots(CatalogBase):
    """The part of the catalog that knows folders."""

    def roots(self) -> list[RootRecord]:
        with self.reading() as session:
            return [_record(row) for row in session.scalars(select(RootRow).order_by(RootRow.id))]

    def add_root(self, path: Path) -> RootRecord:
        """The root at this absolute path, made if it is new."""
        with self.writing() as session:
            row = session.scalar(select(RootRow).where(RootRow.path == str(path)))
            if row is None:
                row = RootRow(path=str(path), missing=False)
                session.add(row)
                session.flush()
            return _record(row)

    def set_root_missing(self, root_id: int, missing: bool) -> None:
        with self.writing() as session:
            row = session.get_one(RootRow, root_id)
            row.missing = missing

    def relink_root(self, old: Path, new: Path) -> RootRecord:
        """Tells that the folder `old` is now at `new`; everything below keeps its rows.

        Raises NotFound when `old` is no root, UsageError when `new` is one already.
        """
        with self.writing() as session:
            row = session.scalar(select(RootRow).where(RootRow.path == str(old)))
            if row is None:
                raise NotFound(f"{old} is not an indexed folder.", "`vsearch roots list` names them.")
            if session.scalar(select(RootRow).where(RootRow.path == str(new))) is not None:
                raise UsageError(
                    f"{new} is an indexed folder already.",
                    "Run `vsearch index` on it: moved files keep their rows.",
                )
            row.path, row.missing = str(new), False
            self.bump(session)
            return _record(row)


def _record(row: RootRow) -> RootRecord:
    return RootRecord(row.id, Path(row.path), row.missing)
