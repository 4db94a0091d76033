"""`--format csv`: a row a moment (RFC 4180), for spreadsheets and scripts. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from search.answer import printable
from search.outputs.span import Span

COLUMNS = ("rank", "score", "band", "title", "path", "start", "end", "video_id", "clip_id", "tags", "words")


def write_csv(spans: Sequence[Span], _question: str) -> str:
    """Seconds with milliseconds; tags and words are joined by `; `."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for span in spans:
        score = "" if span.score is None else f"{span.score:.6g}"
        times = f"{span.start:.3f}", f"{span.end:.3f}"
        names = span.title, printable(str(span.path))
        lists = "; ".join(span.tags), "; ".join(span.words)
        writer.writerow([span.rank, score, span.band, *names, *times, span.video_id, span.clip_id, *lists])
    return text.getvalue()
