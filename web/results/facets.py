"""What an answer can be narrowed by, with the number of results that each click would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.language.tree import Mode, Question
from search.query import Tag
from web.results.asked import Asked
from web.results.facet_counts import Counts
from web.results.narrowing import Line

FIRST_KINDS = ("character", "emotion", "activity")
SHOWN, AT_MOST = 8, 20
"""Of each facet: at once, and when all are wanted."""
MODES: tuple[Mode, ...] = ("any", "all", "only")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet."""

    name: str
    results: int
    share: int
    """Per cent of the longest line of the facet."""
    address: str
    chosen: bool
    without: str | None = None
    """The address that asks for moments without it; None where that cannot be asked for."""
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """All lines of one facet."""

    name: str
    choices: tuple[Choice, ...]
    modes: tuple[tuple[Mode, str, bool], ...] = ()
    """How several chosen lines are joined: each way, its address, and whether it is the present one."""

    @property
    def first(self) -> tuple[Choice, ...]:
        """Those shown at once: the first ones, and all that are chosen."""
        return tuple(one for at, one in enumerate(self.choices) if at < SHOWN or one.chosen or one.unwanted)

    @property
    def rest(self) -> tuple[Choice, ...]:
        return tuple(one for one in self.choices if one not in self.first)


def tag_groups(
    asked: Asked, line: Line, known: Iterable[tuple[str, str]], counts: Mapping[Tag, int]
) -> list[FacetGroup]:
    """A group for each kind of tag; the labels with most results first."""
    by_kind: dict[str, list[Tag]] = {kind: [] for kind in FIRST_KINDS}
    for kind, label in known:
        by_kind.setdefault(kind, []).append(Tag(kind, label))
    return [_tag_group(asked, line, kind, tags, counts) for kind, tags in by_kind.items() if tags]


def _tag_group(asked: Asked, line: Line, kind: str, tags: Sequence[Tag], counts: Mapping[Tag, int]) -> FacetGroup:
    test, unwanted = line.chosen(kind), {label.casefold() for label in line.unwanted(kind)}
    chosen = {label.casefold() for label in test.labels} if test else set()
    shares = _shares([counts.get(tag, 0) for tag in tags])
    choices = [
        Choice(
            name=tag.label,
            results=results,
            share=share,
            address=asked.address(line=line.with_label(kind, tag.label)),
            chosen=tag.label.casefold() in chosen,
            without=asked.address(line=line.with_unwanted(kind, tag.label)),
            unwanted=tag.label.casefold() in unwanted,
        )
        for tag, (results, share) in zip(tags, shares, strict=True)
    ]
    choices.sort(key=lambda choice: (not (choice.chosen or choice.unwanted), -choice.results, choice.name))
    return FacetGroup(kind, tuple(choices[:AT_MOST]), _modes(asked, line, kind))


def _modes(asked: Asked, line: Line, kind: str) -> tuple[tuple[Mode, str, bool], ...]:
    test = line.chosen(kind)
    if test is None:
        return ()
    offered = MODES if len(test.labels) > 1 else ("all", "only")
    return tuple((mode, asked.address(line=line.with_mode(kind, mode)), mode == test.mode) for mode in offered)


def film_groups(asked: Asked, line: Line, question: Question, counts: Counts) -> list[FacetGroup]:
    """Folders, and lengths of films; neither where there is no choice."""
    groups = [_folder_group(asked, line, question, counts), _length_group(asked, line, question, counts)]
    return [group for group in groups if _is_choice(group, counts.total)]


def _is_choice(group: FacetGroup, total: int) -> bool:
    return len(group.choices) > 1 or any(choice.chosen or choice.results < total for choice in group.choices)


def _folder_group(asked: Asked, line: Line, question: Question, counts: Counts) -> FacetGroup:
    chosen = {folder.strip("/").casefold() for folder in question.scope.folders}
    shares = _shares(list(counts.folders.values()))
    choices = [
        Choice(
            name=folder,
            results=results,
            share=share,
            address=asked.address(line=line.with_folder(folder)),
            chosen=folder.strip("/").casefold() in chosen,
        )
        for folder, (results, share) in zip(counts.folders, shares, strict=True)
    ]
    choices.sort(key=lambda choice: (not choice.chosen, -choice.results, choice.name))
    return FacetGroup("folder", tuple(choices[:AT_MOST]))


def _length_group(asked: Asked, line: Line, question: Question, counts: Counts) -> FacetGroup:
    choices = []
    shares = _shares(list(counts.lengths.values()))
    for length, (results, share) in zip(counts.lengths, shares, strict=True):
        bounds = length.longer, length.shorter
        chosen = bounds == (question.scope.longer, question.scope.shorter)
        address = asked.address(line=line.with_length(*((None, None) if chosen else bounds)))
        choices.append(Choice(length.name, results, share, address, chosen))
    return FacetGroup("length", tuple(choices))


def _shares(results: Sequence[int]) -> list[tuple[int, int]]:
    """Each number with its per cent of the largest."""
    most = max(results, default=0)
    return [(count, 100 * count // most if most else 0) for count in results]
