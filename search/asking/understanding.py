"""From a request to the question it asks: text, tags and vectors put together and checked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from search.catalog.filters import ClipFilter
from search.errors import BadQuery, TooLarge, UnknownTag
from search.language.parser import parse_question
from search.language.tree import AnyOf, Look, Question, TagTest
from search.query import MOST_TAGS, SearchRequest, Tag, resolve_tags

KINDS = ("emotion", "character", "activity")
"""Kinds of tags that our own classifiers make: they mean tags even where none was found yet."""


def understand(request: SearchRequest, known: Sequence[tuple[str, str]], hidden: Collection[str] = ()) -> Question:
    """What a request asks. Its tags hold for every look of the text, and are written as the library has them.

    `known`: every kind and label of the library. Raises BadQuery where the text cannot be read or nothing is asked,
    UnknownTag where a tag is not in use or of a hidden kind, TooLarge where there are too many.
    """
    question = _read(request, kinds_of(known, hidden))
    looks = [replace(look, tags=(*look.tags, *request.conditions)) for look in question.looks]
    if sum(len(test.labels) for look in looks for one in look.tags for test in one.tests) > MOST_TAGS:
        raise TooLarge(f"The question has more than {MOST_TAGS} tags.", "Ask for fewer.")
    if request.min_seconds and not any(look.tags for look in looks):
        raise BadQuery("How long should what last? There is no tag.", "Give one, for example emotion=happy.")
    written = [replace(look, tags=_all_written(look.tags, known, hidden)) for look in looks]
    then = tuple(replace(step, look=look) for step, look in zip(question.then, written[1:], strict=True))
    return replace(question, look=written[0], then=then)


def kinds_of(known: Iterable[tuple[str, str]], hidden: Collection[str] = ()) -> frozenset[str]:
    """What stands before a colon in a question and means a tag."""
    return frozenset({*KINDS, *hidden, *(kind for kind, _ in known)})


def filter_of(question: Question, look: Look, request: SearchRequest) -> ClipFilter:
    """Which clips can be the moment that one look of a question asks for."""
    return ClipFilter(look.tags, question.scope, request.min_seconds, request.newer_than, request.video_id)


def _all_written(
    conditions: Iterable[AnyOf], known: Sequence[tuple[str, str]], hidden: Collection[str]
) -> tuple[AnyOf, ...]:
    """The conditions with kinds and labels as the library writes them. Raises UnknownTag."""
    return tuple(AnyOf(tuple(_as_written(test, known, hidden) for test in one.tests)) for one in conditions)


def _read(request: SearchRequest, kinds: frozenset[str]) -> Question:
    if request.text.strip():
        return _parsed(request.text, kinds)
    if not request.tags and request.embedding is None:
        raise BadQuery("The question is empty.", "Describe what should be seen, or give a tag.")
    return Question(Look())


_parsed = lru_cache(maxsize=1024)(parse_question)


def _as_written(test: TagTest, known: Sequence[tuple[str, str]], hidden: Collection[str]) -> TagTest:
    if test.kind.lower() in hidden:
        raise UnknownTag(
            f"Tags of {test.kind} are switched off here.",
            "`vsearch index --classifiers emotion` or unsetting VSEARCH_NO_EMOTION allows them.",
        )
    tags = resolve_tags([Tag(test.kind, label) for label in test.labels], known)
    return TagTest(tags[0].kind, tuple(tag.label for tag in tags), test.mode)
