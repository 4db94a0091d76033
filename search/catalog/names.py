"""The names in a catalog, read without SQLAlchemy: a person who presses Tab does not wait for its import."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from search.settings import EMOTION, NO_EMOTION

MOST_FOLDERS = 2_000


@dataclass(frozen=True, slots=True)
class Names:
    """What a question can name."""

    tags: tuple[tuple[str, str], ...] = ()
    """Kind and label of every tag in use that is shown."""
    folders: tuple[str, ...] = ()
    """Folders that hold videos, relative to their root, with `/` at the end."""
    saved: tuple[str, ...] = ()
    """Saved searches."""


def read_names(catalog: Path, *, no_emotion: bool) -> Names:
    """Empty where there is no catalog, or where it cannot be read."""
    if not catalog.exists():
        return Names()
    try:
        with closing(sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as database:
            return _read(database, no_emotion)
    except sqlite3.Error:
        return Names()


def _read(database: sqlite3.Connection, no_emotion: bool) -> Names:
    [switched_off] = database.execute("SELECT max(value) FROM meta WHERE key = ?", (NO_EMOTION,)).fetchone()
    hidden = EMOTION if no_emotion or switched_off else None
    tags = database.execute(
        "SELECT DISTINCT kind, label FROM segment WHERE kind IS NOT ? ORDER BY kind, label", (hidden,)
    ).fetchall()
    # `rtrim` of all that is no slash leaves the folder.
    folders = database.execute(
        "SELECT DISTINCT rtrim(relpath, replace(relpath, '/', '')) FROM video ORDER BY 1 LIMIT ?", (MOST_FOLDERS,)
    ).fetchall()
    saved = database.execute("SELECT name FROM saved_search ORDER BY name").fetchall()
    # A shell is told a name a line: one with a line break, or one that steers the terminal, is not offered.
    return Names(
        tuple((kind, label) for kind, label in tags if kind.isprintable() and label.isprintable()),
        tuple(folder for (folder,) in folders if folder and folder.isprintable()),
        tuple(name for (name,) in saved),
    )
