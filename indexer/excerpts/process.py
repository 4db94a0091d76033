"""The process that writes an excerpt as its parent sees it: started, listened to, ended."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer import own_process
from indexer.excerpts.child import TIDYING, TOLD, ExcerptRequest
from search.answer import printable
from search.errors import CannotGoOn, UsageError

PATIENCE = 120.0
"""Seconds without a sign of life; moving the index of a long film to its front takes some."""
TICK = 0.25
"""Seconds between two looks whether it is still wanted."""
COMMAND = "from indexer.excerpts.child import main; raise SystemExit(main())"


class UnusableFilm(UsageError):
    """The film breaks what decodes it."""

    code = "unusable-film"
    http_status = 422


class NotWanted(CannotGoOn):
    """Whoever asked for the excerpt has gone."""

    code = "not-wanted"


def make_excerpt(
    request: ExcerptRequest,
    on_frame: Callable[[float], None] = lambda _until: None,
    *,
    wanted: Callable[[], bool] = lambda: True,
    longest: float = float("inf"),
) -> None:
    """Writes an excerpt in a process of its own, whole or not at all; `on_frame` is told the seconds written.

    The process is ended after `longest` seconds, when it gives no sign of life, and when `wanted` says no (raises
    NotWanted). Raises UnusableFilm, and what `write_excerpt` does.
    """
    deadline = time.monotonic() + longest
    with _process(request) as process:
        for message in _messages(process, deadline, wanted):
            if "until" in message:
                on_frame(message["until"])
            elif "code" in message:
                raise TOLD.get(message["code"], CannotGoOn)(message["message"], message["cure"])
            else:
                return
        code = process.wait()
    how = own_process.how_it_ended(code)
    name = printable(Path(request.film).name)
    raise UnusableFilm(f"{name} cannot be cut: its decoder crashed ({how}).", "Choose another part, or another film.")


@contextmanager
def _process(request: ExcerptRequest) -> Iterator[subprocess.Popen[bytes]]:
    """The running process; in the end it has ended, and what is half written is gone."""
    with own_process.start(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            _tell(process, request)
            yield process
        finally:
            _end(process)
            Path(f"{request.output}.part").unlink(missing_ok=True)  # where it was killed


def _tell(process: subprocess.Popen[bytes], request: ExcerptRequest) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it has crashed already; that is found soon
        process.stdin.write(json.dumps(asdict(request)).encode() + b"\n")
        process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it, as gently as it allows: a closed stdin asks it to stop."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(TIDYING / 2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _messages(
    process: subprocess.Popen[bytes], deadline: float, wanted: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """What the process says, until it says no more."""
    assert process.stdout is not None
    rest, alive = b"", time.monotonic()
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while wanted():
            now = time.monotonic()
            if now > min(deadline, alive + PATIENCE):
                raise CannotGoOn("The film takes too long to cut.", "Choose a shorter part, or another film.")
            if not ready.select(TICK):
                continue
            piece, alive = os.read(process.stdout.fileno(), 1 << 16), now
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            yield from map(json.loads, lines)
    raise NotWanted("Nobody waits for the excerpt any more.", "Ask for it again.")
