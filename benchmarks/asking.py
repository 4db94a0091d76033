"""How long asking takes: a cold `vsearch search`, and a service that is kept, beside a bare FAISS call.

    python -m benchmarks.asking [--clips 100000] [--cold-clips 10000]

The cold figure stands beside that of Python importing the same libraries and doing nothing. The service is asked in a
library of random vectors of 512 numbers: asking costs the same whatever clips show. Text encoding is cached.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from search.asking.result_search import POOL
from search.catalog.records import FileFacts, NewClip, NewVideo, Segment, VideoFacts, VideoState
from search.contracts import EncoderSpec, Float32, UInt8
from search.library import Library, open_library
from search.query import SearchRequest
from search.service import SearchService

CLIPS_A_FILM, CLIP_SECONDS = 100, 3.2
IMPORTS = "import click, numpy, sqlalchemy.orm, faiss, rich.table"
QUESTION = "a dog runs on the beach"
QUESTIONS = [f"{QUESTION} {number}" for number in range(50)]
THREADS, OFFERED = 4, 200
"""Threads that ask, and questions a second that are offered to them."""
DIM = 512


class RandomEncoder:
    """Sentences and clips to random vectors, each its own."""

    spec = EncoderSpec("random", "0" * 64, DIM, 16, 5.0, 112)

    def encode_clips(self, clips: UInt8) -> Float32:
        return self.encode_texts([str(zlib.crc32(clip.tobytes())) for clip in clips])

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=DIM) for text in texts]
        return np.array(rows, np.float32).reshape(-1, DIM)

    def unknown_words(self, text: str) -> list[str]:
        return []


def fill(library: Library, clips: int) -> None:
    """Films of random clips; `share=all` is a tag of every clip, `share=few` of one in a thousand."""
    rng, root = np.random.default_rng(1), library.catalog.add_root(Path("/films"))
    for film in range(clips // CLIPS_A_FILM):
        vectors = rng.normal(size=(CLIPS_A_FILM, library.spec.dim)).astype(np.float32)
        rows = [NewClip(CLIP_SECONDS * n, CLIP_SECONDS * (n + 1), vector) for n, vector in enumerate(vectors)]
        seconds, name = CLIP_SECONDS * CLIPS_A_FILM, f"film_{film:05}.mp4"
        few = [Segment("share", "few", 3.3, 6.3, 1.0)] if film % 10 == 0 else []
        library.catalog.save_video(
            NewVideo(
                root.id,
                name,
                FileFacts(1, 1, name),
                VideoState.INDEXED,
                "recipe",
                facts=VideoFacts(seconds, 640, 360, 25.0, "h264", "mov"),
                clips=rows,
                segments=[Segment("share", "all", 0.0, seconds, 1.0), *few],
            )
        )
    library.vectors.fold(force=True)


def milliseconds(work: Callable[[int], object], runs: int = 300) -> tuple[float, float, float]:
    """The median and the 95th percentile of the time, and the mean of the processor's, of one call."""
    took, began_cpu = [], time.process_time()
    for run in range(runs):
        began = time.perf_counter()
        work(run)
        took.append((time.perf_counter() - began) * 1000)
    processor = (time.process_time() - began_cpu) * 1000 / runs
    return statistics.median(took), float(np.percentile(took, 95)), processor


def report_service(clips: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_library(Path(folder), encoder=RandomEncoder(), create=True) as library,
    ):
        fill(library, clips)
        service = SearchService(library)
        service.warm()

        def ask(number: int, tag: str = "") -> None:
            service.search(SearchRequest(f"{QUESTIONS[number % len(QUESTIONS)]}{tag}", facets=False))

        def bare(number: int) -> None:
            library.vectors.search(vectors[number % len(vectors)], POOL, generation=0)

        vectors = RandomEncoder().encode_texts(QUESTIONS)
        for number, tag in itertools.product(range(len(QUESTIONS)), ["", " share:all", " share:few"]):
            ask(number, tag)
        print(f"{clips:,} clips of {DIM} numbers; milliseconds: median, 95th percentile, processor")
        rows: dict[str, Callable[[int], object]] = {
            f"the {POOL} nearest, FAISS alone": bare,
            "a search": ask,
            "with a tag of every clip": lambda number: ask(number, " share:all"),
            "with a tag of 0.1 %": lambda number: ask(number, " share:few"),
        }
        for name, work in rows.items():
            print(f"{name:34}" + "".join(f"{value:8.2f}" for value in milliseconds(work)))
        report_load(ask)


def report_load(ask: Callable[[int], None], seconds: float = 10.0) -> None:
    """As many as can be asked, and the time from the moment on which each of 200 a second is due."""
    with ThreadPoolExecutor(THREADS) as threads:
        count, began = 1000, time.perf_counter()
        list(threads.map(ask, range(count)))
        print(f"{THREADS} threads: {count / (time.perf_counter() - began):.0f} searches a second")
        waited: list[float] = []
        begin, lock = time.perf_counter() + 0.1, threading.Lock()

        def ask_when_due(number: int) -> None:
            due = begin + number / OFFERED
            time.sleep(max(0.0, due - time.perf_counter()))
            ask(number)
            with lock:
                waited.append((time.perf_counter() - due) * 1000)

        list(threads.map(ask_when_due, range(int(seconds * OFFERED))))
    median, most = np.percentile(waited, [50, 95])
    print(f"offered {OFFERED} a second: {median:.1f} ms median, {most:.1f} ms 95th percentile")


def seconds_of(command: list[str], environment: dict[str, str], runs: int = 9) -> float:
    """The median of several runs."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def report_cold(clips: int, encoder: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"VSEARCH_LIBRARY": folder, "VSEARCH_MODELS": f"{folder}/models"}
        os.environ.update(environment)
        with open_library(Path(folder), encoder=encoder, create=True) as library:
            fill(library, clips)
            SearchService(library).warm()
        cold = seconds_of([sys.executable, "-m", "vsearch", "search", QUESTION], environment)
        bare = seconds_of([sys.executable, "-c", IMPORTS], environment)
    print(f"{clips:,} clips of {encoder}")
    print(f"cold `vsearch search`  {cold:.3f} s  ({cold / bare:.2f} times the imports alone, {bare:.3f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("--cold-clips", type=int, default=10_000)
    parser.add_argument("--encoder", default="mini")
    wanted = parser.parse_args()
    report_cold(wanted.cold_clips, wanted.encoder)
    report_service(wanted.clips)


if __name__ == "__main__":
    main()
