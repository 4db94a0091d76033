"""What an answer holds, and the document it becomes (DESIGN: the contract of `search`)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from search.catalog.cues import FoundCue
from search.catalog.records import ClipRecord, Facet, Segment
from search.language.tree import Look, Question
from search.language.writer import write_question
from search.query import Group, Sort, Tag


@dataclass(frozen=True, slots=True)
class LaterMoment:
    """A moment that follows the hit, where one thing was asked for after another."""

    clip_id: int
    score: float | None
    start: float
    end: float

    def to_document(self) -> dict[str, Any]:
        return {
            "clip_id": self.clip_id,
            "score": self.score,
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "thumbnail": thumbnail_path(self.clip_id),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a hit came by its rank. None where that played no part."""

    similarity: float | None = None
    """The dot product of question and clip."""
    minus: float | None = None
    """What was taken from it for the words after a minus; 0 without any."""
    standing: float | None = None
    """Share of unrelated sentences whose best clip scores lower, 0..1 (`search/bands.py`)."""
    sight_rank: int | None = None
    """From 1, among the moments by what is seen."""
    words_rank: int | None = None
    """From 1, among the moments by what is said."""
    clip_ids: tuple[int, ...] = ()
    """The clips that were merged into the moment."""

    def to_document(self) -> dict[str, Any]:
        return {**asdict(self), "clip_ids": list(self.clip_ids)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One moment. Its clip is the peak; start and end are its extent in seconds."""

    rank: int
    score: float | None
    """The dot product of question and clip; of a chain, the mean of its moments' scores in standard deviations of
    each question; None where nothing seen was asked for."""
    band: str
    clip: ClipRecord
    tags: tuple[Segment, ...]
    extent: tuple[float, float] | None = None
    """Start and end of the moment in seconds; None where it is one clip."""
    cues: tuple[FoundCue, ...] = ()
    """Words said in it that were asked for."""
    then: tuple[LaterMoment, ...] = ()
    duplicates: int = 0
    """Moments that look the same and are left out."""
    others: int = 0
    """Where results are videos: how many more moments of this one match."""
    explanation: Explanation | None = None

    @property
    def start(self) -> float:
        return self.extent[0] if self.extent else self.clip.start

    @property
    def end(self) -> float:
        return self.extent[1] if self.extent else self.clip.end

    @property
    def thumbnail(self) -> str:
        return thumbnail_path(self.clip.id)

    @property
    def media(self) -> str:
        return f"/media/{self.clip.video_id}"

    def to_document(self) -> dict[str, Any]:
        document = {
            "rank": self.rank,
            "score": self.score,
            "band": self.band,
            "clip_id": self.clip.id,
            "video_id": self.clip.video_id,
            "title": printable(self.clip.title),
            "path": printable(str(self.clip.path)),
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "peak": {"start": round(self.clip.start, 3), "end": round(self.clip.end, 3)},
            "tags": [{"kind": tag.kind, "label": tag.label, "score": round(tag.score, 4)} for tag in self.tags],
            "thumbnail": self.thumbnail,
            "media": self.media,
            "cues": [cue_document(cue) for cue in self.cues],
            "then": [later.to_document() for later in self.then],
            "duplicates": self.duplicates,
            "others": self.others,
        }
        return document | ({"explain": self.explanation.to_document()} if self.explanation else {})


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The hits, best first, and how they came about."""

    text: str
    tags: tuple[Tag, ...]
    unknown_words: tuple[str, ...]
    encoder_name: str
    encoder_fingerprint: str
    total: int | None
    """How many moments match, or None where every clip does to some degree."""
    took_ms: float
    hits: tuple[Hit, ...]
    any_of: bool = False
    min_seconds: float = 0.0
    facets: tuple[Facet, ...] = ()
    """Tags of the clips that the tags asked for leave; empty where they were not asked for."""
    question: Question = field(default_factory=lambda: Question(Look()))
    """The text as it was understood."""
    nothing: bool = False
    """Nothing like that is in the library; the hits are the nearest there is."""
    generation: int = 0
    """Of the catalog that was asked: pages of one generation fit together."""
    group: Group = "clip"
    sort: Sort = "best"
    skip: int = 0
    newest_clip: int = 0
    """The highest id of a clip that could be found; 0 where there is none."""
    did_you_mean: str | None = None
    """The line without slips of the keyboard; None where there is none."""

    @property
    def understood(self) -> str:
        """The question in the query language, as it was understood."""
        return write_question(self.question)

    def to_document(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "query": {
                "text": self.text,
                "tags": [{"kind": tag.kind, "label": tag.label} for tag in self.tags],
                "any": self.any_of,
                "min_seconds": self.min_seconds,
                "unknown_words": list(self.unknown_words),
                "did_you_mean": self.did_you_mean,
                "understood": self.understood,
                "minus": [words for look in self.question.looks for words in look.minus],
            },
            "encoder": {"name": self.encoder_name, "fingerprint": self.encoder_fingerprint},
            "nothing": self.nothing,
            "group": self.group,
            "sort": self.sort,
            "skip": self.skip,
            "generation": self.generation,
            "count": len(self.hits),
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "results": [hit.to_document() for hit in self.hits],
            "facets": [facet_document(facet) for facet in self.facets],
        }


def facet_document(facet: Facet) -> dict[str, Any]:
    return {**asdict(facet), "seconds": round(facet.seconds, 3)}


def cue_document(found: FoundCue) -> dict[str, Any]:
    """`marks` are where the words asked for stand in `text`: character offsets, the second exclusive."""
    return {
        "start": round(found.cue.start, 3),
        "end": round(found.cue.end, 3),
        "text": printable(found.cue.words),
        "source": printable(found.cue.source),
        "marks": [list(mark) for mark in found.marks],
    }


def thumbnail_path(clip_id: int) -> str:
    """Where the site serves the picture of a clip."""
    return f"/thumbnails/{clip_id}.jpg"


def printable(text: str) -> str:
    """Text that any UTF-8 stream takes: bytes of a file name that are no UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
