"""Opening the CSVs that people write."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from search.errors import PathNotFound, UsageError


@contextmanager
def opened_csv(path: Path, cure: str) -> Iterator[TextIO]:
    """The file, in UTF-8 with or without a mark, for the `csv` module.

    Raises PathNotFound, with this cure, where there is none, and UsageError where it cannot be read; within the
    block too.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except (FileNotFoundError, IsADirectoryError) as error:
        raise PathNotFound(f"There is no file {path}.", cure) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "It must be CSV in UTF-8.") from error
