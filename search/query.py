"""What is asked, checked at the door. Pure."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from search.contracts import Encoder, Float32
from search.errors import BadQuery, TooLarge, UnknownTag
from search.language.tree import AnyOf, TagTest
from search.spelling import respelled

LONGEST_TEXT = 5_000
MOST_RESULTS = 10_000
MOST_TAGS = 50
NAMED_WORDS = 10
NAMED_LABELS = 20
WORD = re.compile(r"[\w']+")
FILLERS = frozenset(re.findall(r"\w+", "a an and are at by for from in is it of on or some the there this to with"))
"""Words that ask for nothing by themselves."""
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


Group = Literal["clip", "video"]
Sort = Literal["best", "film", "newest"]
"""Best first; by root, path and time; or the films taken last first. `best` is `film` where nothing is ranked."""


class Tag(NamedTuple):
    """`kind=label`."""

    kind: str
    label: str

    def __str__(self) -> str:
        return f"{self.kind}={self.label}"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question. Text may be empty when there are tags: then the moments come in film order."""

    text: str
    """A line of the query language; plain text is plain text."""
    k: int = 10
    tags: tuple[Tag, ...] = ()
    any_of: bool = False
    """One of the tags is enough; else a clip must have them all."""
    min_seconds: float = 0.0
    """Only tags that last so long count."""
    facets: bool = True
    """Whether the answer says which tags there are to narrow it by."""
    skip: int = 0
    """Results passed over, from the first: for paging."""
    group: Group = "clip"
    """`video`: the best moment of each video only."""
    sort: Sort = "best"
    """Another order has the current result alone (`ResultSearch.matches`), for any clip is found at some rank."""
    explain: bool = False
    """Whether each hit says how it came by its rank."""
    pictures: Mapping[str, Float32] = field(default_factory=dict, compare=False)
    """Vectors float32 `[dim]` for the `like:PICTURE` of the question, by its name as written."""
    embedding: Float32 | None = field(default=None, compare=False)
    """A vector float32 `[dim]` that is asked for directly: of a picture or a film that the caller encoded."""
    newer_than: int = 0
    """Only clips with a higher id."""
    newest_clip: int | None = None
    """Only clips up to this id: what an indexer adds while pages are turned moves nothing on them."""
    video_id: int | None = None
    """Only clips of this video."""

    @property
    def conditions(self) -> tuple[AnyOf, ...]:
        """The tags beside the text, as the query language has them."""
        tests = tuple(TagTest(tag.kind, (tag.label,)) for tag in self.tags)
        if self.any_of and tests:
            return (AnyOf(tests),)
        return tuple(AnyOf((test,)) for test in tests)


def parse_tag(words: str) -> Tag:
    """`kind=label` or `kind:label`. Raises BadQuery."""
    at = min((words.find(mark) for mark in "=:" if mark in words), default=-1)
    kind, label = words[:at].strip().lower(), words[at + 1 :].strip().lower()
    if at < 1 or not kind or not label:
        raise BadQuery(f"{words[:80]!r} is no tag.", "Write a tag as kind=label, for example emotion=happy.")
    return Tag(kind, label)


def check_request(request: SearchRequest) -> None:
    """Raises BadQuery or TooLarge where a number of the request is out of bounds."""
    if len(request.text) > LONGEST_TEXT:
        raise TooLarge(
            f"The question has {len(request.text):,} characters; the limit is {LONGEST_TEXT:,}.",
            "Describe what should be seen in a sentence.",
        )
    if not 1 <= request.k <= MOST_RESULTS:
        raise BadQuery(
            f"{request.k:,} results cannot be given.",
            f"Ask for a number from 1 to {MOST_RESULTS:,} (-k, or k=).",
        )
    if not 0 <= request.skip <= MOST_RESULTS:
        raise BadQuery(
            f"{request.skip:,} results cannot be passed over.", f"Give a number from 0 to {MOST_RESULTS:,}."
        )
    if len(request.tags) > MOST_TAGS:
        raise TooLarge(f"That are {len(request.tags)} tags; the limit is {MOST_TAGS}.", "Ask for fewer.")
    if not 0 <= request.min_seconds < math.inf:
        raise BadQuery(f"A tag cannot last {request.min_seconds} seconds.", "Give a number, for example 2.5.")


def check_words(text: str, encoder: Encoder) -> list[str]:
    """The words of `text` that the encoder does not know.

    Raises BadQuery when it knows none that asks for something: no ranking is better than an arbitrary one. An encoder
    that cannot tell is never refused a word.
    """
    if not any(character.isalnum() for character in text):
        raise BadQuery("The question has no words in it.", "Describe in words what should be seen.")
    unknown = encoder.unknown_words(text)
    if unknown and len(unknown_weighty(text, encoder)) == len(weighty_words(text)):
        meant = respelled(text, unknown)
        raise BadQuery(
            f"The encoder {encoder.spec.name} knows none of these words: {', '.join(unknown[:NAMED_WORDS])}.",
            f"Did you mean {meant}?" if meant else "Say it in other, plainer English words.",
        )
    return unknown


def half_width(text: str) -> str:
    """A text with the letters, digits and marks of ASCII for the wide ones of East Asian keyboards, as long as it."""
    return text.translate(HALF_WIDTH)


def weighty_words(text: str) -> list[str]:
    """The words of a text that ask for something."""
    return [word for word in WORD.findall(text) if word.lower() not in FILLERS]


def unknown_weighty(text: str, encoder: Encoder) -> list[str]:
    """Those of them that the encoder does not know wherever they stand."""
    return [word for word in weighty_words(text) if encoder.unknown_words(word)]


def resolve_tags(asked: Sequence[Tag], known: Sequence[tuple[str, str]]) -> tuple[Tag, ...]:
    """The tags as the library writes them, whatever their case.

    Raises UnknownTag when one is not in use, with the nearest that is.
    """
    written = {(kind.lower(), label.lower()): Tag(kind, label) for kind, label in known}
    found = []
    for tag in asked:
        key = tag.kind.lower(), tag.label.lower()
        if key not in written:
            raise _unknown_tag(tag, known)
        found.append(written[key])
    return tuple(dict.fromkeys(found))


def _unknown_tag(tag: Tag, known: Sequence[tuple[str, str]]) -> UnknownTag:
    kinds = sorted({kind for kind, _ in known})
    labels = sorted({label for kind, label in known if kind == tag.kind})
    if not known:
        cure = "This library has no tags; describe the moment in words instead."
    elif not labels:
        cure = did_you_mean(tag.kind, kinds, "The kinds in this library")
    else:
        cure = did_you_mean(tag.label, labels, f"The labels of {tag.kind} in this library")
    what = "kind of tag" if known and not labels else "tag"
    return UnknownTag(f"No clip has the {what} {(tag.kind if what != 'tag' else str(tag))!r}.", cure)


def did_you_mean(word: str, known: Sequence[str], what: str) -> str:
    """A cure that names the nearest known word, or all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    more = f" and {len(known) - NAMED_LABELS} more" if len(known) > NAMED_LABELS else ""
    return f"{what}: {', '.join(known[:NAMED_LABELS])}{more}."
