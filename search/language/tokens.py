"""The tokens of a line: what each part of it means and where it stands, for the parser, for chips and for colours.

Reading tokens never fails, so that a line can be shown while it is typed: what is wrong is a token that says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Literal

from search.language.errors import NotUnderstood
from search.language.keys import KEYS, OTHER_NAMES, near_key
from search.language.times import read_time
from search.language.words import MARKS, Word, split_words, unquoted

TokenKind = Literal["text", "minus", "tag", "filter", "said", "like", "or", "then", "within", "wrong"]
IN_QUOTES = "Put it in quotation marks to look for these words."

_MINUS = re.compile(rf"-(?=[\w{MARKS}])")
_KEYED = re.compile(rf"([^\s\\:={MARKS}]+)([:=])")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters that are no spaces, and halves of characters."""


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a line; free text is one token as far as nothing else stands in it."""

    kind: TokenKind
    start: int
    end: int
    """Offsets in the line; the end is exclusive."""
    raw: str
    """The value as written, with its quotes: of a tag its labels, of `-snow` the snow."""
    key: str = ""
    """The kind of a tag, or the name of a key, as the library and `KEYS` write them."""
    minus: bool = False
    """Whether it is a tag that must not be."""
    fault: NotUnderstood | None = field(default=None, compare=False)
    """What is wrong, where something is."""

    @property
    def value(self) -> str:
        """The value without its quotes."""
        return unquoted(self.raw)

    @property
    def value_start(self) -> int:
        """The offset of the value in the line."""
        return self.end - len(self.raw)


def read_tokens(line: str, kinds: Collection[str]) -> list[Token]:
    """The tokens of any line, in order. `kinds` are the kinds of tags that the library has."""
    tags = {kind.lower(): kind for kind in kinds}
    words = [_read_word(word, tags, begins=not at) for at, word in enumerate(split_words(line))]
    return list(_join_text(line, _find_limits(line, _find_or(words))))


def split_looks(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each look; all but the first begin with their `then`."""
    starts = [0, *(at for at, token in enumerate(tokens) if token.kind == "then"), len(tokens)]
    return [list(tokens[start:end]) for start, end in pairwise(starts)]


def _read_word(word: Word, tags: Mapping[str, str], *, begins: bool) -> Token:
    """What a word means by itself; `begins` is whether it is the first of the line."""
    if word.unclosed is not None:
        cure = 'Close it, or write \\" for the mark itself.'
        return _wrong(word, "The quotation mark is never closed", cure, word.unclosed)
    if bad := _NO_TEXT.search(word.raw):
        what = f"There is a control character, U+{ord(bad[0]):04X}"
        return _wrong(word, what, "Take it out.", word.start + bad.start())
    if word.raw == "then":
        return Token("then", word.start, word.end, word.raw)
    minus = _MINUS.match(word.raw) is not None
    body = word.raw[minus:]
    if (keyed := _KEYED.match(body)) and (token := _read_keyed(word, keyed, tags, minus, begins)):
        return token
    if minus and not unquoted(body).strip():
        return _wrong(word, "Nothing follows the minus sign", "Say what should not be seen.", word.start)
    return Token("minus" if minus else "text", word.start, word.end, body)


def _read_keyed(word: Word, keyed: re.Match[str], tags: Mapping[str, str], minus: bool, begins: bool) -> Token | None:
    """A word with a colon or an equals sign in it; None when that is ordinary text.

    `he said: go away` is text; a line that begins with `said:` is not.
    """
    written, sign = keyed[0], keyed[2]
    name = keyed[1].lower()
    raw = keyed.string[keyed.end() :]
    if name in KEYS and sign == ":" and (raw or begins):
        if minus:
            cure = f"A minus sign stands before words and tags only. {IN_QUOTES}"
            return _wrong(word, f"{written!r} cannot be taken away", cure, word.start)
        token = Token(KEYS[name].kind, word.start, word.end, raw, name)
    elif name in tags:
        token = Token("tag", word.start, word.end, raw, tags[name], minus)
    else:
        return _near_miss(word, keyed[1], sign, tags) if raw else None
    if not token.value.strip():
        example = f", as in {written}{KEYS[name].example}" if name in KEYS else ""
        cure = f"Write its value right behind it{example}. {IN_QUOTES}"
        return _wrong(word, f"Nothing follows {written!r}", cure, word.start)
    return token


def _near_miss(word: Word, written: str, sign: str, tags: Mapping[str, str]) -> Token | None:
    """A key that is none but looks like one."""
    known = {**tags, **(KEYS if sign == ":" else {})}
    if (bare := written.lstrip("(").lower()) != written.lower() and bare in known:
        cure = "Leave them out: OR joins the tags beside it, all else must hold together."
        return _wrong(word, "Tags are not put in parentheses", cure, word.start)
    other = OTHER_NAMES.get(written.lower()) if sign == ":" else None
    if near := other or near_key(written.lower(), known):
        cure = f"Did you mean {tags.get(near, near)}{sign}? {IN_QUOTES}"
        return _wrong(word, f"There is no key {written + sign!r}", cure, word.start)
    return None


def _wrong(word: Word, what: str, cure: str, at: int) -> Token:
    return Token("wrong", word.start, word.end, word.raw, fault=NotUnderstood(what, cure, at))


def _find_or(words: Sequence[Token]) -> list[Token]:
    """`OR` joins tags where it stands beside something with a meaning of its own; between words it is a word."""
    around = [None, *words, None]
    return [
        replace(word, kind="or")
        if word.raw == "OR" and word.kind == "text" and (_has_meaning(around[at]) or _has_meaning(around[at + 2]))
        else word
        for at, word in enumerate(words)
    ]


def _has_meaning(word: Token | None) -> bool:
    return word is not None and word.kind not in ("text", "then")


def _find_limits(line: str, words: Sequence[Token]) -> Iterator[Token]:
    """`within 30s` is a limit where it ends the words that follow a `then`."""
    first, *later = split_looks(words)
    yield from first
    for look in later:
        yield from _with_limit(line, look)


def _with_limit(line: str, look: list[Token]) -> list[Token]:
    texts = [at for at, word in enumerate(look) if word.kind == "text"]
    for length in (3, 2):  # `within 30 seconds` and `within 30s`
        if len(texts) < length or look[texts[-length]].raw != "within":
            continue
        first, last = texts[-length], texts[-1]
        time = line[look[first + 1].start : look[last].end]
        if last - first == length - 1 and read_time(time) is not None:
            limit = Token("within", look[first].start, look[last].end, time)
            return [*look[:first], limit, *look[last + 1 :]]
    return look


def _join_text(line: str, words: Iterable[Token]) -> Iterator[Token]:
    """Neighbouring words of text as one token."""
    for is_text, run in groupby(words, key=lambda word: word.kind == "text"):
        together = list(run)
        if is_text:
            start, end = together[0].start, together[-1].end
            yield Token("text", start, end, line[start:end])
        else:
            yield from together
