"""What the pages of characters show of groups and appearances. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from search.answer import printable
from search.catalog.jobs import Job, JobKind, JobState
from search.language.labels import write_test
from search.language.tree import TagTest
from search.naming import Appearance, AppearanceGroup
from web.library.facts import JobFacts, job_facts
from web.words import turns

Which = Literal["all", "named", "unnamed"]
GROUPS = 60
"""That a page shows at once."""
APPEARANCES = 120
"""Of one group, that a page shows at once."""
TARGETS = 100
"""Groups that appearances can be moved to from a page: the named ones, then the largest."""
MOSAICS = (12, 7, 6, 4, 3, 2, 1)
"""So many pictures fill a card: the first large, the others around it."""


@dataclass(frozen=True, slots=True)
class GroupsShown:
    """One page of groups."""

    groups: Sequence[AppearanceGroup]
    which: Which
    counts: dict[Which, int]
    appearances: int
    """In all groups of the library."""
    first: int
    """The place of the first group shown, from 0."""
    earlier: int | None
    later: int | None
    """Where the pages before and after this one begin."""


def groups_shown(
    groups: Sequence[AppearanceGroup], which: Which, skip: int, wanted: Sequence[int] = ()
) -> GroupsShown:
    """A page of all groups, the named ones or the others, from the place `skip` on.

    With `wanted` it is the groups of these ids, in this order, whatever they are called.
    """
    named = [group for group in groups if group.names]
    unnamed = [group for group in groups if not group.names]
    lists: dict[Which, Sequence[AppearanceGroup]] = {"all": groups, "named": named, "unnamed": unnamed}
    earlier, later = turns(len(lists[which]), skip, GROUPS)
    there = {group.id: group for group in groups}
    chosen = [there[group_id] for group_id in wanted if group_id in there] if wanted else lists[which][skip:]
    return GroupsShown(
        chosen[:GROUPS],
        which,
        {kind: len(those) for kind, those in lists.items()},
        sum(group.appearances for group in groups),
        skip,
        earlier,
        later,
    )


def pictures(group: AppearanceGroup) -> tuple[Appearance, ...]:
    """As many of its pictures as fill a card."""
    shown = len(group.shown)
    return group.shown[: next((count for count in MOSAICS if count <= shown), 0)]


def title(group: AppearanceGroup) -> str:
    """What a group is called."""
    return ", ".join(map(printable, group.names)) or f"Group {group.id}"


def targets(groups: Iterable[AppearanceGroup], but: int) -> list[AppearanceGroup]:
    """The groups that appearances of the group `but` can be moved to."""
    return [group for group in groups if group.id != but][:TARGETS]


def by_film(appearances: Iterable[Appearance]) -> list[tuple[int, list[Appearance]]]:
    """Neighbours of one film together, under the id of the film."""
    return [(film, list(those)) for film, those in groupby(appearances, key=lambda one: one.video_id)]


def read_names(text: str) -> list[str]:
    """The names in a field, set apart by commas; each once, in the order written."""
    return list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def question(name: str) -> str:
    """The line that asks for the moments of a character."""
    return write_test(TagTest("character", (name,)))


def grouping(jobs: Iterable[Job]) -> JobFacts | None:
    """The grouping to tell of: one that runs before one that waits, and the last one if it did not succeed."""
    ours = [job for job in jobs if job.kind is JobKind.GROUP]
    going_on = sorted((job for job in ours if not job.ended), key=lambda job: job.state is not JobState.RUNNING)
    ended = sorted((job for job in ours if job.ended), key=lambda job: job.ended_at or 0.0)
    failed = [job for job in ended[-1:] if job.state is JobState.FAILED]
    shown = next(iter(going_on + failed), None)
    return job_facts(shown) if shown else None
