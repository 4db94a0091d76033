"""The process that writes one excerpt for a server: the request comes as a line of JSON on stdin, what happens goes
out as lines of JSON on stdout. It is apart because a hostile film may crash, hang or bloat what decodes it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.own_process import INTERRUPTED, stop_with_stdin
from search.errors import CannotGoOn, DiskFull, PathNotFound, TooLarge, UsageError, VsearchError, first_line

MEMORY_LIMIT = 4 << 30
"""Bytes of address space: enough to write 8K film, too little for a hostile one to hurt."""
PULSE = 0.25
"""Seconds between two signs of life."""
TIDYING = 5.0
"""Seconds to remove what is half written, when nobody wants it any more."""
MEEKER = 5
"""How much less urgent it is than the server, as `nice` counts."""
TOLD: dict[str, type[VsearchError]] = {
    error.code: error for error in (UsageError, PathNotFound, TooLarge, DiskFull, CannotGoOn)
}
"""Errors by what they are called between the processes."""


@dataclass(frozen=True, slots=True)
class ExcerptRequest:
    """What is to be written."""

    film: str
    output: str
    """Its suffix says as what."""
    start: float = 0.0
    end: float = float("inf")
    longest_side: int | None = None
    slower: int = 1
    """How many times as long it is to last."""
    most_bytes: int = 4 << 30


def main() -> int:
    """Writes one excerpt; it is gone whole when stdin ends before that."""
    request = ExcerptRequest(**json.loads(sys.stdin.buffer.readline()))
    _keep_stdout()
    _limit(request.most_bytes)
    try:
        stop_with_stdin(TIDYING)
        write_request(request, _pulse())
    except KeyboardInterrupt:
        return INTERRUPTED
    except VsearchError as error:
        _say(code=_told_as(error), message=error.message, cure=error.cure)
    except MemoryError:
        _say(code=TooLarge.code, message="The film needs too much memory.", cure="Choose another film.")
    except Exception as error:  # what FFmpeg makes of a damaged film
        why = first_line(str(error))
        _say(code=UsageError.code, message=f"The film cannot be cut: {why}.", cure="Choose another part.")
    else:
        _say(done=True)
    return 0


def write_request(request: ExcerptRequest, on_frame: Callable[[float], None]) -> None:
    """Raises what `write_excerpt` does."""
    film, output = Path(request.film), Path(request.output)
    if request.slower == 1:
        from indexer.excerpts.excerpt import Span, write_excerpt

        write_excerpt(Span(film, request.start, request.end), output, request.longest_side, on_frame)
        return
    from indexer.excerpts.writing import write_moving
    from indexer.tweening.flow import between
    from indexer.tweening.making import slow_motion

    span = request.start, request.end
    frames = slow_motion(film, span, request.slower, between, request.longest_side)
    write_moving(output, frames, on_frame=on_frame)


def _keep_stdout() -> None:
    """What native code prints goes to stderr from now on; stdout is for messages alone."""
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)


def _limit(most_bytes: int) -> None:
    os.nice(MEEKER)
    for what, most in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_FSIZE, most_bytes)):
        with suppress(ValueError, OSError):  # not every system can limit it
            resource.setrlimit(what, (most, most))


def _pulse() -> Callable[[float], None]:
    """What tells, at most once a PULSE, up to which second has been written."""
    said = 0.0

    def tell(until: float) -> None:
        nonlocal said
        if time.monotonic() - said >= PULSE:
            said = time.monotonic()
            _say(until=until)

    return tell


def _told_as(error: VsearchError) -> str:
    """The code of the nearest error that both processes know."""
    codes = (str(getattr(kind, "code", "")) for kind in type(error).__mro__)
    return next((code for code in codes if code in TOLD), CannotGoOn.code)


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
