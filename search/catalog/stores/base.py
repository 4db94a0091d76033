"""What a database must offer that a catalog lives in: the seam between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from search.errors import NotFound, VsearchError
from search.lock import Lock


class Store(Protocol):
    """A database for one library; safe to share between threads. Nothing is opened before it is needed."""

    name: str
    """For messages; never with a password."""
    errors: tuple[type[Exception], ...]
    """What its driver may raise; `translate` makes ours of it."""

    @property
    def reading(self) -> Engine:
        """Its transactions see one state of the database, however long they last."""

    @property
    def writing(self) -> Engine:
        """Its transactions come one after the other: each waits for the one before, and sees what that has stored."""

    @property
    def writable(self) -> bool:
        """Whether this process may change the library."""

    def holds_library(self) -> bool:
        """Whether a library was made here, wholly."""

    def making(self) -> AbstractContextManager[Self]:
        """A store to fill with a new library, which is there when this ends, and not before."""

    def lock(self, task: str) -> Lock:
        """Held by the one program that does this task (`index`, `jobs`) for the library."""

    def translate(self, error: Exception) -> VsearchError:
        """The error that a person can act on."""

    def complaints(self, session: Session) -> list[str]:
        """What the database finds wrong with itself; empty when it is whole."""

    def size(self) -> int:
        """Bytes that the catalog takes, wherever they are."""

    def close(self) -> None:
        """Lets go of all connections."""


def number_too_large() -> NotFound:
    """For an id that is no number of the database's."""
    return NotFound("The library holds nothing with a number that large.", "Check the number.")


@contextmanager
def translated(store: Store) -> Iterator[None]:
    """Raises our errors in place of the database's."""
    try:
        yield
    except store.errors as error:
        raise store.translate(error) from error
