"""What was costly to learn about files, kept until one of them changes; and what tells their content."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

READ_AT_ONCE = 1 << 20


class Notes:
    """One small JSON file about one subject, in the folder of the models."""

    def __init__(self, subject: str, models: Path) -> None:
        """`models` is where notes are kept; one that cannot be written only costs time."""
        self._subject = subject
        self._path = models / "notes" / f"{hashlib.sha1(subject.encode()).hexdigest()}.json"

    def read(self, files: Iterable[Path] | None = None) -> dict[str, Any]:
        """What was learnt from these files (from whichever, if None); empty unless each is as it was then."""
        return dict(self._known(files).get("learned", {}))

    def files(self) -> list[Path]:
        """The files that it was learnt from; empty unless each is as it was then."""
        return [Path(path) for path, _, _ in self._known().get("stamp", [])]

    def write(self, files: Iterable[Path], learned: dict[str, Any]) -> None:
        """Keeps what was learnt from these files."""
        known = {"subject": self._subject, "stamp": stamp(files), "learned": learned}
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(known, indent=1), encoding="utf-8")
            beside.replace(self._path)

    def _known(self, files: Iterable[Path] | None = None) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            noted = [Path(path) for path, _, _ in known["stamp"]]
            return known if known["stamp"] == stamp(noted if files is None else files) else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}


def stamp(files: Iterable[Path]) -> list[list[Any]]:
    """Path, size and time of change of each file; another stamp means that a file may have changed."""
    stats = [(path, path.stat()) for path in files]
    return [[str(path), stat.st_size, stat.st_mtime_ns] for path, stat in stats]


def digest_files(digest: hashlib._Hash, folder: Path, files: Iterable[Path]) -> None:
    """Takes name below `folder`, size and bytes of each file into a digest."""
    for path in files:
        digest.update(f"\n{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(READ_AT_ONCE):
                digest.update(block)
