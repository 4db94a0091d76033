"""`--format m3u`: a playlist that plays only the moments, in VLC. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from search.outputs.span import Span, one_line


def write_m3u(spans: Sequence[Span], question: str) -> str:
    """Extended M3U in UTF-8. The files are `file:` addresses: a path with a line break is none in a list of lines.

    Where to begin and end is said by VLC's own lines, which other players pass over.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(question)}"]
    for span in spans:
        lines += [
            f"#EXTINF:{span.end - span.start:.3f},{span.title}",
            f"#EXTVLCOPT:start-time={span.start:.3f}",
            f"#EXTVLCOPT:stop-time={span.end:.3f}",
            span.uri,
        ]
    return "\n".join(lines) + "\n"
