"""The indexes there are. Adding one is a file and a line."""

from __future__ import annotations

import importlib
from typing import Any

INDEXES = {
    "flat": "search.vectors.flat:FlatIndex",
    "flat16": "search.vectors.flat:Flat16Index",
    "fastscan": "search.vectors.fast_scan:FastScanIndex",
}
EXACT, QUICK = "flat16", "fastscan"
LARGE = 25_000
"""Clips from which the exact index takes longer than all the rest of a search."""


def kind_for(clips: int) -> str:
    """The index that suits a library of this size."""
    return QUICK if clips >= LARGE else EXACT


def index_class(name: str = EXACT) -> Any:
    """The class registered under a name; imports FAISS."""
    module, _, attribute = INDEXES[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
