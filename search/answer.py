"""What an answer holds, and the document it becomes (DESIGN: the contract of `search`)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from search.catalog.records import ClipRecord, Facet, Segment
from search.query import Tag


@dataclass(frozen=True, slots=True)
class Hit:
    """One moment. Its clip is the peak; start and end are its extent in seconds."""

    rank: int
    score: float | None
    """The dot product of question and clip; None where only tags were asked for."""
    band: str
    clip: ClipRecord
    tags: tuple[Segment, ...]

    @property
    def thumbnail(self) -> str:
        return f"/thumbnails/{self.clip.id}.jpg"

    @property
    def media(self) -> str:
        return f"/media/{self.clip.video_id}"

    def to_document(self) -> dict[str, Any]:
        return {
            "rank": self.rank,
            "score": self.score,
            "band": self.band,
            "clip_id": self.clip.id,
            "video_id": self.clip.video_id,
            "title": printable(self.clip.title),
            "path": printable(str(self.clip.path)),
            "start": round(self.clip.start, 3),
            "end": round(self.clip.end, 3),
            "tags": [{"kind": tag.kind, "label": tag.label, "score": round(tag.score, 4)} for tag in self.tags],
            "thumbnail": self.thumbnail,
            "media": self.media,
        }


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

    def to_document(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "query": {
                "text": self.text,
                "tags": [{"kind": tag.kind, "label": tag.label} for tag in self.tags],
                "any": self.any_of,
                "min_seconds": self.min_seconds,
                "unknown_words": list(self.unknown_words),
            },
            "encoder": {"name": self.encoder_name, "fingerprint": self.encoder_fingerprint},
            "count": len(self.hits),
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "results": [hit.to_document() for hit in self.hits],
            "facets": [facet_document(facet) for facet in self.facets],
        }


def facet_document(facet: Facet) -> dict[str, Any]:
    return {**asdict(facet), "seconds": round(facet.seconds, 3)}


def printable(text: str) -> str:
    """Text that any UTF-8 stream takes: bytes of a file name that are no UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
