"""The one door to TensorFlow and Keras, and what keeps libraries quiet."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from typing import Any

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "OPENCV_LOG_LEVEL": "SILENT"}
STDERR = 2


def verbose() -> bool:
    """Whether the person asked (`-v`) to see what the libraries say."""
    return os.environ.get("VSEARCH_VERBOSE") == "1"


def quiet_libraries() -> None:
    """Keeps what libraries print by themselves off the terminal; what vsearch writes to `sys.stderr` gets there.

    Native code writes to descriptor 2, and some of it (absl inside TensorFlow) heeds no setting. So the terminal
    moves to a descriptor of our own and 2 leads nowhere from then on.
    """
    os.environ.update(QUIET)
    warnings.simplefilter("ignore")
    logging.lastResort = None
    if sys.stderr is not sys.__stderr__ or sys.stderr is None or sys.stderr.fileno() != STDERR:
        return  # somebody else, a test say, has taken it over
    ours = os.dup(STDERR)
    sys.stderr = open(ours, "w", buffering=1, encoding=sys.stderr.encoding, errors=sys.stderr.errors)  # noqa: SIM115, PTH123
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    os.close(nowhere)


def tensorflow() -> Any:
    """The tensorflow module. Takes seconds the first time."""
    if not verbose():
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
    # TensorFlow brings an SQLite of its own, without full-text search: whichever comes first serves the process.
    importlib.import_module("sqlite3")
    return importlib.import_module("tensorflow")


def keras() -> Any:
    """The keras module, on the backend named by `KERAS_BACKEND` (TensorFlow unless set)."""
    if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
        tensorflow()
    return importlib.import_module("keras")
