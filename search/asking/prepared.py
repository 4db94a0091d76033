"""A look made ready for ranking: sentences and pictures as vectors, filters as clips, words said as cues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from search.asking.aim import Aim, aim_at
from search.asking.clip_set import ClipSet
from search.asking.film_order import runs_of
from search.asking.spoken import by_clip, clips_with
from search.catalog.cues import FoundCue
from search.contracts import Float32, Int64
from search.errors import BadQuery, NotFound
from search.language.tree import Like, Look
from search.library import Library
from search.query import SearchRequest, Sort, check_words, half_width, unknown_weighty

MOST_SAID = 3_000
"""Cues that `said:` looks at."""
GET_WORDS = "Put subtitles beside the films, or run `vsearch transcribe`, and index again."
MOST_CUES = 100
"""Cues that a plain text looks at: it is a ranking beside another, and only its top counts."""


@dataclass(frozen=True, slots=True)
class PreparedLook:
    """All that ranking the moments of one look needs."""

    aim: Aim | None
    """None where nothing seen is asked for."""
    text: Float32 | None
    """The vector of the words, which bands are told by."""
    unknown_words: tuple[str, ...]
    half_known: bool
    """Whether a word that asks for something is unknown: what was found may be anything but that."""
    allowed: ClipSet
    """The clips that may be found."""
    spoken: dict[int, tuple[FoundCue, ...]]
    """What is said in which clip; the clips best first."""
    likes: frozenset[int]
    """Clips that were the question: they are no answer."""
    runs: list[Int64] | None
    """Where nothing says which moment is best: all of them in film order, as rows of the table of clips."""


class Preparation:
    """Prepares looks for one library; `encode` makes the vector `[dim]` of a sentence."""

    def __init__(self, library: Library, encode: Callable[[str], Float32]) -> None:
        self._library = library
        self._encode = encode

    def prepare(
        self, look: Look, request: SearchRequest, allowed: ClipSet, *, says: bool, first: bool
    ) -> PreparedLook:
        """The look of a request, which may find `allowed`; what is asked for by a vector belongs to the first look.

        `says` is whether anything is said in the library. Raises BadQuery where the encoder knows no word of the text
        and none of them is said either, where `said:` is asked and no film has words, or a picture is missing;
        NotFound for a clip that is not there.
        """
        if look.said and not says:
            raise BadQuery("No film here has words.", GET_WORDS)
        said = [self._find(f'"{words.replace(chr(34), " ")}"', MOST_SAID, allowed) for words in look.said]
        for cues in said:
            allowed = allowed.among(clips_with(cues, allowed.table))
        heard = self._find(look.text, MOST_CUES, allowed) if says and look.text else []
        spoken = by_clip([*chain.from_iterable(said), *heard], allowed)
        seen = half_width(look.text)
        text, unknown = self._sentence(seen, bool(spoken))
        wanted = [] if text is None else [text]
        wanted += [self._likeness(like, request) for like in look.like]
        wanted += [request.embedding] if first and request.embedding is not None else []
        unwanted = [self._checked(half_width(words)) for words in look.minus]
        sample = self._library.vectors.sample(generation=allowed.table.generation)
        ranks = bool(wanted or unwanted or look.said or spoken)
        return PreparedLook(
            aim=aim_at(wanted, unwanted, sample) if wanted or unwanted else None,
            text=text,
            unknown_words=tuple(unknown),
            half_known=bool(unknown and unknown_weighty(seen, self._library.encoder)),
            allowed=allowed,
            spoken=spoken,
            likes=frozenset(like.clip_id for like in look.like if like.clip_id is not None),
            runs=None if ranks else runs_of(allowed, self.films(request.sort)),
        )

    def films(self, sort: Sort) -> Int64:
        """The ids of all videos in the order that is asked for; film order where the best come first."""
        catalog = self._library.catalog
        return catalog.newest_films() if sort == "newest" else catalog.films()

    def _find(self, words: str, limit: int, allowed: ClipSet) -> list[FoundCue]:
        videos = None if allowed.chosen is None else allowed.videos
        return self._library.catalog.find_cues(words, limit, videos)

    def _sentence(self, text: str, said: bool) -> tuple[Float32 | None, list[str]]:
        """Its vector, if the encoder knows a word of it, and the words that it does not know."""
        if not text:
            return None, []
        encoder = self._library.encoder
        try:
            unknown = check_words(text, encoder)
        except BadQuery:
            if not said:
                raise
            return None, encoder.unknown_words(text)
        return self._encode(text), unknown

    def _checked(self, text: str) -> Float32:
        check_words(text, self._library.encoder)
        return self._encode(text)

    def _likeness(self, like: Like, request: SearchRequest) -> Float32:
        if like.clip_id is not None:
            there, vectors = self._library.vectors.vectors(np.array([like.clip_id], np.int64))
            if not len(there):
                raise NotFound(
                    f"There is no clip {like.clip_id} in this library.", "Take the clip_id of a result of `search`."
                )
            vector: Float32 = vectors[0]
            return vector
        picture = request.pictures.get(like.picture or "")
        if picture is None:
            raise BadQuery(
                f"The picture {like.picture!r} was not given with the question.",
                "Give it with --image, or upload it to /api/search.",
            )
        return picture
