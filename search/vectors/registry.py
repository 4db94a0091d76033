"""The indexes there are. Adding one is a file and a line."""

from __future__ import annotations

import importlib
from typing import Any

INDEXES = {
    "flat": "search.vectors.flat:FlatIndex",
    "flat16": "search.vectors.flat:Flat16Index",
}
DEFAULT = "flat16"


def index_class(name: str = DEFAULT) -> Any:
    """The class registered under a name; imports FAISS."""
    module, _, attribute = INDEXES[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
