"""What an answer can be narrowed by, with counts of clips, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.asking.film_counts import FilmCounts
from search.language.tree import Mode, Question
from search.query import Tag
from search.service import SearchService
from web.asked import Asked
from web.narrowing import Line

FIRST_KINDS = ("character", "emotion", "activity")
SHOWN, AT_MOST = 8, 20
"""Of each facet: at once, and when all are wanted."""
MODES: tuple[Mode, ...] = ("any", "all", "only")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet."""

    name: str
    clips: int
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


def tag_counts(service: SearchService, asked: Asked, line: Line, kinds: Iterable[str]) -> dict[Tag, int]:
    """Clips with each tag. Where any label of a kind is enough, its other labels are counted as if none were chosen.

    Raises what `SearchService.facets` raises.
    """
    request = asked.to_request()
    counts = {Tag(facet.kind, facet.label): facet.clips for facet in service.facets(request)}
    for kind in kinds:
        test = line.chosen(kind)
        if test and (test.mode == "any" or len(test.labels) == 1):
            wider = service.facets(replace(request, text=line.without_kind(kind)))
            counts |= {Tag(facet.kind, facet.label): facet.clips for facet in wider if facet.kind == kind}
    return counts


def tag_groups(
    asked: Asked, line: Line, known: Iterable[tuple[str, str]], counts: Mapping[Tag, int]
) -> list[FacetGroup]:
    """A group for each kind of tag; the labels with most clips first."""
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
            clips=clips,
            share=share,
            address=asked.address(line=line.with_label(kind, tag.label)),
            chosen=tag.label.casefold() in chosen,
            without=asked.address(line=line.with_unwanted(kind, tag.label)),
            unwanted=tag.label.casefold() in unwanted,
        )
        for tag, (clips, share) in zip(tags, shares, strict=True)
    ]
    choices.sort(key=lambda choice: (not (choice.chosen or choice.unwanted), -choice.clips, choice.name))
    return FacetGroup(kind, tuple(choices[:AT_MOST]), _modes(asked, line, kind))


def _modes(asked: Asked, line: Line, kind: str) -> tuple[tuple[Mode, str, bool], ...]:
    test = line.chosen(kind)
    if test is None:
        return ()
    offered = MODES if len(test.labels) > 1 else ("all", "only")
    return tuple((mode, asked.address(line=line.with_mode(kind, mode)), mode == test.mode) for mode in offered)


def film_groups(asked: Asked, line: Line, question: Question, counts: FilmCounts) -> list[FacetGroup]:
    """Folders, and lengths of films; neither where there is no choice."""
    groups = [_folder_group(asked, line, question, counts), _length_group(asked, line, question, counts)]
    return [group for group in groups if len(group.choices) > 1 or any(choice.chosen for choice in group.choices)]


def _folder_group(asked: Asked, line: Line, question: Question, counts: FilmCounts) -> FacetGroup:
    chosen = {folder.strip("/").casefold() for folder in question.scope.folders}
    shares = _shares([clips for _, clips in counts.folders])
    choices = [
        Choice(
            name=folder,
            clips=clips,
            share=share,
            address=asked.address(line=line.with_folder(folder)),
            chosen=folder.strip("/").casefold() in chosen,
        )
        for (folder, _), (clips, share) in zip(counts.folders, shares, strict=True)
    ]
    choices.sort(key=lambda choice: not choice.chosen)
    return FacetGroup("folder", tuple(choices[:AT_MOST]))


def _length_group(asked: Asked, line: Line, question: Question, counts: FilmCounts) -> FacetGroup:
    choices = []
    shares = _shares([clips for _, clips in counts.lengths])
    for (length, _), (clips, share) in zip(counts.lengths, shares, strict=True):
        bounds = length.longer, length.shorter
        chosen = bounds == (question.scope.longer, question.scope.shorter)
        address = asked.address(line=line.with_length(*((None, None) if chosen else bounds)))
        choices.append(Choice(length.name, clips, share, address, chosen))
    return FacetGroup("length", tuple(choices))


def _shares(clips: Sequence[int]) -> list[tuple[int, int]]:
    """Each number with its per cent of the largest."""
    most = max(clips, default=0)
    return [(count, 100 * count // most if most else 0) for count in clips]
