"""Naming characters: groups of similar frames that a person names, merges and splits, step by step.

from search.library import open_library
from search.naming import Naming

naming = Naming(open_library())
naming.name(naming.groups()[0].id, ["tom"])
print(naming.screen_times())

The groups are made by `indexer/grouping`. Each step is one short transaction, in which the screen times, lanes and
tags of `character` follow.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from search.catalog.appearances import Appearance
from search.catalog.hand import NOBODY
from search.errors import NotFound, UsageError, first_of
from search.library import Library

__all__ = ["NOBODY", "Appearance", "AppearanceGroup", "Naming"]

SHOWN = 12
LONGEST_NAME = 100
MOST_NAMES = 20
PICTURES = "appearances"
"""The folder with the pictures, in that of the library."""
SHARD = 1_000
"""Pictures in one folder."""


@dataclass(frozen=True, slots=True)
class AppearanceGroup:
    """Appearances that look alike."""

    id: int
    names: tuple[str, ...]
    """Who is on them; `("nobody",)` for nobody, empty before a person has said."""
    appearances: int
    seconds: float
    """Of film."""
    shown: tuple[Appearance, ...]
    """A few of them, evenly spread, by film and time."""


class Naming:
    """The groups of one library. Works while an indexer runs; safe to share between threads.

    Ids that are gone raise NotFound, names that are none UsageError; nothing is changed then.
    """

    def __init__(self, library: Library) -> None:
        self._catalog, self._folder = library.catalog, library.path

    def groups(self) -> list[AppearanceGroup]:
        """The named first, by seconds; then those without a name, by how many appearances they have."""
        members: dict[int, list[Appearance]] = defaultdict(list)
        for group_id, appearance in self._catalog.appearances():
            members[group_id].append(appearance)
        names = self._catalog.appearance_groups()
        groups = [_group(group_id, names.get(group_id, ()), found) for group_id, found in members.items()]
        return sorted(groups, key=_order)

    def group(self, group_id: int, skip: int = 0, count: int = 200) -> tuple[AppearanceGroup, list[Appearance]]:
        """A group, and a page of its appearances, by film and time."""
        names = self._known(group_id)
        members = [appearance for _, appearance in self._catalog.appearances(group_id)]
        return _group(group_id, names, members), members[skip : skip + count]

    def name(self, group_id: int, names: Sequence[str]) -> bool:
        """Says who is on all of a group: one name or several, `nobody`, or none to leave it open again.

        A name that is known in other upper or lower case is written as it is known. Returns whether that changes
        anything; a step that does not is none to take back.
        """
        checked = self._checked(names)
        if checked == self._known(group_id):
            return False
        words = f"naming a group {' and '.join(checked)}" if checked else "taking the name off a group"
        self._catalog.name_group(group_id, checked, words)
        return True

    def merge(self, into: int, others: Sequence[int]) -> bool:
        """Puts all appearances of other groups into one, which keeps its names; without any it gets theirs.

        False where others have left nothing to merge.
        """
        merged = dict.fromkeys(other for other in others if other != into)
        self._known(into, *merged)
        if not merged:
            raise UsageError("One group alone cannot be merged.", "Choose two groups, or more.")
        return self._catalog.merge_groups(into, list(merged), f"merging {1 + len(merged)} groups")

    def split(self, group_id: int, appearance_ids: Sequence[int]) -> int:
        """Puts appearances of a group into a new one, without a name; its id."""
        self._known(group_id)
        members = {appearance.id for _, appearance in self._catalog.appearances(group_id)}
        leaving = self._there(appearance_ids)
        if elsewhere := leaving - members:
            raise UsageError(
                f"Not all of these appearances are in group {group_id}: {first_of(sorted(map(str, elsewhere)))}.",
                "Look at the group again: it has changed.",
            )
        if leaving == members:
            raise UsageError("That is the whole group.", "Choose some of its appearances, not all.")
        return self._catalog.move_appearances(leaving, None, f"splitting {_count(leaving)} off")

    def move(self, appearance_ids: Sequence[int], to: int) -> bool:
        """Puts appearances, of whatever groups, into another; False where all of them are in it."""
        self._known(to)
        moving = self._there(appearance_ids)
        if moving <= {appearance.id for _, appearance in self._catalog.appearances(to)}:
            return False
        self._catalog.move_appearances(moving, to, f"moving {_count(moving)}")
        return True

    def undo(self) -> str | None:
        """Takes the last step back, and the one before when called again; what was taken back, or None."""
        return self._catalog.undo_step()

    def last_step(self) -> str | None:
        """What `undo` would take back."""
        return self._catalog.last_naming_step()

    def screen_times(self) -> list[tuple[str, float]]:
        """Every character with the seconds on screen in all films, the longest first."""
        return sorted(self._catalog.character_seconds().items(), key=lambda item: (-item[1], item[0]))

    def picture(self, appearance_id: int) -> Path | None:
        """A small JPEG; None where there is none."""
        path = picture_path(self._folder, appearance_id)
        return path if self._catalog.appearances_with([appearance_id]) and path.is_file() else None

    def _known(self, *group_ids: int) -> tuple[str, ...]:
        """The names of the first of groups that are all there."""
        groups = self._catalog.appearance_groups()
        for group_id in group_ids:
            if group_id not in groups:
                raise NotFound(f"There is no group {group_id}.", "`vsearch characters groups` names them.")
        return groups[group_ids[0]]

    def _there(self, appearance_ids: Collection[int]) -> set[int]:
        wanted = set(appearance_ids)
        if not wanted:
            raise UsageError("No appearance was chosen.", "Choose one, or several.")
        if gone := wanted - self._catalog.appearances_with(wanted).keys():
            raise NotFound(
                f"There is no appearance {first_of(sorted(map(str, gone)))}.",
                "Look at the group again: it has changed.",
            )
        return wanted

    def _checked(self, names: Sequence[str]) -> tuple[str, ...]:
        checked = tuple(dict.fromkeys(check_name(name) for name in names))
        if len(checked) > MOST_NAMES:
            raise UsageError(f"A group has at most {MOST_NAMES} names.", "Split it first.")
        given = {name for known in self._catalog.appearance_groups().values() for name in known}
        known = {name.casefold(): name for name in sorted({*given, *self._catalog.character_seconds(), NOBODY})}
        spelled = tuple(dict.fromkeys(known.get(name.casefold(), name) for name in checked))
        if NOBODY in spelled and len(spelled) > 1:
            raise UsageError("A group cannot show nobody and somebody.", "Name those who are there, or only nobody.")
        return spelled


def check_name(name: str) -> str:
    """Without spaces around it. Raises UsageError for what cannot be the name of a character."""
    cleaned = name.strip()
    if not cleaned or not cleaned.isprintable() or "," in cleaned or len(cleaned) > LONGEST_NAME:
        raise UsageError(
            f"{name[:80]!r} is no name for a character.",
            f"Take one line of at most {LONGEST_NAME} characters, without a comma.",
        )
    return cleaned


def picture_path(folder: Path, appearance_id: int) -> Path:
    """Where the picture of an appearance is, in the library's folder."""
    return folder / PICTURES / str(appearance_id // SHARD) / f"{appearance_id}.jpg"


def remove_pictures(library: Library) -> None:
    """Those of appearances that are gone."""
    kept = {picture_path(library.path, appearance_id) for appearance_id in library.catalog.appearance_ids()}
    if not kept:
        shutil.rmtree(library.path / PICTURES, ignore_errors=True)
    for path in (library.path / PICTURES).glob("*/*"):
        if path not in kept:
            with suppress(OSError):
                path.unlink()


def _group(group_id: int, names: tuple[str, ...], members: Sequence[Appearance]) -> AppearanceGroup:
    seconds = sum(one.end - one.start for one in members)
    shown = members
    if len(members) > SHOWN:
        shown = [members[i * (len(members) - 1) // (SHOWN - 1)] for i in range(SHOWN)]
    return AppearanceGroup(group_id, names, len(members), seconds, tuple(shown))


def _order(group: AppearanceGroup) -> tuple[bool, float, float, int]:
    if group.names:
        return False, -group.seconds, 0.0, group.id
    return True, -group.appearances, -group.seconds, group.id


def _count(appearances: Collection[int]) -> str:
    return f"{len(appearances)} appearance" + ("s" if len(appearances) > 1 else "")
