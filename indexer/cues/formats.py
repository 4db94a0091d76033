"""Subtitle files and transcripts, as text, to cues (pure but for the library that knows the formats)."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

from indexer.cues.markup import plain
from search.catalog.records import Cue

_TIMES = " --> "
_KARAOKE = re.compile(r"<\d[\d:.]*>")


class Unreadable(ValueError):
    """A file is not what its name says; the message is for people."""


def read_cues(text: str, suffix: str, source: str) -> list[Cue]:
    """The cues of a file, as they stand there: `suffix` is srt, vtt, ass, ssa or json. Raises Unreadable.

    A JSON file that is no transcript has none; a subtitle file without words is unreadable, unless it is empty.
    """
    if suffix == "json":
        return _of_whisper(text, source)
    cues = _of_subtitles(_webvtt(text) if suffix == "vtt" else text, suffix, source)
    if text.strip() and not any(cue.words for cue in cues):
        raise Unreadable("no subtitles in it")
    return cues


def _of_subtitles(text: str, suffix: str, source: str) -> list[Cue]:
    import pysubs2

    try:
        with warnings.catch_warnings(action="ignore"):
            events = pysubs2.SSAFile.from_string(text, "ass" if suffix == "ssa" else suffix)
    except Exception as error:  # pysubs2 raises what its parsing stumbles over
        raise Unreadable("damaged") from error
    return [
        Cue(event.start / 1000, event.end / 1000, plain(event.text), source)
        for event in events
        if not event.is_comment
    ]


def _webvtt(text: str) -> str:
    """Its cue blocks only: pysubs2 takes notes, styles and names of cues for words, and karaoke times for times."""
    blocks = re.split(r"\n\n+", re.sub(r"\r\n?", "\n", text))
    return "\n\n".join(_KARAOKE.sub("", _from_times(block)) for block in blocks if _TIMES in block)


def _from_times(block: str) -> str:
    """Without the name above the times."""
    return block[block.rfind("\n", 0, block.index(_TIMES)) + 1 :]


def _of_whisper(text: str, source: str) -> list[Cue]:
    """Of OpenAI's whisper and its kin (`segments`, seconds), and of whisper.cpp (`transcription`, milliseconds)."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(said, dict):
        return []
    try:
        if isinstance(said.get("transcription"), list):
            spans = [(it["offsets"]["from"] / 1000, it["offsets"]["to"] / 1000, it) for it in said["transcription"]]
        else:
            spans = [(it["start"], it["end"], it) for it in said.get("segments", ())]
        return [_cue(start, end, it, source) for start, end, it in spans]
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("a transcript with parts missing") from error


def _cue(start: Any, end: Any, said: dict[str, Any], source: str) -> Cue:
    return Cue(float(start), float(end), plain(said["text"]), source)
