"""How many results each click on a facet would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from search.asking.counting import Counter
from search.asking.divisions import Divisions, Length, LiveDivisions
from search.contracts import Int64
from search.language.tree import TagTest
from search.query import Group, SearchRequest, Tag
from search.service import SearchService
from web.results.narrowing import Line

EVERYTHING = "longer:0s"
NO_ROWS: Int64 = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Counts:
    """Results behind each choice, as they would be if nothing of the same facet were chosen."""

    total: int
    """Of the question as it is."""
    tags: Mapping[Tag, int]
    folders: Mapping[str, int]
    lengths: Mapping[Length, int]


class FacetCounts:
    """Counts for the questions of one library; safe to share between threads."""

    def __init__(self, service: SearchService) -> None:
        self._service = service
        self._divisions = LiveDivisions(service.library)
        self._kept = lru_cache(maxsize=64)(self._count)

    def of(self, line: Line, group: Group, tags: Iterable[Tag]) -> Counts:
        """What stands beside these tags, and all folders and lengths. Raises what `SearchService.counter` raises."""
        version = self._service.library.catalog.tags_version()
        return self._kept(version, line.text, frozenset(line.kinds), group, tuple(tags))

    def folders(self) -> tuple[str, ...]:
        """Every folder that holds films, as `in:` takes it."""
        return self._divisions.folders()

    def _count(
        self, _version: object, text: str, kinds: frozenset[str], group: Group, tags: tuple[Tag, ...]
    ) -> Counts:
        line, counted = Line(text, kinds), lru_cache(maxsize=None)(partial(self._counted, group))
        present, parts = counted(line.text)
        by_tag: dict[Tag, int] = {}
        for kind in dict.fromkeys(tag.kind for tag in tags):
            counter, parts = counted(line.without_kind(kind) if _is_one_of(line.chosen(kind)) else line.text)
            by_tag |= {tag: counter.count(parts.tags.get(tag, NO_ROWS)) for tag in tags if tag.kind == kind}
        anywhere, parts = counted(line.without_folders())
        by_folder = {folder: anywhere.count(rows) for folder, rows in parts.folders.items()}
        any_length, parts = counted(line.with_length(None, None))
        by_length = {length: any_length.count(rows) for length, rows in parts.lengths.items()}
        return Counts(present.count(), by_tag, by_folder, by_length)

    def _counted(self, group: Group, text: str) -> tuple[Counter, Divisions]:
        """Of the question with this line. A line without anything asks for every film."""
        counter = self._service.counter(SearchRequest(text if text.strip() else EVERYTHING, group=group))
        return counter, self._divisions.of(counter.table)


def _is_one_of(test: TagTest | None) -> bool:
    """Whether another label beside those that are chosen would be enough too."""
    return test is not None and (test.mode == "any" or len(test.labels) == 1)
