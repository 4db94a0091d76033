"""Packages that come only with an extra of vsearch."""

from __future__ import annotations

import importlib
from typing import Any

from search.encoders.signatures import first_line
from search.errors import ModelUnavailable


def import_extra(module: str, extra: str) -> Any:
    """The module, imported when first needed. Raises ModelUnavailable when it is not there or does not load."""
    try:
        return importlib.import_module(module)
    except Exception as error:  # builds of torch and torchvision that do not match raise nearly anything
        raise ModelUnavailable(
            f"This needs {module}, which cannot be loaded: {first_line(error)}.",
            f"Run `pip install 'vsearch[{extra}]'`.",
        ) from error
