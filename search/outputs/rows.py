"""`--format csv`: a row a moment (RFC 4180), for spreadsheets and scripts. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from search.answer import printable
from search.outputs.span import Span

COLUMNS = (
    *("rank", "score", "band", "title", "path", "start", "end", "video_id", "clip_id"),
    *("tags", "words", "words_at"),
)


FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would compute."""


def write_csv(spans: Sequence[Span], _question: str) -> str:
    """Seconds with milliseconds; tags, words, and where each of the words begins, are joined by `; `.

    No cell of text is a formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for span in spans:
        score = "" if span.score is None else f"{span.score:.6g}"
        times = f"{span.start:.3f}", f"{span.end:.3f}"
        names = span.title, printable(str(span.path))
        lists = "; ".join(span.tags), "; ".join(span.words), "; ".join(f"{second:.3f}" for second in span.words_at)
        writer.writerow(
            [span.rank, score, span.band, *map(plain, names), *times, span.video_id, span.clip_id, *map(plain, lists)]
        )
    return text.getvalue()


def plain(cell: str) -> str:
    """Text that stays text in a spreadsheet: after `'` nothing is computed."""
    return f"'{cell}" if FORMULA.match(cell) else cell
