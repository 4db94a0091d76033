"""Lists of activities: what they are called, and the sentences that describe each.

A line is `label: sentence | sentence`, or a label alone, which is then its own sentence; empty lines and those that
begin with `#` are passed over. A phrase will do for a sentence: naming who does it makes matters worse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from search.errors import PathNotFound, UsageError

KINETICS, EVERYDAY = "kinetics400", "everyday"
"""The lists that are shipped: that of Kinetics-400 in the order of its networks, and mini's own."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One label with at least one sentence."""

    label: str
    sentences: tuple[str, ...]


def shipped_list(name: str) -> list[Activity]:
    """The list `KINETICS` or `EVERYDAY`."""
    with as_file(files("classifiers.activity") / "lists" / f"{name}.txt") as path:
        return read_list(path)


def read_list(path: Path) -> list[Activity]:
    """The activities of a file, in its order.

    Raises PathNotFound where there is none, UsageError where it is no such list or names a label twice.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise PathNotFound(f"There is no file {path}.", "Name a text file with an activity a line.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "It must be text in UTF-8.") from error
    activities = parse_list(lines)
    labels = [activity.label.lower() for activity in activities]
    if len(activities) < 2:
        raise UsageError(
            f"{path} names fewer than two activities.", "Write one a line: `label: sentence | sentence`."
        )
    twice = next((label for i, label in enumerate(labels) if label in labels[:i]), None)
    if twice:
        raise UsageError(f"{path} names {twice!r} twice.", "Put all its sentences on one line.")
    return activities


def parse_list(lines: Iterable[str]) -> list[Activity]:
    """Pure."""
    kept = (line.strip() for line in lines)
    return [_parse(line) for line in kept if line and not line.startswith(("#", ":"))]


def _parse(line: str) -> Activity:
    label, _, said = line.partition(":")
    sentences = tuple(sentence.strip() for sentence in said.split("|") if sentence.strip())
    return Activity(label.strip(), sentences or (label.strip(),))
