"""What classifiers add to the time of indexing, as shares of the time without any, all in one run.

    python -m benchmarks.classifying [--films DIR | --seconds 120] [--repeats 3]

With `mini` and with the full-size network (S3D with random weights: what it finds is nonsense, what it costs is not)
the same films are indexed with no classifier, with each alone and with several. Films are drawn unless a folder is
named; the faces of real ones cost `emotion` more. The median of the repeats counts, the loading of networks included.
Prints a table on stderr and one JSON document on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from search.encoders.mini.export import build_and_export

FULL_SIZE = "s3d with random weights"
CASES = ("none", "emotion", "activity", "characters", "emotion,characters", "emotion,activity,characters")


@dataclass(frozen=True)
class Measured:
    encoder: str
    classifiers: str
    film_seconds: float
    wall_seconds: float
    """The median."""
    added: float
    """Share of the time without classifiers."""


def run(*words: str) -> str:
    command = [sys.executable, "-m", "vsearch", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def seconds_to_index(films: Path, library: Path, encoder: str, classifiers: str) -> tuple[float, float]:
    """Seconds of film, and of time to make a library of it."""
    words = ["--library", str(library), "index", str(films), "--encoder", encoder, "--classifiers", classifiers]
    document = json.loads(run(*words, "--characters", "drawn", "--json"))
    return document["film_seconds"], document["wall_seconds"]


def measure(films: Path, folder: Path, encoder: str, name: str, repeats: int) -> list[Measured]:
    took: dict[str, list[float]] = {classifiers: [] for classifiers in CASES}
    for repeat in range(repeats):  # case by case within a repeat: a busy minute then hits all alike
        for number, classifiers in enumerate(CASES):
            library = folder / f"{Path(encoder).name}-{repeat}-{number}"
            film_seconds, wall = seconds_to_index(films, library, encoder, classifiers)
            took[classifiers].append(wall)
    alone = statistics.median(took["none"])
    medians = {classifiers: statistics.median(took[classifiers]) for classifiers in CASES}
    return [Measured(name, case, film_seconds, wall, wall / alone - 1) for case, wall in medians.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=Path, help="a folder of films")
    parser.add_argument("--seconds", type=float, default=120.0, help="of drawn film, about")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vsearch-classifiers-") as place:
        folder = Path(place)
        os.environ["VSEARCH_MODELS"] = str(folder / "models")
        films = chosen.films or folder / "films"
        if not chosen.films:
            run("samples", str(films), "--count", str(max(1, round(chosen.seconds / 20))), "--size", "640x360")
        build_and_export("s3d", folder / "s3d")
        measured = measure(films, folder, "mini", "mini", chosen.repeats)
        measured += measure(films, folder, str(folder / "s3d"), FULL_SIZE, chosen.repeats)
    for one in measured:
        pace = one.film_seconds / one.wall_seconds
        print(
            f"{one.encoder:24} {one.classifiers:28} {one.wall_seconds:7.1f} s  {pace:5.1f}x real time"
            f"  {one.added:+7.1%}",
            file=sys.stderr,
        )
    print(json.dumps({"cases": [asdict(one) for one in measured]}))


if __name__ == "__main__":
    main()
