"""Films to files of what is said in them, and into the library where it knows the film."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from indexer.cues.sidecars import WORDS, look_beside, words_part
from indexer.cues.webvtt import webvtt
from indexer.cues.whisper import hear, open_whisper
from indexer.decoding.decode import Decoder
from indexer.finding.given import no_film
from indexer.recipe import with_parts
from indexer.reporting.report import Failure
from indexer.sources.base import CannotDecode
from indexer.whole_file import make_folder, whole_file
from search.answer import printable
from search.errors import LibraryMissing, VsearchError
from search.library import open_library

OnFilm = Callable[[Path, float, float], None]
"""Called with the film, the seconds of it that are understood, and how many there are."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What became of one film."""

    path: str
    sidecar: str
    language: str
    cues: int
    stored: bool
    """Whether the library knows the film, and the words now."""


@dataclass(slots=True)
class Transcripts:
    model: str
    written: list[Transcript] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Files that were there already."""
    failures: list[Failure] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {"schema": 1, **asdict(self)}


def transcribe(
    films: Sequence[Path],
    model: str = "small",
    *,
    language: str | None = None,
    out: Path | None = None,
    force: bool = False,
    location: Path | None = None,
    on_film: OnFilm,
    say: Callable[[str], None],
) -> Transcripts:
    """Writes `film.vtt` beside each film (or in `out`), and stores its words if the library at `location` knows it.

    A file that is there is kept, unless `force`. The model is opened only if there is work. A film that fails is in
    the result. Raises PathNotFound, UsageError and ModelUnavailable.
    """
    if missing := [film for film in films if not film.is_file()]:
        raise no_film(missing[0])
    result = Transcripts(model)
    paths = [Path(os.path.abspath(film)) for film in films]  # noqa: PTH100  (resolve follows links)
    places = {film: (out.absolute() if out else film.parent) / f"{film.stem}.vtt" for film in paths}
    work = {film: place for film, place in places.items() if force or not place.exists()}
    result.kept = [printable(str(place)) for film, place in places.items() if film not in work]
    if not work:
        return result
    whisper = open_whisper(model, say)
    for film, place in work.items():
        try:
            heard = hear(whisper, film, language, partial(on_film, film))
            _write(place, webvtt(heard.cues, f"by vsearch transcribe, whisper {Path(model).name}, {heard.language}"))
            stored = store_words(film, place, location)
        except (CannotDecode, VsearchError) as error:
            result.failures.append(Failure(printable(str(film)), error.code, _reason(error)))
        else:
            shown = printable(str(film)), printable(str(place))
            result.written.append(Transcript(*shown, heard.language, len(heard.cues), stored))
    return result


def store_words(film: Path, place: Path, location: Path | None = None) -> bool:
    """Reads the words of a film anew into the library at `location`, as indexing does.

    Whether it did: the library must know the film, and `place` be where indexing looks for its words.
    """
    try:
        with open_library(location) as library, Decoder() as decoder:
            video = next((video for video in library.catalog.videos() if video.path == film and video.clips), None)
            sidecars = look_beside()(film)
            if video is None or place not in {sidecar.path for sidecar in sidecars}:
                return False
            words = decoder.read_words(film, sidecars, video.facts.duration)
            recipe = with_parts(video.recipe, words_part(sidecars), {WORDS})
            library.catalog.save_cues(video.id, recipe, words.cues)
            return True
    except LibraryMissing:
        return False


def _write(place: Path, text: str) -> None:
    make_folder(place.parent)
    with whole_file(place) as part:
        part.write_text(text, encoding="utf-8")


def _reason(error: CannotDecode | VsearchError) -> str:
    return error.message if isinstance(error, VsearchError) else error.reason
