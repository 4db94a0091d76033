"""`--format vtt`: WebVTT chapters, one a moment. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from search.outputs.span import Span, one_line


def write_vtt(spans: Sequence[Span], question: str) -> str:
    """The moments of each film in the order of time, below a note with its name; the film of the best comes first.

    Of one film it is a chapters track as it stands. Times are those of the film, so a file with several films is to
    be cut at its notes.
    """
    blocks = ["WEBVTT"]
    best: dict[int, int] = {}
    for place, span in enumerate(spans):
        best.setdefault(span.video_id, place)
    in_order = sorted(spans, key=lambda span: (best[span.video_id], span.start))
    for _, film in groupby(in_order, key=lambda span: span.video_id):
        moments = list(film)
        blocks.append(f"NOTE {escaped(moments[0].title)}")
        blocks += [
            f"{clock(span.start)} --> {clock(span.end)}\n{span.rank}. {escaped(span_words(span, question))}"
            for span in moments
        ]
    return "\n\n".join(blocks) + "\n"


def span_words(span: Span, question: str) -> str:
    """What is said in it where that was asked for, else the question."""
    return " / ".join(span.words) or one_line(question)


def clock(seconds: float) -> str:
    """75.2 → 00:01:15.200"""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}.{thousandths:03}"


def escaped(text: str) -> str:
    """WebVTT reads `&` and `<`, and `-->` only between times."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
