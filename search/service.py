"""Search as one service: the command line, the JSON API, Python and the site all ask here."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath

import numpy as np

from search.answer import SearchAnswer
from search.asking.clip_set import ClipSet
from search.asking.clip_table import LiveClips
from search.asking.counting import Counter
from search.asking.film_curve import Curve, curve_of
from search.asking.film_order import by_film
from search.asking.folders import check_folders
from search.asking.hits import Hits, Page
from search.asking.prepared import Preparation, PreparedLook
from search.asking.ranked import Result
from search.asking.result_search import ResultSearch
from search.asking.understanding import filter_of, kinds_of, understand
from search.asking.weighing import Weighing
from search.bands import WEAK
from search.catalog.filters import ClipFilter
from search.catalog.records import Facet
from search.catalog.tags import CatalogState
from search.contracts import Float32
from search.language.tree import Question
from search.library import Library, hidden_kinds
from search.query import Group, SearchRequest, Tag, check_request, resolve_tags
from search.ranking.grouping import VideoGroup
from search.ranking.phrasings import question_vector
from search.spelling import respelled_line


class SearchService:
    """Answers questions on one open library; safe to share between threads.

    It sees what an indexer adds while it runs.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._ready = threading.Event()
        self._encode = lru_cache(maxsize=1024)(self._encode_text)
        self._facets_of = lru_cache(maxsize=64)(self._count_facets)
        self._allowed_by = lru_cache(maxsize=16)(self._find_allowed)
        self._tags_of = lru_cache(maxsize=4)(self._read_tags)
        self._folders_at = lru_cache(maxsize=1)(self._read_folders)
        self._clips = LiveClips(library.catalog)
        self._preparation = Preparation(library, self._encode)
        self._weighing = Weighing(library)
        self._results = ResultSearch(library, self._weighing)
        self._hits = Hits(library, self._weighing)

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self._ready.is_set()

    def warm(self) -> None:
        """Loads all that asking needs."""
        self._encode("warm")
        self._weighing.yardstick()
        self._clips.table(self.library.catalog.generation())
        self._ready.set()

    def search(self, request: SearchRequest) -> SearchAnswer:
        """The `min(k, matches)` best moments, after the first `skip`.

        Raises BadQuery, TooLarge, UnknownTag or NotFound where the question cannot be answered as it is;
        ModelUnavailable where the library's encoder cannot be opened.
        """
        began = time.perf_counter()
        check_request(request)
        state = self.library.catalog.state()
        hidden = hidden_kinds(state)
        question = self._understood(request, state)
        looks = self._prepared(question, request, state)
        wanted = filter_of(question, question.look, request)
        page = self._page(question, looks, request)
        unknown = tuple(dict.fromkeys(word for look in looks for word in look.unknown_words))
        tags = self._tags_of(state.version, hidden)
        return SearchAnswer(
            text=" ".join(request.text.split()),
            tags=resolve_tags(request.tags, tags),
            unknown_words=unknown,
            did_you_mean=respelled_line(request.text, kinds_of(tags, hidden), unknown),
            encoder_name=self.library.spec.name,
            encoder_fingerprint=self.library.spec.fingerprint,
            total=page.total,
            hits=self._hits.of_page(page, looks, state, hidden, explain=request.explain),
            any_of=request.any_of,
            min_seconds=request.min_seconds,
            facets=self._facets_of(state.version, wanted, hidden) if request.facets else (),
            question=question,
            nothing=page.nothing,
            generation=state.generation,
            group=request.group,
            sort=request.sort,
            newest_clip=looks[0].allowed.table.newest,
            skip=request.skip,
            took_ms=(time.perf_counter() - began) * 1000,
        )

    def similar(self, clip_id: int, k: int = 10, tags: tuple[Tag, ...] = ()) -> SearchAnswer:
        """What looks most like a clip, which is left out itself. Raises NotFound, BadQuery, UnknownTag."""
        return self.search(SearchRequest(f"like:{clip_id}", k, tags))

    def counter(self, request: SearchRequest) -> Counter:
        """Counts the current result of a question, and what a filter more would leave of it.

        The current result are the results that are more than weak, of the best 1,000 clips; all that a filter leaves,
        where nothing is ranked. Raises what `search` raises.
        """
        check_request(request)
        state = self.library.catalog.state()
        question = self._understood(request, state)
        return self._results.counter(question, self._prepared(question, request, state), request.group)

    def curve(self, video_id: int, line: str) -> Curve | None:
        """How near each clip of a video comes to what a line asks to be seen; None where it asks for nothing seen.

        Filters of the line play no part. Raises BadQuery, TooLarge, UnknownTag, NotFound.
        """
        catalog, request = self.library.catalog, SearchRequest(line, video_id=video_id)
        state = catalog.state()
        looks = self._prepared(self._understood(request, state), request, state)
        aims = [look.aim for look in looks if look.aim]
        return curve_of(aims, catalog.clip_spans(video_id), catalog.vectors_of(video_id, self.library.spec.dim))

    def parse(self, line: str) -> Question:
        """A line of the query language as this library understands it. Raises BadQuery, TooLarge, UnknownTag."""
        return self._understood(SearchRequest(line), self.library.catalog.state())

    def facets(self, request: SearchRequest) -> tuple[Facet, ...]:
        """The tags of the clips that a question leaves; it may be empty. Raises BadQuery, TooLarge, UnknownTag."""
        check_request(request)
        state = self.library.catalog.state()
        wanted = ClipFilter()
        if request.text.strip() or request.tags or request.min_seconds:
            question = self._understood(request, state)
            wanted = filter_of(question, question.look, request)
        return self._facets_of(state.version, wanted, hidden_kinds(state))

    def _understood(self, request: SearchRequest, state: CatalogState) -> Question:
        hidden = hidden_kinds(state)
        question = understand(request, self._tags_of(state.version, hidden), hidden)
        if question.scope.folders:
            check_folders(question.scope.folders, self._folders_at(state.version))
        return question

    def _page(self, question: Question, looks: Sequence[PreparedLook], request: SearchRequest) -> Page:
        end = request.skip + request.k
        found, total = self._found(question, looks, request, end)
        bands = self._weighing.bands([group.best for group in found], looks)
        shown = slice(request.skip, end)
        nothing = all(band == WEAK for band in bands)
        return Page(found[shown], bands[shown], request.skip, total, nothing=nothing)

    def _found(
        self, question: Question, looks: Sequence[PreparedLook], request: SearchRequest, need: int
    ) -> tuple[list[VideoGroup[Result]], int | None]:
        """The results in the order asked for, at least `need` where there are as many, and how many there are.

        Where none is more than weak, they stay best first: their films say nothing about the question.
        """
        ranked = any(look.runs is None for look in looks)
        best_first, in_order = ranked and request.sort == "best", not ranked and len(looks) == 1
        if not (best_first or in_order):
            matches = self._results.matches(question, looks, request.group)
            if matches:
                return by_film(matches, self._preparation.films(request.sort)), len(matches)
        every = filter_of(question, question.look, request).is_open and not question.look.said
        total = None if every else _total(looks, request.group)
        return self._results.results(question, looks, request.group, need), total

    def _prepared(self, question: Question, request: SearchRequest, state: CatalogState) -> list[PreparedLook]:
        looks = []
        for number, look in enumerate(question.looks):
            wanted = filter_of(question, look, request)
            allowed = self._allowed_by(state.version, wanted, request.newest_clip)
            looks.append(self._preparation.prepare(look, request, allowed, says=state.says, first=number == 0))
        return looks

    def _find_allowed(self, version: tuple[str, str], wanted: ClipFilter, newest: int | None) -> ClipSet:
        table = self._clips.table(int(version[0] or 0))
        then = table.up_to(newest)
        if wanted.is_open:
            return ClipSet(then, None if then is table else then.ids)
        clip_ids = self.library.catalog.clip_ids_with(wanted)
        return ClipSet(then, clip_ids[: np.searchsorted(clip_ids, then.newest, side="right")])

    def _read_tags(self, _version: object, hidden: frozenset[str]) -> tuple[tuple[str, str], ...]:
        return tuple(self.library.catalog.tags(hidden))

    def _read_folders(self, _version: object) -> tuple[tuple[PurePath, PurePath], ...]:
        return tuple(self.library.catalog.folders())

    def _count_facets(self, _version: object, wanted: ClipFilter, hidden: frozenset[str]) -> tuple[Facet, ...]:
        return tuple(self.library.catalog.facets(wanted, hidden))

    def _encode_text(self, text: str) -> Float32:
        return question_vector(self.library.encoder, text)


def _total(looks: Sequence[PreparedLook], group: Group) -> int | None:
    """How many results a filter leaves; None where chains were not all followed."""
    first = looks[0]
    if len(looks) > 1:
        return None
    if group == "video":
        return len(first.allowed.videos)
    if first.runs is not None:
        return len(first.runs)
    return len(first.spoken) if first.aim is None else len(first.allowed)
