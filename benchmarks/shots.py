"""How well cuts are found, and what finding them adds to the time of indexing, all in one run.

    python -m benchmarks.shots found DIR [--clips REAL]
    python -m benchmarks.shots cost DIR [--repeats 3]

`found`: DIR holds drawn films with their truth (`vsearch samples DIR`); from a folder REAL of real clips, films are
joined of a second or more of each, so that their cuts are known. PySceneDetect's detectors are given the same looks,
each at its defaults. A cut is found when one is told at most 0.2 s from it.

`cost`: the films in DIR are indexed with and without looking for cuts, with `mini` and with the full-size network
(S3D with random weights), and decoded alone, with and without. Seconds of processor time of all processes, the median
of the repeats; the loading of networks counts. Prints a table on stderr and one JSON document on stdout.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scenedetect.common import FrameTimecode  # type: ignore[import-untyped]
from scenedetect.detectors import (  # type: ignore[import-untyped]
    AdaptiveDetector,
    ContentDetector,
    HashDetector,
    HistogramDetector,
)

from indexer.decoding.child import Message, Request, Shown, decode_file
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from indexer.decoding.shots import LOOKS, SHORTEST
from indexer.mp4 import write_mp4
from indexer.sources.base import Tap
from indexer.sources.registry import find_source
from search.contracts import UInt8
from search.encoders.mini.export import build_and_export

NEAR = 0.2
"""Seconds."""
RATE, WIDTH, HEIGHT = 25, 320, 180
"""Of joined films."""
DETECTORS: dict[str, Callable[[], Any]] = {
    "adaptive": lambda: AdaptiveDetector(min_scene_len=SHORTEST),
    "content": lambda: ContentDetector(min_scene_len=SHORTEST),
    "histogram": lambda: HistogramDetector(min_scene_len=SHORTEST),
    "hash": lambda: HashDetector(min_scene_len=SHORTEST),
}
PLAN = ClipPlan(16, 5.0, 112)
WITHOUT = """
import sys
from indexer.finding.changes import Work
from indexer.recipe import SHOTS
made = Work.makes
Work.makes = lambda work, part: part != SHOTS and made(work, part)
import vsearch
vsearch.main()
"""
Truth = tuple[Path, list[float]]
"""A film and its cuts."""


@dataclass(frozen=True)
class Found:
    films: str
    finder: str
    cuts: int
    f1: float
    precision: float
    recall: float
    off: float
    """Seconds that a found cut is off, on the mean."""


@dataclass(frozen=True)
class Cost:
    work: str
    film_seconds: float
    without: float
    """Seconds of processor time."""
    added: float


def drawn(folder: Path) -> list[Truth]:
    films = json.loads((folder / "truth.json").read_text())["films"]
    return [(folder / film["path"], [shot["start"] for shot in film["shots"][1:]]) for film in films]


def shown(film: Path, tap: Tap) -> Iterator[tuple[float, UInt8]]:
    """What a tap shows, once each, and when."""
    pictures: list[tuple[float, UInt8]] = []

    def take(message: Message, picture: UInt8 | None) -> None:
        if isinstance(message, Shown) and picture is not None:
            pictures.append((message.steps.start / tap.fps, picture))

    decode_file(Request(str(film), (tap,), 0.0, None), find_source(), take)
    yield from pictures


def joined(clips: Sequence[Path], folder: Path, count: int = 40) -> list[Truth]:
    """Films of five clips each, 1 to 4 s of each."""
    rng = random.Random(3)
    films = []
    for number in range(count):
        frames: list[UInt8] = []
        cuts = []
        for clip in rng.sample(clips, 5):
            part = [picture for _, picture in shown(clip, Tap("join", RATE, WIDTH, HEIGHT, "crop"))]
            part = part[: int(RATE * rng.uniform(1, 4))]
            if len(part) >= SHORTEST * RATE:
                cuts.append(len(frames) / RATE)
                frames += part
        films.append((folder / f"{number:02}.mp4", cuts[1:]))
        write_mp4(films[-1][0], frames, WIDTH, HEIGHT, RATE)
    return films


def ours(film: Path, decoder: Decoder) -> list[float]:
    for _ in decoder.decode_all(film, None, cuts=True):
        pass
    return decoder.cuts


def theirs(looks: Sequence[tuple[float, UInt8]], detector: Any) -> list[float]:
    told = (detector.process_frame(FrameTimecode(time, LOOKS.fps), picture) for time, picture in looks)
    return [cut.seconds for cuts in told for cut in cuts]


def compare(films: str, finder: str, pairs: Sequence[tuple[list[float], list[float]]]) -> Found:
    """Of found and true cuts, film by film."""
    off: list[float] = []
    for found, true in pairs:
        left = list(true)
        for cut in found:
            nearest = min(left, key=lambda one, cut=cut: abs(one - cut), default=None)  # type: ignore[misc]
            if nearest is not None and abs(nearest - cut) <= NEAR:
                left.remove(nearest)
                off.append(abs(nearest - cut))
    told, there = sum(len(found) for found, _ in pairs), sum(len(true) for _, true in pairs)
    precision, recall = len(off) / max(told, 1), len(off) / max(there, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Found(films, finder, there, f1, precision, recall, statistics.fmean(off or [0.0]))


def measure_found(name: str, films: Sequence[Truth]) -> Iterator[Found]:
    pairs: dict[str, list[tuple[list[float], list[float]]]] = {finder: [] for finder in ("vsearch", *DETECTORS)}
    with Decoder() as decoder:
        for film, cuts in films:
            pairs["vsearch"].append((ours(film, decoder), cuts))
            looks = [(time, np.ascontiguousarray(picture[..., ::-1])) for time, picture in shown(film, LOOKS)]
            for finder, make in DETECTORS.items():
                pairs[finder].append((theirs(looks, make()), cuts))
    yield from (compare(name, finder, found) for finder, found in pairs.items())


def processor_time(do: Callable[[], object]) -> float:
    """Seconds that this process and the children that end meanwhile take."""

    def taken() -> float:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = taken()
    do()
    return taken() - before


def decode(films: Sequence[Path], cuts: bool) -> None:
    with Decoder() as decoder:
        for film in films:
            for _ in decoder.decode_all(film, PLAN, cuts=cuts):
                pass


def index(films: Path, library: Path, encoder: str, cuts: bool) -> None:
    start = ["-m", "vsearch"] if cuts else ["-c", WITHOUT]
    words = ["--library", str(library), "index", str(films), "--encoder", encoder, "--classifiers", "none"]
    subprocess.run([sys.executable, *start, *words], check=True, stdout=subprocess.DEVNULL)


def measure_cost(folder: Path, place: Path, repeats: int) -> Iterator[Cost]:
    films = drawn(folder)
    seconds = sum(film["duration"] for film in json.loads((folder / "truth.json").read_text())["films"])
    build_and_export("s3d", place / "s3d")
    works: dict[str, Callable[[bool, int], None]] = {
        "decoding": lambda cuts, _: decode([film for film, _ in films], cuts),
        "mini": lambda cuts, n: index(folder, place / f"mini-{cuts}-{n}", "mini", cuts),
        "s3d, random weights": lambda cuts, n: index(folder, place / f"s3d-{cuts}-{n}", str(place / "s3d"), cuts),
    }
    for name, work in works.items():
        took: dict[bool, list[float]] = {False: [], True: []}
        for repeat in range(repeats):
            for cuts in (False, True):
                took[cuts].append(processor_time(lambda: work(cuts, repeat)))  # noqa: B023
        without, with_cuts = (statistics.median(took[cuts]) for cuts in (False, True))
        yield Cost(name, seconds, without, with_cuts - without)


def measure(what: str, films: Path, clips: Path | None, repeats: int, place: Path) -> Iterator[Found | Cost]:
    if what == "cost":
        yield from measure_cost(films, place, repeats)
        return
    yield from measure_found("drawn", drawn(films))
    if clips:
        yield from measure_found("joined", joined(sorted(clips.rglob("*.mp4")), place))


def line(one: Found | Cost) -> str:
    if isinstance(one, Cost):
        share = one.added / one.without
        return f"{one.work:20} {one.without:7.2f} s without, {one.added:+6.2f} s for cuts ({share:+.1%})"
    figures = f"F1 {one.f1:.3f}  precision {one.precision:.3f}  recall {one.recall:.3f}  off {one.off:.3f} s"
    return f"{one.films:8} {one.finder:10} {one.cuts:4} cuts  {figures}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["found", "cost"])
    parser.add_argument("films", type=Path, help="a folder of drawn films")
    parser.add_argument("--clips", type=Path, help="a folder of real clips")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    measured = []
    with tempfile.TemporaryDirectory(prefix="vsearch-shots-") as place:
        for one in measure(chosen.what, chosen.films, chosen.clips, chosen.repeats, Path(place)):
            print(line(one), file=sys.stderr, flush=True)
            measured.append(asdict(one))
    print(json.dumps({"measured": measured}))


if __name__ == "__main__":
    main()
