"""Lines that ask the same, narrowed or widened: what a click on a facet or a tag makes of a question. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from search.language.editing import without
from search.language.labels import read_test, write_test
from search.language.times import write_time
from search.language.tokens import Token, read_tokens, split_looks
from search.language.tree import Mode, TagTest
from search.language.words import is_bare, quoted


@dataclass(frozen=True)
class Line:
    """A line of the query language that can be read, and what can be done to it."""

    text: str
    kinds: Collection[str]
    """The kinds of tags that the library has."""

    def chosen(self, kind: str) -> TagTest | None:
        """The tag of a kind that the first moment must have, if it stands alone: a facet can change only that."""
        token = self._tag(kind)
        return read_test(token) if token else None

    def unwanted(self, kind: str) -> tuple[str, ...]:
        """The labels of a kind that the first moment must not have."""
        tests = [read_test(token) for token in self._first if token.kind == "tag" and token.minus]
        return tuple(label for test in tests if test.kind == kind for label in test.labels)

    def with_label(self, kind: str, label: str) -> str:
        """The line with a label chosen, or without it where it is. Of several any is enough, unless it says."""
        token, test = self._tag(kind), self.chosen(kind)
        if token is None or test is None:
            return self.with_words(write_test(TagTest(kind, (label,))))
        labels = tuple(one for one in test.labels if not _same(one, label))
        if not labels:
            return without(self.text, token, self.kinds)
        if len(labels) < len(test.labels):
            return self._with(token, replace(test, labels=labels))
        mode: Mode = "any" if len(labels) == 1 and test.mode == "all" else test.mode
        return self._with(token, replace(test, labels=(*labels, label), mode=mode))

    def only_with(self, kind: str, label: str) -> str:
        """The line with one more tag that must be there; the same where it is."""
        test = self.chosen(kind)
        if test and test.mode != "any" and any(_same(label, one) for one in test.labels):
            return self.text
        return self.with_words(write_test(TagTest(kind, (label,))))

    def with_mode(self, kind: str, mode: Mode) -> str:
        """The line with the labels of a kind joined in another way."""
        token, test = self._tag(kind), self.chosen(kind)
        return self._with(token, replace(test, mode=mode)) if token and test else self.text

    def with_unwanted(self, kind: str, label: str) -> str:
        """The line with a label that must not be, or without that where it is."""
        for token in self._first:
            if token.kind == "tag" and token.minus and token.key == kind and _same(token.value, label):
                return without(self.text, token, self.kinds)
        return self.with_words(write_test(TagTest(kind, (label,), "none")))

    def without_kind(self, kind: str) -> str:
        """The line without the tag that `chosen` gives."""
        token = self._tag(kind)
        return without(self.text, token, self.kinds) if token else self.text

    def with_folder(self, folder: str) -> str:
        """The line with a folder to look in, or without it where it is."""
        for token in self._tokens:
            if token.key == "in" and token.value.strip("/") == folder.strip("/"):
                return without(self.text, token, self.kinds)
        return self.with_words(f"in:{folder if is_bare(folder) else quoted(folder)}")

    def without_folders(self) -> str:
        """The line for all folders."""
        return self._without_keys("in")

    def in_film(self, title: str) -> str:
        """The line for the films of this name only."""
        return self.with_words(f"name:{title if is_bare(title) else quoted(title)}")

    def with_length(self, longer: float | None, shorter: float | None) -> str:
        """The line for films of this length only; None is no bound."""
        line = replace(self, text=self._without_keys("longer", "shorter"))
        bounds = {"longer": longer, "shorter": shorter}
        words = [f"{key}:{write_time(seconds)}" for key, seconds in bounds.items() if seconds is not None]
        return line.with_words(" ".join(words)) if words else line.text

    def with_words(self, words: str) -> str:
        """The line with more words, at the end of what the first moment is."""
        looks = split_looks(self._tokens)
        if len(looks) == 1:
            return f"{self.text.strip()} {words}".strip()
        at = looks[1][0].start
        return f"{self.text[:at].strip()} {words} {self.text[at:]}".strip()

    def _without_keys(self, *keys: str) -> str:
        line = self
        while token := next((each for each in line._tokens if each.key in keys), None):
            line = replace(line, text=without(line.text, token, line.kinds))
        return line.text

    @cached_property
    def _tokens(self) -> list[Token]:
        return read_tokens(self.text, self.kinds)

    @property
    def _first(self) -> list[Token]:
        """Those of the first look."""
        return split_looks(self._tokens)[0]

    def _tag(self, kind: str) -> Token | None:
        """The one tag of a kind in the first look that nothing joins with another."""
        first = self._first
        around = [None, *(token.kind for token in first), None]
        found = [
            token
            for at, token in enumerate(first)
            if token.kind == "tag"
            and token.key == kind
            and not token.minus
            and "or" not in (around[at], around[at + 2])
        ]
        return found[0] if len(found) == 1 else None

    def _with(self, token: Token, test: TagTest) -> str:
        return self.text[: token.start] + write_test(test) + self.text[token.end :]


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
