"""Whether films lie in the folders that a question names. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePath

from search.catalog.filters import as_part
from search.errors import BadQuery
from search.query import did_you_mean

LONGEST_NAMED = 80


def check_folders(asked: Sequence[str], folders: Collection[tuple[PurePath, PurePath]]) -> None:
    """`folders` are those in which films lie: each as its root, and relative to that.

    Raises BadQuery for one in which none lies, with the nearest; nothing in a library without films.
    """
    there = {as_part((root / folder).as_posix()) for root, folder in folders}
    for name in asked:
        if there and not any(as_part(name) in folder for folder in there):
            cure = did_you_mean(name.strip("/"), _names(folders), "The folders in this library")
            raise BadQuery(f"No film lies in a folder {name[:LONGEST_NAMED]!r}.", cure)


def _names(folders: Collection[tuple[PurePath, PurePath]]) -> list[str]:
    """What `in:` takes: below their roots, then roots and single levels."""
    whole = [folder.as_posix() for _, folder in folders if folder.parts]
    levels = [level for root, folder in folders for level in (root.name, *folder.parts)]
    return list(dict.fromkeys([*whole, *levels]))
