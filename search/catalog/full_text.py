"""Words and how they are found (pure): what is indexed, what the database is asked, which words were matched.

SQLite's FTS5 takes a run of letters for one word, but Chinese, Japanese, Thai and their kin write sentences without
spaces, and Korean joins particles to words. So their characters are kept apart by a space of no width: each is a word
of its own, and any part of a sentence is found as a phrase. PostgreSQL's text search is given the words one by one.

Subtitles break sentences where the screen ends. So a cue is indexed with the words of the one that follows at once,
and a phrase is found that begins in the one and ends in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_TERMS = 64
"""Of a question; further ones are passed over."""
LONGEST = 500
"""Characters of a word that PostgreSQL is given: it refuses words of more than 2 kB."""
LONGEST_PHRASE = 200
"""Words of a phrase that PostgreSQL is given: longer ones exhaust its stack."""
APART = "\u200b"
"""Zero width space; never in the words that a caller sees."""
NEXT = "\x1e"
"""Record separator, before the words of the following cue."""

Range = tuple[int, int]
"""Character offsets into words, the second exclusive."""

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul
)
_SEAM = re.compile(rf"(?<=[{_UNSPACED}])(?=\w)|(?<=\w)(?=[{_UNSPACED}])")
_UNKEPT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\u200b]")
_LETTER = rf"[^\W_{_UNSPACED}]"
_TOKEN = re.compile(rf"{_LETTER}+(?:[\u0300-\u036f]+{_LETTER}*)*|(?=\w)[{_UNSPACED}]")
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, as its tokens."""

    asked: tuple[str, ...]
    folded: tuple[str, ...]


def as_indexed(words: str, following: str = "") -> str:
    """Words as they are kept and indexed, with those of the following cue; `as_shown` is the way back."""
    return _clean(words) + (NEXT + _clean(following) if following else "")


def as_shown(indexed: str) -> tuple[str, str]:
    """The words of a cue, and those of the following one, or nothing."""
    words, _, following = indexed.replace(APART, "").partition(NEXT)
    return words, following


def terms_of(question: str) -> list[Term]:
    """Its words and "quoted phrases"; empty where it has no letter and no digit."""
    said = (quoted or word for quoted, word in _PHRASE_OR_WORD.findall(unicodedata.normalize("NFC", question)))
    split = (tuple(_TOKEN.findall(words)) for words in said)
    terms = dict.fromkeys(Term(tokens, tuple(map(_fold, tokens))) for tokens in split if tokens)
    return list(terms)[:MOST_TERMS]


def fts5_query(terms: Sequence[Term]) -> str:
    """What FTS5 is asked: every term must be there, in any order. Quoted, so that nothing is an operator."""
    return " ".join('"' + " ".join(term.asked) + '"' for term in terms)


def text_query(terms: Sequence[Term]) -> str:
    """The same for PostgreSQL, as a `tsquery`."""
    return " & ".join(" <-> ".join(map(_lexeme, term.folded[:LONGEST_PHRASE])) for term in terms)


def text_vector(indexed: str) -> str:
    """The words of `as_indexed` with their places, as a `tsvector` of PostgreSQL."""
    tokens = _TOKEN.findall(indexed)
    return " ".join(f"{_lexeme(_fold(token))}:{place}" for place, token in enumerate(tokens, 1))


def find_terms(terms: Sequence[Term], words: str) -> tuple[Range, ...] | None:
    """Where the terms stand in `words`, ascending, none touching another; None where one of them is missing."""
    spans = [found.span() for found in _TOKEN.finditer(words)]
    folded = [_fold(words[begin:end]) for begin, end in spans]
    ranges: list[Range] = []
    for term in terms:
        length = len(term.folded)
        places = [at for at, token in enumerate(folded) if token == term.folded[0]]
        places = [at for at in places if tuple(folded[at : at + length]) == term.folded]
        if not places:
            return None
        ranges += [(spans[at][0], spans[at + length - 1][1]) for at in places]
    return _merged(sorted(ranges))


def _clean(words: str) -> str:
    return _SEAM.sub(APART, unicodedata.normalize("NFC", _UNKEPT.sub(" ", words)))


def _fold(token: str) -> str:
    """Without case and accents."""
    if token.isascii():
        return token.lower()
    apart = unicodedata.normalize("NFD", token.lower())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _lexeme(folded: str) -> str:
    return f"'{folded[:LONGEST]}'"


def _merged(ranges: Sequence[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for begin, end in ranges:
        if merged and begin < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return tuple(merged)
