"""Words without the markup that subtitle formats put into them (pure)."""

from __future__ import annotations

import html
import re

_DRAWING = re.compile(r"\{[^}]*\\p[1-9][^}]*\}.*?(?:\{[^}]*\\p0[^}]*\}|$)", re.DOTALL)
"""From `{\\p1}` on, ASS draws shapes by coordinates."""
_OVERRIDE = re.compile(r"\{[^}]*\}")
"""`{\\an8}`, `{\\k20}` and all else in braces, in ASS and by custom in SubRip."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>")
"""`<i>`, `<font color=…>`, `<v Anna>`, and the karaoke times of WebVTT."""
_BREAK = re.compile(r"\\[Nn]|\r\n?|\u2028|\u2029")
_GAP = re.compile(r"[^\S\n]+")


def plain(marked_up: str) -> str:
    """Plain text, a line of it for each line shown, no line empty; a line ends with a newline but for the last."""
    words = _OVERRIDE.sub("", _DRAWING.sub("", marked_up)).replace(r"\h", " ")
    words = html.unescape(_TAG.sub("", words))
    lines = (_GAP.sub(" ", line).strip() for line in _BREAK.sub("\n", words).split("\n"))
    return "\n".join(line for line in lines if line.strip("\u200e\u200f\ufeff"))
