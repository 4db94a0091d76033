"""Python in a process of its own, for what may break or hang: how one is started, how it hears that it is to stop,
and how it ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search.errors import CannotGoOn
from search.runtime import verbose

INTERRUPTED = 130
"""The exit code of one that was told to stop."""


def start(code: str, **pipes: Any) -> subprocess.Popen[bytes]:
    """Runs some Python with the modules of this process; `pipes` as `Popen` has them. Raises CannotGoOn.

    What it says on stderr is seen only by those who want to know more.
    """
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stderr=None if verbose() else subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)},
            process_group=0,  # Ctrl-C in the terminal is for the parent alone
            **pipes,
        )
    except OSError as error:
        raise CannotGoOn(f"No process can be started ({error.strerror}).", "End some other programs.") from error


def stop_with_stdin(patience: float, told: Callable[[], None] = lambda: None) -> None:
    """To be called by the process itself: when stdin ends, `told` is called and KeyboardInterrupt raised in it.

    Stdin ends when the parent wants it, or has ended itself, however it ended. `patience`: seconds after which the
    process ends in any case.
    """

    def listen() -> None:
        while os.read(0, 1):  # `sys.stdin` has a lock: held by a thread, it breaks the end of the process
            pass
        told()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(patience)
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
    threading.Thread(target=listen, daemon=True).start()


def how_it_ended(code: int) -> str:
    """An exit code in words, negative for a signal."""
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
