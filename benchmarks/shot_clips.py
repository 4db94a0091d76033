"""What cuts do to answers: even clips, moments that end at cuts, and clips that lie inside shots.

    python -m benchmarks.shot_clips DIR [--encoder mini] [--kept FOLDER]

DIR holds drawn films with captions of their shots (`vsearch samples DIR --count 110 --seed 7411`). They are indexed
twice, with `--clips fixed` and `--clips shots`; `--kept` keeps the libraries for the next run. Every caption is asked
of all films. A result lands where its middle lies in the shot that was told of. Prints a table on stderr and one JSON
document on stdout.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from indexer.evaluating.captions_file import CaptionRow, read_captions
from search.contracts import Float32
from search.encoders.registry import open_encoder
from search.library import Library, open_library
from search.ranking.moments import Moment, ScoredClip, merge_neighbours

BEST = 200
"""Clips that are merged, as a search would."""


@dataclass(frozen=True)
class Measured:
    name: str
    clips: int
    """In the library."""
    questions: int
    r1: float
    r5: float
    r10: float
    """Questions of which one of the first k results lands."""
    r1_half: float
    """Questions of which the first result overlaps the shot by half or more (intersection over union)."""
    overlap_first: float
    """Mean overlap of the first result with the shot; 0 in another film."""
    overlap_landed: float
    """The same of the first result that lands, of all that there are."""


class Clips:
    """All clips of a library, and what is known of its films."""

    def __init__(self, library: Library) -> None:
        catalog = library.catalog
        rows = catalog.vectors_after(0, library.spec.dim)
        self.ids, self.vectors = rows.ids, rows.vectors
        self.spans = catalog.clips(rows.ids.tolist())
        self.films = {video.relpath: video.id for video in catalog.videos()}
        self.cuts = catalog.cuts(list(self.films.values()))

    def best(self, scores: Float32) -> list[ScoredClip]:
        found = []
        for row in np.argsort(-scores)[:BEST]:
            clip = self.spans[int(self.ids[row])]
            found.append(ScoredClip(clip.id, clip.video_id, clip.start, clip.end, float(scores[row])))
        return found

    def moments(self, scores: Float32) -> list[Moment]:
        return merge_neighbours(self.best(scores), self.cuts, float(scores.std()))


Result = ScoredClip | Moment


def overlap(result: Result, row: CaptionRow, film: int) -> float:
    """Intersection over union, 0..1."""
    assert row.candidate.start is not None
    assert row.candidate.end is not None
    if result.video_id != film:
        return 0.0
    shared = min(result.end, row.candidate.end) - max(result.start, row.candidate.start)
    return max(0.0, shared) / (max(result.end, row.candidate.end) - min(result.start, row.candidate.start))


def lands(result: Result, row: CaptionRow, film: int) -> bool:
    assert row.candidate.end is not None
    middle = (result.start + result.end) / 2
    return result.video_id == film and row.candidate.start <= middle < row.candidate.end


def measure(name: str, clips: Clips, rows: Sequence[CaptionRow], texts: Float32, merged: bool) -> Measured:
    places, first, landed = [], [], []
    for row, text in zip(rows, texts, strict=True):
        scores = clips.vectors @ text
        results: Sequence[Result] = clips.moments(scores) if merged else clips.best(scores)
        film = clips.films[row.candidate.path]
        place = next((n for n, result in enumerate(results) if lands(result, row, film)), len(clips.ids))
        places.append(place)
        first.append(overlap(results[0], row, film))
        if place < len(results):
            landed.append(overlap(results[place], row, film))
    at = np.array(places)
    r1, r5, r10 = (float((at < k).mean()) for k in (1, 5, 10))
    half = float((np.array(first) >= 0.5).mean())
    return Measured(name, len(clips.ids), len(rows), r1, r5, r10, half, float(np.mean(first)), float(np.mean(landed)))


def library_of(films: Path, folder: Path, encoder: str, clips: str) -> Clips:
    place = folder / clips
    words = ["--library", str(place), "index", str(films), "--encoder", encoder]
    words += ["--classifiers", "none", "--clips", clips]
    subprocess.run([sys.executable, "-m", "vsearch", *words], check=True, stdout=subprocess.DEVNULL)
    with open_library(place) as library:
        return Clips(library)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", type=Path, help="a folder of drawn films")
    parser.add_argument("--encoder", default="mini")
    parser.add_argument("--kept", type=Path, help="where the libraries stay")
    chosen = parser.parse_args()
    rows = read_captions(chosen.films / "captions.csv")
    texts = open_encoder(chosen.encoder).encode_texts([row.caption for row in rows])
    with tempfile.TemporaryDirectory(prefix="vsearch-shots-") as place:
        folder = chosen.kept or Path(place)
        fixed, shots = (library_of(chosen.films, folder, chosen.encoder, clips) for clips in ("fixed", "shots"))
        measured = [
            measure("fixed", fixed, rows, texts, merged=False),
            measure("fixed, moments end at cuts", fixed, rows, texts, merged=True),
            measure("shots", shots, rows, texts, merged=False),
            measure("shots, moments", shots, rows, texts, merged=True),
        ]
    for one in measured:
        figures = f"{one.r1:.3f} / {one.r5:.3f} / {one.r10:.3f}  {one.r1_half:.3f}"
        print(
            f"{one.name:28} {one.clips:5} clips  {figures}  {one.overlap_first:.3f}  {one.overlap_landed:.3f}",
            file=sys.stderr,
        )
    print(json.dumps({"cases": [asdict(one) for one in measured]}))


if __name__ == "__main__":
    main()
