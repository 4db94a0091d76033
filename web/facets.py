"""What an answer can be narrowed by, with counts of clips, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.film_counts import FilmCounts
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
    asked: Asked, line: Line, known: Sequence[tuple[str, str]], counts: Mapping[Tag, int]
) -> list[FacetGroup]:
    """A group for each kind of tag; the labels with most clips first."""
    found = dict.fromkeys(kind for kind, _ in known)
    kinds = sorted(
        found, key=lambda kind: (FIRST_KINDS.index(kind) if kind in FIRST_KINDS else len(FIRST_KINDS), kind)
    )
    groups = []
    for kind in kinds:
        labels = [label for of_kind, label in known if of_kind == kind]
        test, unwanted = line.chosen(kind), {label.casefold() for label in line.unwanted(kind)}
        chosen = {label.casefold() for label in test.labels} if test else set()
        most = max((counts.get(Tag(kind, label), 0) for label in labels), default=0)
        choices = [
            Choice(
                name=label,
                clips=(clips := counts.get(Tag(kind, label), 0)),
                share=100 * clips // most if most else 0,
                address=asked.address(line=line.with_label(kind, label)),
                chosen=label.casefold() in chosen,
                without=asked.address(line=line.with_unwanted(kind, label)),
                unwanted=label.casefold() in unwanted,
            )
            for label in labels
        ]
        choices.sort(key=lambda choice: (not (choice.chosen or choice.unwanted), -choice.clips, choice.name))
        groups.append(FacetGroup(kind, tuple(choices[:AT_MOST]), _modes(asked, line, kind)))
    return groups


def _modes(asked: Asked, line: Line, kind: str) -> tuple[tuple[Mode, str, bool], ...]:
    test = line.chosen(kind)
    if test is None:
        return ()
    offered = MODES if len(test.labels) > 1 else ("all", "only")
    return tuple((mode, asked.address(line=line.with_mode(kind, mode)), mode == test.mode) for mode in offered)


def film_groups(asked: Asked, line: Line, question: Question, counts: FilmCounts) -> list[FacetGroup]:
    """Folders, and lengths of films."""
    chosen = {folder.strip("/").casefold() for folder in question.scope.folders}
    bounds = question.scope.longer, question.scope.shorter
    most = max((clips for _, clips in counts.folders), default=0)
    folders = [
        Choice(
            name=folder,
            clips=clips,
            share=100 * clips // most if most else 0,
            address=asked.address(line=line.with_folder(folder)),
            chosen=folder.strip("/").casefold() in chosen,
        )
        for folder, clips in counts.folders
    ]
    folders.sort(key=lambda choice: not choice.chosen)
    longest = max((clips for _, clips in counts.lengths), default=0)
    lengths = [
        Choice(
            name=length.name,
            clips=clips,
            share=100 * clips // longest if longest else 0,
            address=asked.address(
                line=line.with_length(None, None)
                if (length.longer, length.shorter) == bounds
                else line.with_length(length.longer, length.shorter)
            ),
            chosen=(length.longer, length.shorter) == bounds,
        )
        for length, clips in counts.lengths
    ]
    groups = [FacetGroup("folder", tuple(folders[:AT_MOST])), FacetGroup("length", tuple(lengths))]
    return [group for group in groups if len(group.choices) > 1 or any(choice.chosen for choice in group.choices)]
