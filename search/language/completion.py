"""What may stand at the cursor: keys, kinds of tags, labels, folders. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from search.language.keys import KEYS
from search.language.labels import RESERVED
from search.language.words import is_bare, quoted, split_outside, split_words, unquoted


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: `text` in place of the characters from `start` to `end` of the line."""

    text: str
    start: int
    end: int
    kind: Literal["key", "label", "folder"]
    meaning: str
    """For a person, in a few words."""

    def applied(self, line: str) -> str:
        """The line with it. The cursor then stands at `start + len(text)`."""
        return line[: self.start] + self.text + line[self.end :]


def complete(line: str, cursor: int, tags: Sequence[tuple[str, str]], folders: Sequence[str]) -> list[Completion]:
    """How the word before the cursor may go on, the best first; none for words that begin nothing.

    `tags` are kinds and labels, `folders` what `in:` takes; both in the order in which equally good ones are wanted.
    """
    typed = line[:cursor]
    *_, word = ["", *(word.raw for word in split_words(typed) if word.end == len(typed))]
    minus = word.startswith("-")
    key, value = _split_key(word[minus:])
    if key is None:
        return list(_keys(word[minus:], cursor, tags, minus))
    labels = [label for kind, label in tags if kind.lower() == key]
    if labels:
        return list(_labels(value, cursor, labels, key))
    if key == "in" and not minus:
        start = cursor - len(value)
        return [
            Completion(_written(name, ""), start, cursor, "folder", KEYS["in"].meaning)
            for name in _matching(unquoted(value), folders)
        ]
    return []


def _split_key(word: str) -> tuple[str | None, str]:
    at = min((word.find(sign) for sign in ":=" if sign in word), default=-1)
    return (None, word) if at < 0 else (word[:at].lower(), word[at + 1 :])


def _keys(typed: str, cursor: int, tags: Sequence[tuple[str, str]], minus: bool) -> Iterator[Completion]:
    meanings = {kind: f"tags of the kind {kind}" for kind, _ in tags}
    if not minus:
        meanings |= {key.name: key.meaning for key in KEYS.values()}
    for name in meanings:
        if name.lower().startswith(typed.lower()):
            yield Completion(f"{name}:", cursor - len(typed), cursor, "key", meanings[name])


def _labels(value: str, cursor: int, labels: Sequence[str], kind: str) -> Iterator[Completion]:
    """Labels for the last one of a value; those before it are not offered again."""
    opened = len("only(") if value.lower().startswith("only(") else 0
    parts = split_outside(value[opened:], "+|")
    given = {unquoted(part).lower() for _, part in parts[:-1]}
    last = parts[-1][1]
    for label in _matching(unquoted(last), labels):
        if label.lower() not in given:
            yield Completion(_written(label, RESERVED), cursor - len(last), cursor, "label", kind)


def _matching(typed: str, names: Iterable[str]) -> list[str]:
    """The names that begin with what was typed, then those of which a later word does, then those that hold it."""
    wanted = typed.lower()

    def rank(name: str) -> int:
        lower = name.lower()
        if lower.startswith(wanted):
            return 0
        return 1 if any(part.startswith(wanted) for part in lower.replace("/", " ").split()) else 2

    return sorted((name for name in dict.fromkeys(names) if wanted in name.lower()), key=rank)


def _written(name: str, reserved: str) -> str:
    return name if is_bare(name, reserved) else quoted(name)
