"""Files that appear whole or not at all, and the folders that they lie in."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import CannotGoOn, DiskFull


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A `.part` beside `path` to write to; renamed to `path` in the end, removed if anything goes wrong.

    Raises DiskFull or CannotGoOn for what the system says about it.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except OSError as error:  # av's errors of the file system are OSErrors, too
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space left to write {path}.", "Free some space, or choose another disk.") from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotGoOn(f"Cannot write {path}: {reason}.", "Choose a folder that you may write to.") from error
    finally:
        part.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """With those above it. Raises CannotGoOn."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGoOn(
            f"Cannot make the folder {folder}: {error.strerror}.", "Choose a place that you may write to."
        ) from error


def nearest_folder(path: Path) -> Path:
    """The path itself, or the first folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if os.path.isdir(folder))  # noqa: PTH112  (is_dir raises)
