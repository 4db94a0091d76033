"""Ctrl-C while indexing: the first asks to stop after the current transaction, the second ends at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHOW_CURSOR = b"\x1b[?25h"
"""Progress bars hide it."""


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Gives a function that tells whether SIGINT or SIGTERM has arrived since.

    Outside the main thread, where Python takes no signals, it is never true.
    """
    arrived = threading.Event()

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        if arrived.is_set():
            if os.isatty(2):
                os.write(2, SHOW_CURSOR)
            os._exit(130)  # the database undoes the open transaction; decoders end with their parent
        arrived.set()

    if threading.current_thread() is not threading.main_thread():
        yield arrived.is_set
        return
    before = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield arrived.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
