"""Numbers and sentences as a page shows them. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape


def clock(seconds: float) -> str:
    """A moment of a film, whole seconds: `0:07`, `12:30`, `1:02:03`."""
    minutes, second = divmod(max(0, math.floor(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def span(start: float, end: float) -> str:
    """From when to when, in seconds that hold the whole span: `0:12 – 0:21`."""
    return f"{clock(start)} – {clock(math.ceil(end))}"


def duration(seconds: float) -> str:
    """How long, in the two units that matter: `8 s`, `4 min 10 s`, `12 h 5 min`."""
    whole = round(seconds)
    units = [(whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    first = next((at for at, (count, _) in enumerate(units) if count), 2)
    return " ".join(f"{count:,} {unit}" for count, unit in units[first : first + 2] if count) or "0 s"


def amount(count: int, noun: str) -> str:
    """`1 film`, `1,204 films`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def turns(total: int, skip: int, size: int) -> tuple[int | None, int | None]:
    """Where the pages before and after the one at `skip` begin; None where there is none."""
    earlier = min(max(0, skip - size), (total - 1) // size * size) if skip > 0 and total else None
    return earlier, skip + size if skip + size < total else None


_STEERING = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that nobody sees and that turn or hide others."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def inert(text: str) -> str:
    """A name from a disk as one harmless line of the same length, without what breaks lines or turns them."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub(" ", text))


def marked(text: str, marks: Iterable[Sequence[int]]) -> Markup:
    """A text in which the spans between offsets, the second exclusive, are set as `<mark>`."""
    text, parts, at = inert(text), [], 0
    for start, end in sorted((start, end) for start, end in marks):
        if start >= at:
            parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
            at = end
    return Markup("").join([*parts, escape(text[at:])])


def ticked(text: str) -> Markup:
    """A sentence in which `commands` between backticks are set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
