"""Python in a process of its own, for what may break or hang: how one is started, and how one ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from search.runtime import verbose


def start(code: str, **pipes: Any) -> subprocess.Popen[bytes]:
    """Runs some Python with the modules of this process; `pipes` as `Popen` has them. Raises OSError.

    What it says on stderr is seen only by those who want to know more.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stderr=None if verbose() else subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)},
        process_group=0,  # Ctrl-C in the terminal is for the parent alone
        **pipes,
    )


def how_it_ended(code: int) -> str:
    """An exit code in words, negative for a signal."""
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
