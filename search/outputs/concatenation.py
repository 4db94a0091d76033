"""`--format ffconcat`: the moments one after the other, for FFmpeg. Pure.

ffmpeg -f concat -safe 0 -i found.ffconcat out.mp4
"""

from __future__ import annotations

from collections.abc import Sequence

from search.outputs.span import Span


def write_ffconcat(spans: Sequence[Span], _question: str) -> str:
    """FFmpeg reads a line at a time: a film with a line break in its name cannot be named, and is a comment."""
    lines = ["ffconcat version 1.0"]
    for span in spans:
        path = str(span.path)
        if "\n" in path or "\r" in path:
            lines.append(f"# left out, for the line break in its name: {span.uri}")
            continue
        lines += [f"file {quoted(path)}", f"inpoint {span.start:.6f}", f"outpoint {span.end:.6f}"]
    return "\n".join(lines) + "\n"


def quoted(path: str) -> str:
    """As FFmpeg reads quotes: all is itself up to the next one, which stands outside, after a backslash."""
    return "'" + path.replace("'", "'\\''") + "'"
