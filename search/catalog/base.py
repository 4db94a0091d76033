"""What every part of the catalog shares: one store, short transactions, translated errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from search.catalog.models import MetaRow
from search.catalog.stores.base import Store, translated


class CatalogBase:
    """Transactions on one database; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with translated(self.store), Session(self.store.reading) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: everything inside is stored, or nothing is."""
        with translated(self.store), Session(self.store.writing) as session, session.begin():
            yield session

    def close(self) -> None:
        self.store.close()

    def meta(self, key: str) -> str | None:
        with self.reading() as session:
            row = session.get(MetaRow, key)
            return row.value if row else None

    def set_meta(self, **values: str) -> None:
        with self.writing() as session:
            for key, value in values.items():
                session.merge(MetaRow(key=key, value=value))

    def generation(self) -> int:
        """A number that grows with every change of clips."""
        return int(self.meta("generation") or 0)

    @staticmethod
    def bump(session: Session, counter: str = "generation") -> None:
        """Raises a number of the library's meta by one."""
        row = session.get(MetaRow, counter)
        if row is None:
            session.add(MetaRow(key=counter, value="1"))
        else:
            row.value = str(int(row.value) + 1)


def now() -> float:
    return time.time()
