"""The words that a text tower is trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.encoders.text_tower import ascii_words


class Vocabulary:
    """The words an encoder knows; word i has number i + 1, number 0 stands for none."""

    def __init__(self, words: Sequence[str], max_words: int) -> None:
        self.words = tuple(words)
        self.max_words = max_words
        self._numbers = {word: i + 1 for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Word numbers int32 `[N, max_words]`: unknown words dropped, the rest cut off or filled up with 0."""
        table = np.zeros((len(texts), self.max_words), np.int32)
        for row, text in zip(table, texts, strict=True):
            known = [self._numbers[word] for word in ascii_words(text) if word in self._numbers][: self.max_words]
            row[: len(known)] = known
        return table


def frequent_words(texts: Iterable[str], at_least: int) -> list[str]:
    """The words that occur `at_least` times in `texts`, sorted: rarer ones would be known by name alone."""
    counts = Counter(word for text in texts for word in ascii_words(text))
    return sorted(word for word, count in counts.items() if count >= at_least)
