r"""A line in words: what stands between spaces, quoted parts kept whole.

Within quotation marks everything is text. A backslash before a quotation mark or a backslash makes it an ordinary
character, within quotes and without; before anything else it stands for itself. Every function takes time linear in
the length of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = '"“”„'
"""Quotation marks, all of one meaning: telephones write curly ones."""
_ESCAPED = rf"\\[\\{MARKS}]?"
_QUOTED = rf"[{MARKS}](?:[^\\{MARKS}]++|\\.)*+[{MARKS}]"
_WORD = re.compile(rf"(?=\S)(?:[^\s\\{MARKS}]++|{_ESCAPED}|{_QUOTED})*+(?P<unclosed>[{MARKS}].*)?", re.DOTALL)
_PART = re.compile(rf"{_ESCAPED}|{_QUOTED}|.", re.DOTALL)
_SYNTAX = re.compile(rf"\\([\\{MARKS}])|[{MARKS}]")
_TO_ESCAPE = re.compile(rf"[\\{MARKS}]")


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of the line without spaces outside quotes."""

    raw: str
    """As written, with its quotes."""
    start: int
    """Its offset in the line."""
    unclosed: int | None = None
    """The offset in the line of a quotation mark that is never closed; the word then runs to the end of the line."""

    @property
    def end(self) -> int:
        return self.start + len(self.raw)


def split_words(line: str) -> Iterator[Word]:
    """The words of a line, in order."""
    for found in _WORD.finditer(line):
        unclosed = found.start("unclosed")
        yield Word(found[0], found.start(), unclosed if unclosed >= 0 else None)


def split_outside(raw: str, marks: str) -> list[tuple[int, str]]:
    """The parts of a word between these characters, those in quotes passed over; each with its offset in the word."""
    at = [part.start() for part in _PART.finditer(raw) if part[0] in marks]
    return [(start, raw[start:end]) for start, end in zip([0, *(a + 1 for a in at)], [*at, len(raw)], strict=True)]


def unquoted(raw: str) -> str:
    """What a word says: without quotation marks and the backslashes that guard them."""
    return _SYNTAX.sub(lambda found: found[1] or "", raw)


def quoted(text: str) -> str:
    """A word that says `text`, whatever is in it: `unquoted(quoted(text)) == text`."""
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"'


def is_bare(text: str, reserved: str = "") -> bool:
    """Whether `text` says itself without quotes. `reserved` are further characters that it must not have."""
    return bool(text) and not any(character.isspace() or character in f"\\{MARKS}{reserved}" for character in text)
