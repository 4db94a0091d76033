"""All words said in one film: its own text tracks and the files beside it. Runs in the process that decodes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.cues.encodings import read_text
from indexer.cues.formats import Unreadable, read_cues
from indexer.cues.tidy import tidy
from indexer.sources.base import CannotDecode, open_regular
from search.catalog.records import Cue

LARGEST = 32 << 20
"""Bytes of one file; the longest film with a time for every word has fewer."""
MOST_CUES = 50_000
"""Of one file, or of all tracks; sung lines with a cue for every syllable have the most."""


@dataclass(frozen=True, slots=True)
class WordsRequest:
    path: str
    sidecars: tuple[str, ...]
    duration: float
    """Seconds of the film."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a film."""

    cues: tuple[Cue, ...] = ()
    """By time."""
    passed_over: tuple[str, ...] = ()
    """Files that could not be read: the name of each and why, one line for people."""


def read_words(request: WordsRequest, alive: Callable[[], None]) -> Words:
    """Whatever is wrong with a file costs that file alone."""
    from indexer.cues.tracks import read_tracks, seconds_before

    film, sidecars = Path(request.path), [Path(path) for path in request.sidecars]
    cues, passed_over = read_tracks(film, MOST_CUES, alive), []
    before = seconds_before(film) if sidecars else 0.0
    for path in sidecars:
        alive()
        try:
            read = read_sidecar(path)
        except Unreadable as error:
            passed_over.append(f"{_name(path)}: {error}")
            continue
        cues += [replace(cue, start=cue.start - before, end=cue.end - before) for cue in read]
    return Words(tuple(tidy(cues, request.duration)), tuple(passed_over))


def read_sidecar(path: Path) -> list[Cue]:
    """The cues of one file, as they stand there. Raises Unreadable."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            data = file.read(LARGEST + 1)
    except (CannotDecode, OSError) as error:
        raise Unreadable(str(error)) from error
    if len(data) > LARGEST:
        raise Unreadable(f"too large for subtitles (more than {LARGEST >> 20} MiB)")
    text = read_text(data)
    if text is None:
        raise Unreadable("no text")
    if text.count(" --> ") + text.count("Dialogue:") > MOST_CUES:
        raise Unreadable(f"too many subtitles (more than {MOST_CUES:,})")
    return read_cues(text, path.suffix.lower().removeprefix("."), _name(path))


def _name(path: Path) -> str:
    return os.fsencode(path.name).decode("utf-8", "replace")
