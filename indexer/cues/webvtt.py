"""Cues to a WebVTT file (pure)."""

from __future__ import annotations

import html
from collections.abc import Iterable

from search.catalog.records import Cue


def webvtt(cues: Iterable[Cue], note: str = "") -> str:
    """The text of a file; `note` is one line on where it comes from."""
    blocks = ["WEBVTT", *([f"NOTE {note}"] if note else [])]
    blocks += [f"{_time(cue.start)} --> {_time(cue.end)}\n{html.escape(cue.words, quote=False)}" for cue in cues]
    return "\n\n".join(blocks) + "\n"


def _time(seconds: float) -> str:
    milliseconds = max(round(seconds * 1000), 0)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
