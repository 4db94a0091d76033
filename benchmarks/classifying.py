"""What classifiers add to the time of indexing, as shares of the time without any, all in one run.

    python -m benchmarks.classifying [--films DIR | --seconds 120] [--repeats 3]

With `mini` and with the full-size network (S3D with random weights: what it finds is nonsense, what it costs is not)
the same films are indexed with no classifier, with each alone and with several. Films are drawn unless a folder is
named; the faces of real ones cost `emotion` more. The median of the repeats counts, the loading of networks included.
Seconds of processor are counted too, of all cores together: others at work on the machine change them less.
Prints a table on stderr and one JSON document on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
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
    cpu_seconds: float
    """The median, of all cores together."""
    cpu_added: float


def run(*words: str) -> str:
    command = [sys.executable, "-m", "vsearch", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def seconds_to_index(films: Path, library: Path, encoder: str, classifiers: str) -> tuple[float, float, float]:
    """Seconds of film, of time to make a library of it, and of processor."""
    words = ["--library", str(library), "index", str(films), "--encoder", encoder, "--classifiers", classifiers]
    before = cpu_seconds()
    document = json.loads(run(*words, "--characters", "drawn", "--json"))
    return document["film_seconds"], document["wall_seconds"], cpu_seconds() - before


def cpu_seconds() -> float:
    """Of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(films: Path, folder: Path, encoder: str, name: str, repeats: int) -> list[Measured]:
    took: dict[str, list[tuple[float, float]]] = {classifiers: [] for classifiers in CASES}
    for repeat in range(repeats):  # case by case within a repeat: a busy minute then hits all alike
        for number, classifiers in enumerate(CASES):
            library = folder / f"{Path(encoder).name}-{repeat}-{number}"
            film_seconds, *seconds = seconds_to_index(films, library, encoder, classifiers)
            took[classifiers].append((seconds[0], seconds[1]))
    medians = {case: [statistics.median(column) for column in zip(*rows, strict=True)] for case, rows in took.items()}
    alone, cpu_alone = medians["none"]
    return [
        Measured(name, case, film_seconds, wall, wall / alone - 1, cpu, cpu / cpu_alone - 1)
        for case, (wall, cpu) in medians.items()
    ]


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
            f"  {one.added:+7.1%}  processor {one.cpu_seconds:6.1f} s  {one.cpu_added:+7.1%}",
            file=sys.stderr,
        )
    print(json.dumps({"cases": [asdict(one) for one in measured]}))


if __name__ == "__main__":
    main()
