"""How much memory indexing takes at its peak, for long films and for many files: flat in both, under 2.5 GB.

    python -m benchmarks.memory             all cases, some 40 minutes
    python -m benchmarks.memory --quick     small ones, to see that it works

The full-size network is S3D with random weights: what it finds is nonsense, what it costs is not. Each case draws its
films, runs `vsearch index` on them in a process of its own and adds up the whole process tree a few times a second;
memory that processes share is counted once (PSS; USS where the system does not know it). Prints a table on stderr and
one JSON document on stdout; exits 1 when a case goes over the limit or fails.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np
import psutil  # type: ignore[import-untyped]
from numpy.typing import NDArray

from indexer.mp4 import write_mp4

LIMIT = 2.5e9
FPS = 25
FULL_SIZE = "s3d with random weights"
LOOK_EVERY = 0.25
INDEX = """
import sys
from search.encoders import registry
from tests.fakes import FakeEncoder
import vsearch
registry.register("fake", lambda settings: FakeEncoder())
vsearch.main()
"""


@dataclass(frozen=True)
class Case:
    name: str
    encoder: str
    files: int
    seconds: float
    """Of film, each file."""
    width: int
    height: int


@dataclass(frozen=True)
class Measured:
    name: str
    files: int
    clips: int
    film_seconds: float
    wall_seconds: float
    peak_bytes: int
    half_way_bytes: int
    """The peak of the first half of the run: memory that grows shows as a difference."""
    ok: bool


def choose_cases(quick: bool) -> list[Case]:
    share = 20 if quick else 1
    return [
        Case("long film, fake encoder", "fake", 1, 3 * 3600 / share, 640, 360),
        Case("many files, fake encoder", "fake", 10_000 // share, 2.0, 320, 240),
        Case("1080p, full-size network", FULL_SIZE, 1, 20 * 60 / share, 1920, 1080),
        Case("500 files, full-size network", FULL_SIZE, 500 // share, 3.2, 640, 360),
    ]


def encoder_of(case: Case, folder: Path) -> str:
    """What to write after `--encoder`; makes the full-size network where it is wanted."""
    if case.encoder != FULL_SIZE:
        return case.encoder
    words = f"from search.encoders.mini.export import *; build_and_export('s3d', Path({str(folder / 's3d')!r}))"
    subprocess.run([sys.executable, "-c", words], check=True, capture_output=True)
    return str(folder / "s3d")


def moving_square(seconds: float, width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    """A bright square that crosses a slope of colours."""
    slope = np.linspace(0, 200, width, dtype=np.uint8)[None, :, None]
    ground = np.broadcast_to(slope, (height, width, 3)).copy()
    side = height // 4
    for number in range(round(seconds * FPS)):
        picture = ground.copy()
        left = number * 8 % (width - side)
        picture[side : 2 * side, left : left + side] = (255, number % 256, 0)
        yield picture


def draw_films(case: Case, folder: Path) -> None:
    drawn = min(case.seconds, 20.0)
    first = folder / "0.mp4"
    write_mp4(first, moving_square(drawn, case.width, case.height), case.width, case.height, FPS)
    if case.seconds > drawn:
        repeat_film(first, folder / "long.mp4", round(case.seconds / drawn))
        first.unlink()
    for number in range(1, case.files):
        path = folder / f"{number // 500:03}" / f"{number}.mp4"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(first.read_bytes() + number.to_bytes(4, "big"))  # another fingerprint


def repeat_film(source: Path, target: Path, times: int) -> None:
    """Copies the packets of a film one after the other, without encoding them again."""
    with av.open(str(target), "w") as writing:
        with av.open(str(source)) as reading:
            stream = writing.add_stream_from_template(reading.streams.video[0])
            length = reading.streams.video[0].duration or 0
        for number in range(times):
            with av.open(str(source)) as reading:
                for packet in reading.demux(video=0):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.dts += number * length
                    packet.pts += number * length
                    packet.stream = stream
                    writing.mux(packet)


def tree_bytes(root: psutil.Process) -> int:
    """Memory of a process and all below it; what they share is counted once where the system can tell."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            info = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(info, "pss", info.uss)
    return total


def measure(case: Case, folder: Path) -> Measured:
    films = folder / "films"
    films.mkdir(parents=True)
    draw_films(case, films)
    words = [
        "--library",
        str(folder / "library"),
        "index",
        str(films),
        "--encoder",
        encoder_of(case, folder),
        *(["--classifiers", "none"] if case.encoder == "fake" else []),
        "--json",
    ]
    process = subprocess.Popen([sys.executable, "-c", INDEX, *words], stdout=subprocess.PIPE, text=True)
    seen: list[int] = []
    while process.poll() is None:
        try:
            seen.append(tree_bytes(psutil.Process(process.pid)))
        except psutil.NoSuchProcess:
            break
        time.sleep(LOOK_EVERY)
    document = json.loads(process.communicate()[0] or "{}")
    return Measured(
        case.name,
        case.files,
        document.get("clips", 0),
        document.get("film_seconds", 0.0),
        document.get("wall_seconds", 0.0),
        max(seen),
        max(seen[: len(seen) // 2]),
        process.returncode == 0 and max(seen) < LIMIT,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a twentieth of everything")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    chosen = parser.parse_args()
    measured = []
    for case in choose_cases(chosen.quick):
        if chosen.only not in case.name:
            continue
        folder = Path(tempfile.mkdtemp(prefix="vsearch-memory-"))
        try:
            measured.append(measure(case, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        one = measured[-1]
        print(
            f"{one.name:30} {one.files:6} files {one.film_seconds:8.0f} s film {one.wall_seconds:7.1f} s"
            f"  peak {one.peak_bytes / 1e6:6.0f} MB (first half {one.half_way_bytes / 1e6:6.0f} MB)",
            file=sys.stderr,
        )
    print(json.dumps({"limit_bytes": LIMIT, "cases": [asdict(one) for one in measured]}))
    return 0 if measured and all(one.ok for one in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
