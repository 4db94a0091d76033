"""`--format edl`: an edit decision list (CMX 3600), an event a moment, for editing programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from search.outputs.span import USUAL_RATE, Span
from search.outputs.timeline import timeline

REEL = "AX"
"""The reel of films that are files: they are found by the name below the event."""
DROP_RATES = (30000 / 1001, 60000 / 1001)
"""Their timecode leaves numbers out to keep to the clock."""


def write_edl(spans: Sequence[Span], question: str) -> str:
    """A list has one frame rate: that of most of its moments; the timecodes of all are counted in it.

    So they are the film's own wherever the films of an answer agree. An event of another rate has a comment that
    says which.
    """
    rate = list_rate(spans)
    made = timeline(spans, question, rate_of=lambda _: rate)
    drop = "DROP FRAME" if rate in DROP_RATES else "NON-DROP FRAME"
    head = f"TITLE: {made.name}\nFCM: {drop}\n\n"
    if not spans:
        return head
    from opentimelineio.adapters import write_to_string

    for span, clip in zip(spans, made.tracks[0], strict=True):
        comments = [] if span.rate == rate else [f"SOURCE FRAME RATE: {span.rate:.3f}"]
        clip.metadata["cmx_3600"] = {"reel": REEL, "comments": comments}
    made.name = ""
    events: str = write_to_string(made, "cmx_3600", rate=rate)
    return head + events


def list_rate(spans: Sequence[Span]) -> float:
    """The frame rate that most moments have; of equals, that of the better one."""
    counted = Counter(span.timecode_rate for span in spans)
    return counted.most_common(1)[0][0] if counted else USUAL_RATE
