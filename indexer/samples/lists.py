"""The lists that go with drawn films: what is said of each shot, and the truth about it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.samples.captions import Caption
from indexer.samples.ceiling import Ceiling, ceiling
from indexer.samples.script import FPS, Film, Shot


@dataclass(frozen=True, slots=True)
class Row:
    """One caption of one shot."""

    film: int
    """Its number, from 1."""
    start: float
    end: float
    """The shot's, in seconds of the film."""
    shot: Shot
    caption: Caption
    twin: int = 0
    """The number of a film that is equal but for the motion, where there is one."""
    contrast: str = ""
    """What the twin differs in."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Films to draw, and what is said of their shots."""

    films: tuple[Film, ...]
    rows: tuple[Row, ...]

    def first(self, count: int) -> Programme:
        """Its first `count` films, with the rows that speak of them and of no other."""
        return Programme(self.films[:count], tuple(row for row in self.rows if max(row.film, row.twin) <= count))

    def ceiling(self) -> Ceiling:
        """The best that any encoder could do when it is asked for these shots."""
        return ceiling([(row.shot, row.caption) for row in self.rows])


def film_name(number: int) -> str:
    return f"film_{number:04d}.mp4"


def captions_csv(rows: Sequence[Row]) -> str:
    """`path,start,end,caption`, with `twin,contrast` where films have twins; times in seconds."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    paired = any(row.twin for row in rows)
    lines.writerow(["path", "start", "end", "caption", *(["twin", "contrast"] if paired else [])])
    for row in rows:
        pair = [film_name(row.twin), row.contrast] if paired else []
        lines.writerow([film_name(row.film), f"{row.start:.2f}", f"{row.end:.2f}", row.caption.text, *pair])
    return text.getvalue()


def truth(films: Sequence[Film], seed: int) -> dict[str, Any]:
    """Who, where, what and how by time range (seconds), as a document ready for JSON."""
    return {"schema": 1, "seed": seed, "fps": FPS, "films": [_film_truth(n, film) for n, film in enumerate(films, 1)]}


def _film_truth(number: int, film: Film) -> dict[str, Any]:
    spans = [(round(start, 2), round(end, 2)) for start, end in film.spans()]
    shots = list(zip(film.shots, spans, strict=True))
    return {
        "path": film_name(number),
        "duration": round(film.duration, 2),
        "shots": [
            {"start": start, "end": end, "characters": list(shot.characters), "activity": shot.activity,
             "emotion": shot.emotion, "scene": shot.scene, "camera": shot.camera, "light": shot.light}
            for shot, (start, end) in shots
        ],
        "characters": _ranges((name, span) for shot, span in shots for name in shot.characters),
        "emotions": _ranges((shot.emotion, span) for shot, span in shots),
        "activities": _ranges((shot.activity, span) for shot, span in shots),
        "scenes": _ranges((shot.scene, span) for shot, span in shots),
    }  # fmt: skip


def _ranges(labelled: Iterable[tuple[str, tuple[float, float]]]) -> dict[str, list[list[float]]]:
    """Time ranges by label, in order; those that touch are one."""
    ranges: dict[str, list[list[float]]] = {}
    for label, (start, end) in labelled:
        known = ranges.setdefault(label, [])
        if known and known[-1][1] == start:
            known[-1][1] = end
        else:
            known.append([start, end])
    return ranges
