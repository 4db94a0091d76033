"""The full-text index of the words said, `cue_words`: FTS5 in SQLite, text search in PostgreSQL.

Both are asked for whole words and phrases in any case and with any accents; what they find is looked through by
`full_text.find_terms`, so they may find too much but never too little.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy import ARRAY, Integer, Select, String, any_, bindparam, cast, column, func, insert, select, table
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from search.catalog.full_text import Term, fts5_query, text_query, text_vector
from search.catalog.models import CueRow


class CueWords(Protocol):
    """A full-text index of cues."""

    def add(self, session: Session, rows: Sequence[CueRow]) -> None:
        """Takes up cues that are about to be stored."""

    def matching(self, terms: Sequence[Term], video_ids: Collection[int] | None) -> Select[CueRow]:
        """The cues that hold every term, in no order; only of these videos, where they are given."""


class Fts5:
    """SQLite's; triggers keep it."""

    _INDEX = table("cue_words", column("rowid", Integer), column("cue_words", String))
    """Its hidden column of its own name stands for all of it."""

    def add(self, session: Session, rows: Sequence[CueRow]) -> None:
        session.add_all(rows)

    def matching(self, terms: Sequence[Term], video_ids: Collection[int] | None) -> Select[CueRow]:
        found = (
            select(CueRow)
            .join_from(self._INDEX, CueRow, CueRow.id == self._INDEX.c.rowid)
            .where(self._INDEX.c.cue_words.match(fts5_query(terms)))
        )
        if video_ids is None:
            return found
        allowed = func.json_each(json.dumps([int(video_id) for video_id in video_ids])).table_valued("value")
        return found.where(CueRow.video_id.in_(select(allowed.c.value)))


class _PostgresqlType(UserDefinedType[str]):
    """A type by its name: SQLAlchemy's own would load its whole dialect of PostgreSQL for every library."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        return self.name


TSVECTOR, TSQUERY = _PostgresqlType("TSVECTOR"), _PostgresqlType("TSQUERY")


class TextSearch:
    """PostgreSQL's. The words are split and folded here: its own parser takes `3.14` or `a/b` for one word, and what
    it knows of letters depends on the locale of the database.
    """

    _INDEX = table("cue_words", column("cue_id", Integer), column("words", TSVECTOR))

    def add(self, session: Session, rows: Sequence[CueRow]) -> None:
        session.add_all(rows)
        session.flush()
        if rows:
            words = cast(bindparam("tokens", type_=String), TSVECTOR)
            statement = insert(self._INDEX).values(cue_id=bindparam("cue"), words=words)
            session.execute(statement, [{"cue": row.id, "tokens": text_vector(row.words)} for row in rows])

    def matching(self, terms: Sequence[Term], video_ids: Collection[int] | None) -> Select[CueRow]:
        found = (
            select(CueRow)
            .join_from(self._INDEX, CueRow, CueRow.id == self._INDEX.c.cue_id)
            .where(self._INDEX.c.words.op("@@")(cast(text_query(terms), TSQUERY)))
        )
        if video_ids is None:
            return found
        allowed = bindparam("videos", [int(video_id) for video_id in video_ids], type_=ARRAY(Integer))
        return found.where(CueRow.video_id == any_(allowed))


_BY_DIALECT: Mapping[str, CueWords] = {"sqlite": Fts5(), "postgresql": TextSearch()}


def cue_words_of(session: Session) -> CueWords:
    """The index of the database that a session speaks to."""
    return _BY_DIALECT[session.get_bind().dialect.name]
