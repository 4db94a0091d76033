"""The words of the drawn captions, which encoders are trained on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from indexer.samples import words


@cache
def drawn_words() -> set[str]:
    """Every lower-case word that a drawn caption may hold."""
    tables = [table for name, table in vars(words).items() if name.isupper()]
    texts = [re.sub(r"{\w+}", "", text) for text in _texts(tables)]
    return {word for text in [*texts, "a an and is are"] for word in re.findall(r"[a-z]+", text)}


def _texts(table: object) -> Iterator[str]:
    """The sentences in a table; the keys of a dictionary are names, not words."""
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        yield from _texts(list(table.values()))
    elif isinstance(table, (list, tuple)):
        for part in table:
            yield from _texts(part)
