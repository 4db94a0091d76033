"""The one door to TensorFlow and Keras: imported when first needed, and quietly."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from typing import Any

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1", "ABSL_MIN_LOG_LEVEL": "3"}


def verbose() -> bool:
    """Whether the person asked (`-v`) to see what the libraries say."""
    return os.environ.get("VSEARCH_VERBOSE") == "1"


def tensorflow() -> Any:
    """The tensorflow module. Takes seconds the first time."""
    if not verbose():
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        warnings.filterwarnings("ignore", module="tensorflow|keras|google|tensorflow_hub")
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
    return importlib.import_module("tensorflow")


def keras() -> Any:
    """The keras module, on the backend named by `KERAS_BACKEND` (TensorFlow unless set)."""
    if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
        tensorflow()
    return importlib.import_module("keras")
