"""The labels of a tag: `tom`, `tom+jerry`, `tom|jerry`, `only(tom+jerry)`, with quotes around any of them."""

from __future__ import annotations

from search.language.errors import NotUnderstood
from search.language.tokens import Token
from search.language.tree import Mode, TagTest
from search.language.words import is_bare, quoted, split_outside, unquoted

RESERVED = "+|()"
"""Characters that a label without quotes does not have."""


def read_test(token: Token) -> TagTest:
    """What a tag demands. Raises NotUnderstood."""
    raw, at = token.raw, token.value_start
    only = raw.lower().startswith("only(")
    if only:
        if not raw.endswith(")"):
            raise NotUnderstood("The parenthesis is never closed", _forms(token), at + len("only"))
        raw, at = raw[len("only(") : -1], at + len("only(")
    every, any_of = split_outside(raw, "+"), split_outside(raw, "|")
    if len(every) > 1 and len(any_of) > 1:
        raise NotUnderstood("Labels are joined by + or by |, not by both", _forms(token), at)
    labels = _labels(token, at, any_of if len(any_of) > 1 else every)
    return TagTest(token.key, labels, _mode(token, labels, only, len(any_of) > 1))


def write_test(test: TagTest) -> str:
    """The tag as `read_test` reads it."""
    joined = ("|" if test.mode in ("any", "none") else "+").join(
        label if is_bare(label, RESERVED) else quoted(label) for label in test.labels
    )
    value = f"only({joined})" if test.mode == "only" else joined
    return f"{'-' if test.mode == 'none' else ''}{test.kind}:{value}"


def _labels(token: Token, at: int, parts: list[tuple[int, str]]) -> tuple[str, ...]:
    """Each label once, in the order written; `at` is the offset of the parts in the line."""
    for offset, part in parts:
        if not unquoted(part).strip():
            raise NotUnderstood("A label is missing", _forms(token), at + offset)
    return tuple(dict.fromkeys(unquoted(part).strip() for _, part in parts))


def _mode(token: Token, labels: tuple[str, ...], only: bool, any_of: bool) -> Mode:
    if only and (token.minus or any_of):
        what = "taken away" if token.minus else "joined by |"
        raise NotUnderstood(f"only(…) cannot be {what}", _forms(token), token.start)
    if only:
        return "only"
    if token.minus and len(labels) > 1 and not any_of:
        cure = f"Write -{token.key}:a|b for neither of them."
        raise NotUnderstood("A minus sign before labels joined by + can mean two things", cure, token.start)
    if token.minus:
        return "none"
    return "any" if any_of and len(labels) > 1 else "all"


def _forms(token: Token) -> str:
    key = token.key
    return f"Write {key}:a+b, {key}:a|b or {key}:only(a+b), without spaces; quote a label that has such marks in it."
