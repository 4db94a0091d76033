"""Words said in videos: stored with them, found by what was said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from search.catalog.base import CatalogBase
from search.catalog.cue_words import cue_words_of
from search.catalog.full_text import Range, Term, as_indexed, as_shown, find_terms, terms_of
from search.catalog.models import CueRow, VideoRow
from search.catalog.records import Cue

PAUSE = 2.0
"""Seconds. A cue that begins within so much of the end of another goes on with its sentence."""
MOST_RANKED = 2000
"""Cues that match: of words so common that more do, the first found are ranked."""

_Columns = tuple[int, int, float, float, str, str]
"""Id, video, start, end, words as indexed, source."""


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue in which the words of a question were said; or two, where a sentence goes on from one to the next."""

    video_id: int
    cue: Cue
    """Of two, from the beginning of the first to the end of the second."""
    rank: float
    """Share of the letters that were asked for, 0..1; more is better."""
    marks: tuple[Range, ...]
    """Where the matched words stand in `cue.words`: character offsets, ascending, the second exclusive."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row that matches, with what it says."""

    row: Row[*_Columns]
    words: str
    spans: bool
    """Whether the words are its own and those of the following cue."""
    rank: float
    marks: tuple[Range, ...]


class Cues(CatalogBase):
    """The part of the catalog that knows what is said."""

    def cues(self, video_id: int) -> list[Cue]:
        """The cues of a video, by time."""
        query = select(CueRow).where(CueRow.video_id == video_id).order_by(CueRow.start, CueRow.id)
        with self.reading() as session:
            return [Cue(row.start, row.end, as_shown(row.words)[0], row.source) for row in session.scalars(query)]

    def find_cues(self, words: str, limit: int, video_ids: Collection[int] | None = None) -> list[FoundCue]:
        """The best `limit` cues that hold every word and every "quoted phrase" of `words`; the best first.

        Case, accents and punctuation do not matter. Only in these videos, where `video_ids` is given. Any text is a
        question; one without letters and digits finds nothing.
        """
        terms = terms_of(words)
        if not terms or limit < 1:
            return []
        with self.reading() as session:
            matching = cue_words_of(session).matching(terms, video_ids)
            rows = session.execute(_shortest(matching, 2 * limit)).all()
            found = [hit for row in rows if (hit := _found(row, terms))]
            best = sorted(found, key=lambda hit: (-hit.rank, hit.row.video_id, hit.row.start))[:limit]
            return [FoundCue(hit.row.video_id, _cue(session, hit), hit.rank, hit.marks) for hit in best]

    def save_cues(self, video_id: int, recipe: str, cues: Sequence[Cue]) -> None:
        """Other cues in place of a video's own, in one transaction; its clips and tags stay."""
        with self.writing() as session:
            session.execute(delete(CueRow).where(CueRow.video_id == video_id))
            add_cues(session, video_id, cues)
            session.execute(update(VideoRow).where(VideoRow.id == video_id).values(recipe=recipe))
            self.bump(session)


def add_cues(session: Session, video_id: int, cues: Sequence[Cue]) -> None:
    """Stores the cues of one video, which come by time."""
    following: dict[str, Cue] = {}  # by source: each sentence goes on in the file it began in
    rows: list[CueRow] = []
    for cue in reversed(cues):
        after = following.get(cue.source)
        goes_on = after.words if after and after.start <= cue.end + PAUSE else ""
        words = as_indexed(cue.words, goes_on)
        rows.append(CueRow(video_id=video_id, start=cue.start, end=cue.end, words=words, source=cue.source))
        following[cue.source] = cue
    cue_words_of(session).add(session, rows[::-1])


def _shortest(matching: Select[CueRow], limit: int) -> Select[*_Columns]:
    """The shortest cues that match.

    Not in the order of FTS5's `rank` (BM25): that reads every cue with any of the words, which are all cues for a
    common one. Where every term is there, BM25 comes down to how short a cue is.
    """
    cue = aliased(CueRow, matching.limit(max(MOST_RANKED, limit)).subquery())
    columns = select(cue.id, cue.video_id, cue.start, cue.end, cue.words, cue.source)
    return columns.order_by(func.length(cue.words), cue.id).limit(limit)


def _found(row: Row[*_Columns], terms: Sequence[Term]) -> _Hit | None:
    """None where all was said in the following cue, which is found by itself."""
    words, following = as_shown(row.words)
    marks = find_terms(terms, words)
    spans = marks is None and bool(following)
    if spans:
        if find_terms(terms, following) is not None:
            return None
        words = f"{words}\n{following}"
        marks = find_terms(terms, words)
    letters = sum(end - begin for begin, end in marks or ())
    return _Hit(row, words, spans, letters / len(words), marks or ())


def _cue(session: Session, hit: _Hit) -> Cue:
    row = hit.row
    end = row.end
    if hit.spans:
        later = CueRow.video_id == row.video_id, CueRow.source == row.source, CueRow.id > row.id
        end = session.scalar(select(CueRow.end).where(*later).order_by(CueRow.id).limit(1)) or end
    return Cue(row.start, end, hit.words, row.source)
