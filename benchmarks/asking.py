"""How long asking takes: a cold `vsearch search`, and a warm one, in a library of many clips.

    python -m benchmarks.asking [--clips 10000]

The cold figure stands beside that of Python importing the same libraries and doing nothing, in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from search.catalog.records import FileFacts, NewClip, NewVideo, VideoFacts, VideoState
from search.library import Library, open_library
from search.query import SearchRequest
from search.service import SearchService

CLIPS_A_FILM = 100
IMPORTS = "import click, numpy, sqlalchemy.orm, faiss, rich.table"
QUESTION = "a dog runs on the beach"


def fill(library: Library, clips: int) -> None:
    """Films of random clips: asking costs the same whatever they show."""
    rng, root = np.random.default_rng(1), library.catalog.add_root(Path("/films"))
    for film in range(clips // CLIPS_A_FILM):
        vectors = rng.normal(size=(CLIPS_A_FILM, library.spec.dim)).astype(np.float32)
        rows = [NewClip(3.2 * n, 3.2 * n + 3.2, vector) for n, vector in enumerate(vectors)]
        name = f"film_{film:05}.mp4"
        facts = VideoFacts(320.0, 640, 360, 25.0, "h264", "mov")
        library.catalog.save_video(
            NewVideo(root.id, name, FileFacts(1, 1, name), VideoState.INDEXED, "recipe", facts=facts, clips=rows)
        )
    library.vectors.fold(force=True)


def seconds_of(command: list[str], environment: dict[str, str], runs: int = 9) -> float:
    """The median of several runs."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=10_000)
    parser.add_argument("--encoder", default="mini")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VSEARCH_LIBRARY": folder, "VSEARCH_MODELS": f"{folder}/models"}
        os.environ.update(environment)
        with open_library(Path(folder), encoder=wanted.encoder, create=True) as library:
            fill(library, wanted.clips)
            service = SearchService(library)
            service.warm()
            warm = [service.search(SearchRequest(f"{QUESTION} {n}")).took_ms for n in range(200)]
        cold = seconds_of([sys.executable, "-m", "vsearch", "search", QUESTION], environment)
        bare = seconds_of([sys.executable, "-c", IMPORTS], environment)
    print(f"{wanted.clips:,} clips of {wanted.encoder}")
    print(f"cold `vsearch search`     {cold:.3f} s  ({cold / bare:.2f} times the imports alone, {bare:.3f} s)")
    print(f"warm search, new question {statistics.median(warm):.2f} ms median, {max(warm):.2f} ms at most")


if __name__ == "__main__":
    main()
