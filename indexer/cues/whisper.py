"""Speech to cues by faster-whisper, which comes with the extra `transcribe`.

Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022 (arXiv 2212.04356).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from indexer.sources.base import CannotDecode
from search.catalog.records import Cue
from search.encoders.extras import import_extra
from search.errors import ModelUnavailable, UsageError, VsearchError, first_line

HUB = "https://huggingface.co"

OnSpeech = Callable[[float, float], None]
"""Called with the seconds of sound that are understood, and how many there are."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said in one film."""

    language: str
    """As whisper calls it: `en`, `de` ..."""
    cues: tuple[Cue, ...]
    """Times as a player counts them."""


def open_whisper(name: str, say: Callable[[str], None]) -> Any:
    """A `faster_whisper.WhisperModel`: a size (`tiny` to `large-v3`, `turbo`), a name on the hub, or a folder.

    What is not on this machine is fetched, which `say` tells. Raises UsageError for a size that there is not,
    ModelUnavailable where the package or the model cannot be had.
    """
    faster_whisper = import_extra("faster_whisper", "transcribe")
    folder, sizes = Path(name).expanduser(), faster_whisper.available_models()
    if not folder.is_dir() and "/" not in name and name not in sizes:
        raise UsageError(f"There is no whisper model {name!r}.", f"Choose a folder, or one of: {', '.join(sizes)}.")
    place = str(folder) if folder.is_dir() else name
    load = partial(faster_whisper.WhisperModel, place, device="auto", compute_type="auto")
    try:
        return load(local_files_only=True)
    except Exception as error:  # CTranslate2, tokenizers and the hub's client each have their own
        if folder.is_dir():
            raise _unavailable(name, error) from error
    try:
        _reach_hub()
        say(f"fetching the whisper model {name}, once")
        return load()
    except Exception as error:
        raise _unavailable(name, error) from error


def hear(model: Any, film: Path, language: str | None, on_speech: OnSpeech) -> Heard:
    """What is said in a film; stretches without speech are passed by. Raises CannotDecode."""
    start = _sound_start(film)
    cues: list[Cue] = []
    try:
        segments, info = model.transcribe(str(film), language=language, vad_filter=True)
        for said in segments:
            cues.append(Cue(start + said.start, start + said.end, said.text.strip(), ""))
            on_speech(said.end, info.duration)
    except Exception as error:
        raise CannotDecode("cannot-transcribe", f"cannot be transcribed: {first_line(str(error))}") from error
    return Heard(info.language, tuple(cues))


def _sound_start(film: Path) -> float:
    """Seconds that a player plays before the sound begins; whisper counts from there."""
    from indexer.sources.pyav import PyavSource

    with closing(PyavSource(film)) as source:
        container = source.container
        if not container.streams.audio:
            raise CannotDecode("no-sound", "no sound")
        sound = container.streams.audio[0]
        begins = float((sound.start_time or 0) * (sound.time_base or 0))
        return max(begins - (container.start_time or 0) / 1e6, 0.0)


def _reach_hub() -> None:
    """Raises ModelUnavailable soon where the hub is out of reach; its own client would try for minutes."""
    from search.encoders.download import Patience, connect

    connect(os.environ.get("HF_ENDPOINT") or HUB, Patience().connect)


def _unavailable(name: str, error: Exception) -> ModelUnavailable:
    reason = error.message if isinstance(error, VsearchError) else first_line(str(error))
    return ModelUnavailable(
        f"The whisper model {name} cannot be had: {reason.rstrip('.')}.",
        "Connect this machine for the first run, or name the folder of a converted model with --model.",
    )
