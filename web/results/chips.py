"""The tokens of a question as chips, each with the line that is left without it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from search.language.editing import without
from search.language.errors import NotUnderstood
from search.language.labels import read_test
from search.language.tokens import Token, read_tokens

JOINTS = ("or", "then")


@dataclass(frozen=True, slots=True)
class Chip:
    """One token as a person reads it."""

    kind: str
    """Of the token: `text`, `tag`, `filter` and so on."""
    name: str
    """What stands before the words: the kind of a tag, a key; may be empty."""
    words: str
    without: str | None
    """The line without it; None for what only joins others."""
    clip_id: int | None = None
    """The clip that it names."""

    @property
    def spoken(self) -> str:
        """As it is read aloud."""
        return f"{self.name} {self.words}".strip()


def chips_of(line: str, kinds: Collection[str]) -> list[Chip]:
    """The chips of a line; none for plain text, which is its own."""
    tokens = read_tokens(line, kinds)
    if all(token.kind == "text" for token in tokens):
        return []
    return [_chip(token, line, kinds) for token in tokens]


def marked(line: str, at: int, kinds: Collection[str]) -> tuple[str, str, str]:
    """A line that cannot be read: before, at, and after the place that is wrong. The middle is never empty."""
    inside = (token for token in read_tokens(line, kinds) if token.start <= at < token.end)
    end = next((token.end for token in inside), at + 1)
    return line[:at], line[at:end] or " ", line[end:]


def _chip(token: Token, line: str, kinds: Collection[str]) -> Chip:
    name, words = _words(token)
    return Chip(
        kind=token.kind,
        name=name,
        words=words,
        without=None if token.kind in JOINTS else without(line, token, kinds),
        clip_id=int(token.raw) if token.kind == "like" and token.raw.isdecimal() and len(token.raw) < 19 else None,
    )


def _words(token: Token) -> tuple[str, str]:
    """The name and the words of its chip."""
    if token.kind == "tag":
        return (f"not {token.key}" if token.minus else token.key), _labels(token)
    if token.kind in ("minus", "filter", "said", "like"):
        words = f"clip {token.value}" if token.kind == "like" and token.raw.isdecimal() else token.value
        return ("not" if token.kind == "minus" else token.key), words
    return ("within" if token.kind == "within" else ""), token.raw


def _labels(token: Token) -> str:
    """The labels of a tag as a person says them."""
    try:
        test = read_test(token)
    except NotUnderstood:
        return token.value
    joined = (" and " if test.mode in ("all", "only") else " or ").join(test.labels)
    return f"only {joined}" if test.mode == "only" else joined
