"""A question as a line of the query language: what `parse_question` reads as the same question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.language.labels import write_test
from search.language.scope import write_scope
from search.language.times import write_time
from search.language.tree import Like, Look, Question
from search.language.words import is_bare, quoted

_HAS_MEANING = re.compile(r"-\w|(?:[\d_]|[^\w:=])*+[^\W\d_][^:=]*+[:=]|(?:then|within|OR)$")
"""A word that would be read as something else without quotes, whatever the kinds of tags."""
_PLAIN = re.compile(r"\w+")


def write_question(question: Question) -> str:
    """One line, in a fixed order: words, minus, tags, words said, likeness; the scope at the end."""
    parts = [*_write_look(question.look)]
    for step in question.then:
        parts += ["then", *_write_look(step.look)]
        if step.within is not None:
            parts += ["within", write_time(step.within)]
    return " ".join([*parts, *write_scope(question.scope)])


def _write_look(look: Look) -> Iterator[str]:
    if look.text:
        yield _write_text(look.text)
    yield from (f"-{text if _PLAIN.fullmatch(text) else quoted(text)}" for text in look.minus)
    for condition in look.tags:
        yield " OR ".join(write_test(test) for test in condition.tests)
    yield from (f"said:{quoted(text)}" for text in look.said)
    yield from (_write_like(like) for like in look.like)


def _write_text(text: str) -> str:
    """Words as they are, or all of them in quotes where one would be read as something else."""
    plain = all(is_bare(word) and not _HAS_MEANING.match(word) for word in text.split())
    return text if plain else quoted(text)


def _write_like(like: Like) -> str:
    if like.clip_id is not None:
        return f"like:{like.clip_id}"
    picture = like.picture or ""
    return f"like:{picture if is_bare(picture) and not picture.isdecimal() else quoted(picture)}"
