"""The frame sources by name; a new one is a file beside this and a line here."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path

from indexer.sources.base import FrameSource
from search.errors import CannotGoOn, UsageError

SOURCES: dict[str, str] = {
    "pyav": "indexer.sources.pyav:PyavSource",
    "opencv": "indexer.sources.opencv:OpencvSource",
}
"""In the order in which they are tried where none is asked for."""


def asked_for(name: str | None = None) -> str | None:
    """The source `name`, or the one that `VSEARCH_FRAME_SOURCE` names; None where nobody asks.

    Raises UsageError for a name that is not known.
    """
    name = name or os.environ.get("VSEARCH_FRAME_SOURCE")
    if name and name not in SOURCES:
        raise UsageError(f"There is no frame source {name!r}.", f"Choose one of: {', '.join(SOURCES)}.")
    return name


def find_source(name: str | None = None) -> Callable[[Path], FrameSource]:
    """What opens a file: the source asked for, or else the first that is installed.

    Raises UsageError for an unknown name and CannotGoOn where none can be imported.
    """
    name = asked_for(name)
    for place in [SOURCES[name]] if name else SOURCES.values():
        module, _, attribute = place.partition(":")
        try:
            opener: Callable[[Path], FrameSource] = getattr(importlib.import_module(module), attribute)
        except ImportError:
            continue
        return opener
    raise CannotGoOn("No decoder is installed.", "Run `pip install av` (or opencv-python).")
