"""A line of the query language to the question that it asks. Pure; linear in the length of the line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from search.errors import BadQuery, TooLarge
from search.language.errors import NotUnderstood
from search.language.labels import read_test
from search.language.scope import read_scope
from search.language.times import read_time
from search.language.tokens import Token, read_tokens, split_looks
from search.language.tree import AnyOf, Like, Look, Question, TagTest, Then

LONGEST_LINE = 5_000
"""Characters."""
_CLIP_ID = re.compile("[0-9]{1,18}")


def parse_question(line: str, kinds: Collection[str]) -> Question:
    """What a line asks for. `kinds` are the kinds of tags that the library has.

    Raises BadQuery for an empty line, its subclass NotUnderstood for one that cannot be read, which says where, and
    TooLarge for one of more than `LONGEST_LINE` characters.
    """
    if len(line) > LONGEST_LINE:
        raise TooLarge(
            f"The question has {len(line):,} characters; the limit is {LONGEST_LINE:,}.",
            "Describe what should be seen in a sentence.",
        )
    tokens = read_tokens(line, kinds)
    for token in tokens:
        if token.fault:
            raise token.fault
    scope = read_scope([token for token in tokens if token.kind == "filter"])
    steps = split_looks(tokens)
    looks = [_look(step) for step in steps]
    if len(looks) > 1:
        _check_that_all_say_something(steps, looks)
    elif looks[0] == Look() and scope.is_whole:
        raise BadQuery("The question is empty.", "Describe what should be seen, or give a tag.")
    then = tuple(Then(look, _limit(step)) for look, step in zip(looks[1:], steps[1:], strict=True))
    return Question(looks[0], then, scope)


def _check_that_all_say_something(steps: Sequence[list[Token]], looks: Sequence[Look]) -> None:
    cure = 'Write: a dog jumps then it swims. Put "then" in quotation marks to mean the word.'
    if looks[0] == Look():
        raise NotUnderstood("Nothing stands before 'then'", cure, steps[1][0].start)
    for step, look in zip(steps[1:], looks[1:], strict=True):
        if look == Look():
            raise NotUnderstood("Nothing follows 'then'", cure, step[0].start)


def _look(tokens: Sequence[Token]) -> Look:
    return Look(
        text=_plain(" ".join(token.value for token in tokens if token.kind == "text")),
        minus=tuple(_plain(token.value) for token in tokens if token.kind == "minus"),
        tags=_conditions(tokens),
        said=tuple(_plain(token.value) for token in tokens if token.kind == "said"),
        like=tuple(_like(token) for token in tokens if token.kind == "like"),
    )


def _plain(text: str) -> str:
    """Text with one space between its words."""
    return " ".join(text.split())


def _conditions(tokens: Sequence[Token]) -> tuple[AnyOf, ...]:
    """The tags, those that `OR` joins together."""
    groups: list[list[TagTest]] = []
    around = [None, *(token.kind for token in tokens), None]
    for before, token, after in zip(around, tokens, around[2:], strict=False):
        if token.kind == "or" and (before, after) != ("tag", "tag"):
            cure = 'Write a tag before it and one after it, or "OR" in quotation marks to mean the word.'
            raise NotUnderstood("OR joins two tags", cure, token.start)
        if token.kind == "tag" and before == "or":
            groups[-1].append(read_test(token))
        elif token.kind == "tag":
            groups.append([read_test(token)])
    return tuple(AnyOf(tuple(tests)) for tests in groups)


def _like(token: Token) -> Like:
    if _CLIP_ID.fullmatch(token.raw):
        return Like(clip_id=int(token.raw))
    return Like(picture=token.value)


def _limit(tokens: Sequence[Token]) -> float | None:
    return next((read_time(token.raw) for token in tokens if token.kind == "within"), None)
