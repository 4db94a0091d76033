"""Search as one service: the command line, the JSON API, Python and the site all ask here."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import lru_cache

import numpy as np

from search.answer import Hit, SearchAnswer
from search.background import kept_background_vectors
from search.bands import POSSIBLE, bands
from search.catalog.records import Facet, TagFilter
from search.contracts import Float32, Int64
from search.errors import UnknownTag
from search.library import Library
from search.query import SearchRequest, check_filter, check_request, check_words, resolve_tags

MOST_TAGS = 6
"""Tags shown under a hit."""


class SearchService:
    """Answers questions on one open library; safe to share between threads.

    It sees what an indexer adds while it runs.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._ready = threading.Event()
        self._encode = lru_cache(maxsize=1024)(self._encode_text)
        self._facets_of = lru_cache(maxsize=64)(self._count_facets)
        self._background: Float32 | None = None

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self._ready.is_set()

    def warm(self) -> None:
        """Loads all that asking needs."""
        self._encode("warm")
        self._background_vectors()
        len(self.library.vectors)
        self._ready.set()

    def search(self, request: SearchRequest) -> SearchAnswer:
        """The `min(k, matches)` best clips.

        Raises BadQuery, TooLarge or UnknownTag where the question cannot be answered as it is; ModelUnavailable
        where the library's encoder cannot be opened.
        """
        began = time.perf_counter()
        hidden = self.library.hidden_kinds
        request = self._resolved(check_request(request), hidden)
        allowed = self.library.catalog.clip_ids_with(request.filter) if request.tags else None
        unknown: list[str] = []
        if request.text:
            unknown = check_words(request.text, self.library.encoder)
            hits = self._by_similarity(request, allowed, hidden)
        else:
            hits = self._in_film_order(request, allowed, hidden)
        return SearchAnswer(
            text=request.text,
            tags=request.tags,
            unknown_words=tuple(unknown),
            encoder_name=self.library.spec.name,
            encoder_fingerprint=self.library.spec.fingerprint,
            total=None if allowed is None else len(allowed),
            hits=hits,
            any_of=request.any_of,
            min_seconds=request.min_seconds,
            facets=self._facets(request.filter, hidden) if request.facets else (),
            took_ms=(time.perf_counter() - began) * 1000,
        )

    def facets(self, request: SearchRequest) -> tuple[Facet, ...]:
        """The tags of the clips that the tags of a question leave. Raises BadQuery, TooLarge, UnknownTag."""
        check_filter(request.filter)
        hidden = self.library.hidden_kinds
        return self._facets(self._resolved(request, hidden).filter, hidden)

    def _facets(self, wanted: TagFilter, hidden: frozenset[str]) -> tuple[Facet, ...]:
        return self._facets_of(self.library.catalog.tags_version(), wanted, hidden)

    def _count_facets(self, _version: object, wanted: TagFilter, hidden: frozenset[str]) -> tuple[Facet, ...]:
        return tuple(self.library.catalog.facets(wanted, hidden))

    def _resolved(self, request: SearchRequest, hidden: frozenset[str]) -> SearchRequest:
        """With its tags as the library writes them."""
        if not request.tags:
            return request
        for tag in request.tags:
            if tag.kind in hidden:
                raise UnknownTag(
                    f"Tags of {tag.kind} are switched off here.",
                    "`vsearch index --classifiers emotion` or unsetting VSEARCH_NO_EMOTION allows them.",
                )
        return replace(request, tags=resolve_tags(request.tags, self.library.catalog.tags(hidden)))

    def _by_similarity(
        self, request: SearchRequest, allowed: Int64 | None, hidden: frozenset[str]
    ) -> tuple[Hit, ...]:
        query = self._encode(request.text)
        found = self.library.vectors.search(query, request.k, allowed)
        bands_found = bands(query, found.scores, self._background_vectors(), found.sample, len(self.library.vectors))
        return self._hits(found.ids.tolist(), found.scores.tolist(), bands_found, hidden)

    def _in_film_order(
        self, request: SearchRequest, allowed: Int64 | None, hidden: frozenset[str]
    ) -> tuple[Hit, ...]:
        ids = self.library.catalog.in_film_order(allowed if allowed is not None else np.empty(0, np.int64), request.k)
        return self._hits(ids, [None] * len(ids), [POSSIBLE] * len(ids), hidden)

    def _hits(
        self, ids: list[int], scores: list[float | None], found: list[str], hidden: frozenset[str]
    ) -> tuple[Hit, ...]:
        clips = self.library.catalog.clips(ids)
        tags = self.library.catalog.segments_of(clips.values(), hidden)
        rows = [(clips[i], score, band) for i, score, band in zip(ids, scores, found, strict=True) if i in clips]
        return tuple(
            Hit(rank, score, band, clip, tuple(tags[clip.id][:MOST_TAGS]))
            for rank, (clip, score, band) in enumerate(rows, start=1)
        )

    def _encode_text(self, text: str) -> Float32:
        vector: Float32 = self.library.encoder.encode_texts([text])[0]
        return vector

    def _background_vectors(self) -> Float32:
        if self._background is None:
            self._background = kept_background_vectors(self.library.encoder, self.library.path)
        return self._background
